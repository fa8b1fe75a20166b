import CJournal
import Entries
import Glibc

/// An open journal and the fields of its current entry; belongs to one thread.
///
/// Owns the C object. Bytes it gives out are valid until the next ``collect(limit:)``.
final class JournalHandle {
    struct Failure: Error, Equatable {
        /// errno.
        let code: Int32
        var text: String { String(cString: strerror(code)) }
    }

    private let journal: OpaquePointer
    /// Of the entry that was collected last.
    private(set) var fieldCount = 0

    /// Opens the files of a folder, or the machine's own journals where there is none.
    init(folder: String?) throws(Failure) {
        var opened: OpaquePointer?
        let code = cjournal_open(folder, &opened)
        guard code >= 0, let opened else { throw Failure(code: -code) }
        journal = opened
    }

    deinit { cjournal_close(journal) }

    // MARK: - What is wanted

    /// Collects this field too; without any, all fields are collected.
    func want(_ name: String) throws(Failure) { _ = try check(cjournal_want(journal, name)) }

    func match(_ field: String, _ value: String) throws(Failure) {
        let text = "\(field)=\(value)"
        _ = try check(cjournal_match(journal, text, text.utf8.count))
    }

    // MARK: - Moving

    /// Microseconds since 1970.
    func seek(time: UInt64) throws(Failure) { _ = try check(cjournal_seek_time(journal, time)) }

    func seek(cursor: String) throws(Failure) { _ = try check(cjournal_seek_cursor(journal, cursor)) }

    /// False at the end.
    func next() throws(Failure) -> Bool { try check(cjournal_next(journal)) > 0 }

    func isAt(_ cursor: String) throws(Failure) -> Bool { try check(cjournal_is_at(journal, cursor)) > 0 }

    // MARK: - The current entry

    /// Microseconds since 1970.
    func time() throws(Failure) -> UInt64 {
        var time: UInt64 = 0
        _ = try check(cjournal_time(journal, &time))
        return time
    }

    func cursor() throws(Failure) -> String {
        var text: UnsafeMutablePointer<CChar>?
        _ = try check(cjournal_cursor(journal, &text))
        defer { free(text) }
        return text.map { String(cString: $0) } ?? ""
    }

    /// Reads the fields of the current entry, values of `limit` bytes together at most.
    func collect(limit: Int) throws(Failure) { fieldCount = Int(try check(cjournal_collect(journal, limit))) }

    func name(ofField index: Int) -> Bytes {
        let field = field(index)
        return bytes(field.name, field.name_length)
    }

    func value(ofField index: Int) -> Bytes {
        let field = field(index)
        return bytes(field.value, field.value_length)
    }

    /// Whether a value was longer than there was room for.
    var isCut: Bool { cjournal_was_cut(journal) != 0 }

    // MARK: - Where fields are wanted

    /// Of the wanted field with this number; nil if the entry has none.
    func value(ofWanted number: Int) -> Bytes? {
        cjournal_wanted_field(journal, Int32(number)).map { bytes($0.pointee.value, $0.pointee.value_length) }
    }

    /// The values of all wanted fields but the first, in one text that tells them apart, of each at most `longestValue`
    /// bytes; nil without memory.
    func key(longestValue: Int) -> (text: Bytes, hash: UInt64)? {
        var (count, hash) = (0, UInt64(0))
        guard let start = cjournal_key(journal, longestValue, &count, &hash) else { return nil }
        return (Bytes(start, count: count), hash)
    }

    private func field(_ index: Int) -> cjournal_field {
        guard let fields = cjournal_fields(journal), index < fieldCount else { preconditionFailure("no such field") }
        return fields[index]
    }

    private func bytes(_ start: Int, _ count: Int) -> Bytes {
        cjournal_bytes(journal).map { Bytes($0 + start, count: count) } ?? .empty
    }

    // MARK: - Waiting

    /// What to wait for; also begins to look for changes, so that none after this call is missed.
    func startWatching() throws(Failure) { _ = try check(cjournal_descriptor(journal)) }

    /// Waits for a change, for `wakeup` to be readable, or for `milliseconds`.
    func wait(wakeup: Int32, milliseconds: Int32) throws(Failure) {
        var polled = [
            pollfd(
                fd: try check(cjournal_descriptor(journal)),
                events: Int16(truncatingIfNeeded: try check(cjournal_events(journal))),
                revents: 0
            ),
            pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0),
        ]
        let due = cjournal_timeout(journal)
        _ = poll(&polled, nfds_t(polled.count), due < 0 ? milliseconds : min(due, milliseconds))
        _ = try check(cjournal_process(journal))
    }

    private func check(_ code: Int32) throws(Failure) -> Int32 {
        guard code >= 0 else { throw Failure(code: -code) }
        return code
    }
}
