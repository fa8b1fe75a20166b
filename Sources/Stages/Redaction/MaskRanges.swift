import Entries

/// One stretch of a text that must not leave the host.
struct MaskRange: BitwiseCopyable {
    enum Form: BitwiseCopyable {
        /// Inside a JSON string: escapes stand for bytes.
        case string
        /// Anything else: bytes stand for themselves.
        case plain
    }

    let start: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    let form: Form
    /// Written on both sides of the replacement: the quotes that the value lacks for the text to stay JSON.
    let quote: Bytes

    init(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ form: Form, quote: Bytes = .empty) {
        self.start = start
        self.end = end
        self.form = form
        self.quote = quote
    }
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

    mutating func append(_ range: MaskRange) {
        if count == capacity { grow() }
        (memory + count).initialize(to: range)
        count += 1
    }

    /// Puts another range in the place of number `index`.
    mutating func replace(_ index: Int, with range: MaskRange) { memory[index] = range }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<MaskRange>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: memory, count: count)
        memory.deallocate()
        memory = larger
        capacity *= 2
    }

    func deallocate() { memory.deallocate() }
}
