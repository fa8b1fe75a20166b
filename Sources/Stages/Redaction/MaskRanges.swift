import Entries
import Glibc

/// One stretch of a text that must not leave the host.
struct MaskRange {
    enum Form: UInt8 {
        /// Inside quotes that stay.
        case content
        /// A JSON value that is not a string: the replacement is written with quotes, so that the JSON stays valid.
        case value
    }
    let start: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    let form: Form
}

/// The stretches found in one text, in order, without overlap; memory is kept from text to text.
///
/// Owned by a scan; freed by its owner with ``deallocate()``.
struct MaskRanges {
    private(set) var count = 0
    private var capacity = 64
    private var memory = UnsafeMutablePointer<MaskRange>.allocate(capacity: 64)

    subscript(index: Int) -> MaskRange { memory[index] }
    var isEmpty: Bool { count == 0 }

    mutating func removeAll() { count = 0 }

    /// Takes back what was found after the first `count`.
    mutating func removeLast(downTo count: Int) { self.count = count }

    mutating func append(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ form: MaskRange.Form) {
        if count == capacity { grow() }
        (memory + count).initialize(to: MaskRange(start: start, end: end, form: form))
        count += 1
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<MaskRange>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: memory, count: count)
        memory.deallocate()
        memory = larger
        capacity *= 2
    }

    func deallocate() { memory.deallocate() }
}
