import Entries
import Glibc

/// The labels of a target, ready to be laid under an entry: images of the label and register files, copied whole.
///
/// Owns its memory until ``deallocate()``; the values of the images point into it.
final class LabelBase {
    /// What the files of an entry hold when it starts.
    struct Images {
        let labels: UnsafeMutableBufferPointer<Value>
        /// All labels are copied into the extracted map (stages.md 0.2).
        let registers: UnsafeMutableBufferPointer<Value>

        @inline(__always)
        func copy(
            to registerFile: UnsafeMutableBufferPointer<Value>,
            _ labelFile: UnsafeMutableBufferPointer<Value>
        ) {
            Self.copy(registers, to: registerFile)
            Self.copy(labels, to: labelFile)
        }

        @inline(__always)
        private static func copy(
            _ image: UnsafeMutableBufferPointer<Value>,
            to file: UnsafeMutableBufferPointer<Value>
        ) {
            guard let source = image.baseAddress, let target = file.baseAddress else { return }
            target.update(from: source, count: image.count)
        }
    }

    let labels: [(name: String, value: [UInt8])]
    let images: Images
    private let bytes: UnsafeMutablePointer<UInt8>

    init(_ labels: [(name: String, value: [UInt8])], touched: [String], registers: [String]) {
        self.labels = labels
        bytes = .allocate(capacity: labels.reduce(64) { $0 + $1.value.count })
        let labelImage = UnsafeMutableBufferPointer<Value>.allocate(capacity: max(touched.count, 1))
        let registerImage = UnsafeMutableBufferPointer<Value>.allocate(capacity: max(registers.count, 1))
        images = Images(labels: labelImage, registers: registerImage)
        labelImage.initialize(repeating: .absent)
        registerImage.initialize(repeating: .absent)
        var next = bytes
        for (name, value) in labels {
            memcpy(next, value, value.count)
            let stored = Value.string(Bytes(next, count: value.count))
            next += value.count
            if let index = touched.firstIndex(of: name) { labelImage[index] = stored }
            if let index = registers.firstIndex(of: name) { registerImage[index] = stored }
        }
    }

    func deallocate() {
        bytes.deallocate()
        images.labels.deallocate()
        images.registers.deallocate()
    }
}
