import Glibc

/// Where a command writes: a file descriptor, or memory for tests.
///
/// Collects up to ``bufferBytes`` before it writes; ``flush()`` writes the rest. Belongs to one thread.
package final class Output {
    private enum Target {
        case descriptor(Int32)
        case memory
    }

    private static let bufferBytes = 64 * 1024

    private let target: Target
    private var buffer: [UInt8] = []
    /// False once writing failed (a closed pipe, a full disk); what follows is thrown away.
    package private(set) var isWritable = true

    package init(descriptor: Int32) { target = .descriptor(descriptor) }

    private init() { target = .memory }

    /// Keeps everything; see ``text``.
    package static func inMemory() -> Output { Output() }

    /// What was written and has not left yet; with ``inMemory()`` everything.
    package var text: String { String(decoding: buffer, as: UTF8.self) }

    package func write(_ bytes: [UInt8]) {
        guard isWritable else { return }
        buffer += bytes
        if case .descriptor = target, buffer.count >= Self.bufferBytes { flush() }
    }

    package func write(_ text: String) { write(Array(text.utf8)) }

    package func writeLine(_ text: String) { write(text + "\n") }

    /// Writes what is still in the buffer.
    package func flush() {
        guard case .descriptor(let descriptor) = target else { return }
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                isWritable = false
                break
            }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
