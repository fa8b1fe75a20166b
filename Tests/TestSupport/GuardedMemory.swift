package import Entries
import Glibc

/// A text that ends where the readable memory ends: whoever looks behind it, as some loads of 16 bytes may only within
/// a page, crashes the test.
package struct GuardedMemory {
    package let bytes: Bytes
    private let start: UnsafeMutableRawPointer
    private let length: Int

    private static let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))

    package init(_ text: [UInt8]) {
        let page = Self.pageBytes
        let readable = (text.count + page - 1) / page * page
        length = readable + page
        let mapped = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped, mapped != MAP_FAILED, mprotect(mapped + readable, page, PROT_NONE) == 0 else {
            preconditionFailure("no memory for a text of \(text.count) bytes")
        }
        start = mapped
        let place = mapped + (readable - text.count)
        text.withUnsafeBytes { place.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(mapped), byteCount: $0.count) }
        bytes = Bytes(place.assumingMemoryBound(to: UInt8.self), count: text.count)
    }

    package func deallocate() { munmap(start, length) }
}
