import CMaxMind
import Entries

/// An open MaxMind database; closed with its last reference, and so are the texts it gives.
final class GeoIPDatabase {
    struct Unreadable: Error {
        let reason: String
    }

    /// A way into a record: map keys, and indexes of arrays, negative ones from the end.
    final class Path {
        fileprivate let names: UnsafeMutablePointer<UnsafePointer<CChar>?>
        private let texts: [UnsafeMutableBufferPointer<CChar>]

        init(_ names: [String]) {
            texts = names.map { name in
                let text = Array(name.utf8CString)
                let memory = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.count)
                _ = memory.initialize(from: text)
                return memory
            }
            self.names = .allocate(capacity: names.count + 1)
            for (index, text) in texts.enumerated() { self.names[index] = UnsafePointer(text.baseAddress) }
            self.names[names.count] = nil
        }

        deinit {
            for text in texts { text.deallocate() }
            names.deallocate()
        }
    }

    private let handle: OpaquePointer
    /// `database_type` of its metadata.
    let type: String

    init(_ path: String) throws(Unreadable) {
        var reason: UnsafePointer<CChar>?
        guard let opened = cmaxmind_open(path, &reason) else {
            throw Unreadable(reason: reason.map { String(cString: $0) } ?? "unknown")
        }
        handle = opened
        type = String(cString: cmaxmind_type(opened))
    }

    deinit { cmaxmind_close(handle) }

    /// What it says of an address; nil for nothing, or what is no address.
    func find(_ address: Bytes) -> cmaxmind_record? {
        let record = cmaxmind_find(handle, address.start, address.count)
        return record.is_found != 0 ? record : nil
    }

    /// A text, which lives as long as the database; empty where there is none.
    func text(_ record: cmaxmind_record, _ path: Path) -> Bytes {
        let text = cmaxmind_get_text(handle, record, path.names)
        return text.start.map { Bytes($0, count: text.count) } ?? .empty
    }

    /// A number; 0 where there is none.
    func number(_ record: cmaxmind_record, _ path: Path) -> Double {
        cmaxmind_get_number(handle, record, path.names)
    }
}
