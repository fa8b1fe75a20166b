/// What rotation made of a log's name: its place among the rotated files, and how it is compressed.
///
/// `app.log.1`, `app.log-20240506`, `app-2024-05-06T07-08-09.123.log` (before the ending), each with `.gz` or `.bz2`.
struct RotatedName: Equatable {
    private enum Place: Equatable {
        /// Numbers up to 4 digits: the smaller, the newer.
        case index(Int)
        /// Dates and longer numbers: the later, the newer.
        case time(String)
    }

    private let place: Place
    let format: TailTarget.Decompression.Format?

    /// Nil when `candidate` is no rotated name of the log `name`.
    init?(_ candidate: String, of name: String) {
        format = Self.format(of: candidate)
        let plain =
            format == nil ? Substring(candidate) : candidate[..<(candidate.lastIndex(of: ".") ?? candidate.endIndex)]
        guard let stamp = Self.stamp(in: plain, after: name) ?? Self.stampBeforeEnding(in: plain, of: name),
            Self.isStamp(stamp)
        else { return nil }
        if stamp.utf8.count <= 4, let index = Int(stamp) { place = .index(index) } else { place = .time(String(stamp)) }
    }

    /// The format that the ending of a compressed file's name stands for.
    static func format(of name: String) -> TailTarget.Decompression.Format? {
        if name.hasSuffix(".gz") { return .gzip }
        if name.hasSuffix(".bz2") { return .bzip2 }
        return nil
    }

    /// Whether the file of this name was rotated after that of the other; false if the names do not tell.
    func isNewer(than other: RotatedName) -> Bool {
        switch (place, other.place) {
        case (.index(let own), .index(let others)): own < others
        case (.time(let own), .time(let others)): own.utf8.count == others.utf8.count && own > others
        case (.index, .time), (.time, .index): false
        }
    }

    private static func stamp(in candidate: Substring, after name: String) -> Substring? {
        guard candidate.hasPrefix(name) else { return nil }
        return withoutSeparator(candidate.dropFirst(name.count))
    }

    private static func stampBeforeEnding(in candidate: Substring, of name: String) -> Substring? {
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
        let ending = name[dot...]
        guard candidate.hasPrefix(name[..<dot]), candidate.hasSuffix(ending), candidate.count > name.count else {
            return nil
        }
        return withoutSeparator(candidate.dropFirst(name[..<dot].count).dropLast(ending.count))
    }

    private static func withoutSeparator(_ text: Substring) -> Substring? {
        guard let first = text.utf8.first, ".-_".utf8.contains(first) else { return nil }
        return text.dropFirst()
    }

    private static func isStamp(_ text: Substring) -> Bool {
        func isDigit(_ byte: UInt8?) -> Bool {
            byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
        }
        return isDigit(text.utf8.first) && (isDigit(text.utf8.last) || text.utf8.last == UInt8(ascii: "Z"))
            && text.utf8.allSatisfy { isDigit($0) || "-_.:+TZ".utf8.contains($0) }
    }
}
