import Entries

/// Reads `key=value` pairs one after the other (grammar: stages.md 4.5). Ends at the first byte that does not fit.
struct LogfmtReader {
    struct Pair {
        let key: Bytes
        /// Between the quotes where there are any.
        let value: Bytes
        /// Whether the value has JSON's escapes still to be decoded.
        let isEscaped: Bool
    }

    /// Bytes of a line that is still read; Promtail's scanner gives up at 64 KiB.
    private static let longestLine = 64 * 1024

    private var place: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    /// Where the line that is being read ends.
    private var lineEnd: UnsafePointer<UInt8>

    init(_ text: Bytes) {
        place = text.start
        end = text.end
        lineEnd = text.start
    }

    /// The place pair; nil at the end, or where the text is no logfmt.
    mutating func next() -> Pair? {
        while true {
            while place < lineEnd, place.pointee <= 0x20 { place += 1 }
            if place < lineEnd { break }
            guard place < end, startLine() else { return nil }
        }
        guard let key = key() else { return stop() }
        guard place < lineEnd, place.pointee == 0x3D else { return Pair(key: key, value: .empty, isEscaped: false) }
        place += 1
        guard place < lineEnd, place.pointee > 0x20 else { return Pair(key: key, value: .empty, isEscaped: false) }
        return place.pointee == 0x22 ? quoted(key) : bare(key)
    }

    private mutating func stop() -> Pair? {
        place = end
        lineEnd = end
        return nil
    }

    /// Goes on to the place line; false when it is too long.
    private mutating func startLine() -> Bool {
        if place.pointee == 0x0A { place += 1 }
        let rest = Bytes(from: place, to: end)
        lineEnd = rest.firstIndex(of: 0x0A).map { rest.start + $0 } ?? end
        guard lineEnd - place < Self.longestLine else {
            _ = stop()
            return false
        }
        return true
    }

    /// A key: any bytes but `=`, `"` and blanks. Nil for none, and for one that is not UTF-8.
    private mutating func key() -> Bytes? {
        let start = place
        var isASCII = true
        while place < lineEnd, place.pointee > 0x20, place.pointee != 0x3D {
            if place.pointee == 0x22 { return nil }
            if place.pointee >= 0x80 { isASCII = false }
            place += 1
        }
        let key = Bytes(from: start, to: place)
        guard !key.isEmpty, isASCII || (key.isUTF8 && !Self.hasReplacement(key)) else { return nil }
        return key
    }

    /// Whether U+FFFD occurs, which Go's decoder takes for damage.
    private static func hasReplacement(_ text: Bytes) -> Bool {
        guard text.count >= 3 else { return false }
        return (0...(text.count - 3)).contains { text[$0] == 0xEF && text[$0 + 1] == 0xBF && text[$0 + 2] == 0xBD }
    }

    private mutating func bare(_ key: Bytes) -> Pair? {
        let start = place
        while place < lineEnd, place.pointee > 0x20 {
            if place.pointee == 0x3D || place.pointee == 0x22 { return stop() }
            place += 1
        }
        return Pair(key: key, value: Bytes(from: start, to: place), isEscaped: false)
    }

    private mutating func quoted(_ key: Bytes) -> Pair? {
        place += 1
        let start = place
        var isEscaped = false
        var isValid = true
        while place < lineEnd, place.pointee != 0x22 {
            if place.pointee == 0x5C {
                isEscaped = true
                guard let behind = JSONCursor.behindEscape(place, lineEnd) else {
                    isValid = false
                    place += min(2, lineEnd - place)
                    continue
                }
                place = behind
            } else {
                if place.pointee < 0x20 { isValid = isValid && !isEscaped }
                place += 1
            }
        }
        guard place < lineEnd, isValid else { return stop() }
        let value = Bytes(from: start, to: place)
        place += 1
        return Pair(key: key, value: value, isEscaped: isEscaped)
    }
}
