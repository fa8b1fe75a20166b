import CBytes
import Entries

/// What is odd about the bytes of a line: it is shipped as it is, but counted and told.
enum Oddity: String, CaseIterable {
    case notUTF8 = "invalid_utf8"
    case nul

    var sentence: String {
        switch self {
        case .notUTF8: "has lines that are not UTF-8; they are sent as they are"
        case .nul: "has lines with NUL bytes; they are sent as they are"
        }
    }

    /// The oddities of some lines, and how many lines have each; empty for usual text, at about 1 µs for 16 KiB.
    static func counts(in lines: Bytes) -> [Oddity: UInt64] {
        let found = cbytes_oddities(lines.start, lines.end)
        if found == 0 { return [:] }
        var counts: [Oddity: UInt64] = [:]
        var start = 0
        while start < lines.count {
            let end = lines.firstIndex(of: 0x0A, from: start) ?? lines.count
            let line = lines[start..<end]
            if found & UInt32(CBYTES_NOT_UTF8) != 0, !line.isUTF8 { counts[.notUTF8, default: 0] += 1 }
            if found & UInt32(CBYTES_NUL) != 0, line.firstIndex(of: 0) != nil { counts[.nul, default: 0] += 1 }
            start = end + 1
        }
        return counts
    }
}
