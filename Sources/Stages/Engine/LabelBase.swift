import Entries
import Glibc

/// The labels of a target, ready to be laid under an entry: images of the label and register files, copied whole.
///
/// Owns its memory until ``deallocate()``; the values of the images point into it.
final class LabelBase {
    /// What the files of an entry hold when it starts.
    struct Images {
        /// The register file, since all labels are copied into the extracted map (stages.md 0.2), and behind it the
        /// label file.
        let registers: UnsafeMutablePointer<Value>
        let count: Int
        /// The number of the label set of an entry whose labels no stage has touched; negative while unknown.
        var untouchedSet: Int32 = -1

        @inline(__always)
        func copy(to files: UnsafeMutablePointer<Value>) {
            // A few values at most, where a call of memcpy costs more than the copy.
            for index in 0..<count { files[index] = registers[index] }
        }
    }

    let labels: [(name: String, value: [UInt8])]
    let images: Images
    private let bytes: UnsafeMutablePointer<UInt8>

    init(_ labels: [(name: String, value: [UInt8])], touched: [String], registers: [String]) {
        self.labels = labels
        bytes = .allocate(capacity: labels.reduce(64) { $0 + $1.value.count })
        let count = registers.count + touched.count
        let registerImage = UnsafeMutablePointer<Value>.allocate(capacity: count)
        registerImage.initialize(repeating: .absent, count: count)
        let labelImage = registerImage + registers.count
        images = Images(registers: registerImage, count: count)
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
        images.registers.deallocate()
    }
}
