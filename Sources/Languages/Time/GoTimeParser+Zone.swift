import Entries

extension GoTimeParser {
    /// Takes what says where on earth the clock hangs; false for elements that do not.
    mutating func takeZone(_ element: GoTimeLayout.Element) -> Bool {
        switch element {
        case .zuluOffset, .zuluHours, .zuluColon:
            if take("Z") {
                zone = .fixed(0)
                isUTC = true
                return true
            }
            return takeOffset(
                isColoned: element == .zuluColon,
                fields: element == .zuluHours ? 1 : 2
            )
        case .offsetHours: return takeOffset(isColoned: false, fields: 1)
        case .offset: return takeOffset(isColoned: false, fields: 2)
        case .offsetColon: return takeOffset(isColoned: true, fields: 2)
        case .offsetSeconds, .zuluSeconds: return takeOffset(isColoned: false, fields: 3)
        case .offsetColonSeconds, .zuluColonSeconds: return takeOffset(isColoned: true, fields: 3)
        case .abbreviation: return takeAbbreviation()
        default: return false
        }
    }

    /// A sign, then hours up to 24 and, as `fields` tells, minutes and seconds up to 60, two digits each.
    private mutating func takeOffset(isColoned: Bool, fields: Int) -> Bool {
        guard position < text.count else { return false }
        let sign = text[position]
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return false }
        position += 1
        var seconds = 0
        var unit = 3_600
        for field in 0..<fields {
            if field > 0, isColoned, !take(":") { return false }
            guard let value = number(isFixed: true), value <= (field == 0 ? 24 : 60) else { return false }
            seconds += value * unit
            unit /= 60
        }
        let offset = sign == UInt8(ascii: "-") ? -seconds : seconds
        // Go remembers "no offset read" as -1, so one second west of UTC counts as none; UTC once read stays.
        if offset != -1, !isUTC { zone = .fixed(offset) }
        return true
    }

    private mutating func takeAbbreviation() -> Bool {
        if take("UTC") {
            zone = .fixed(0)
            isUTC = true
            return true
        }
        let length = abbreviationLength()
        guard length > 0 else { return false }
        // An offset in numbers is worth more than a name.
        if case .none = zone { zone = .abbreviation(position..<(position + length)) }
        position += length
        return true
    }

    /// Bytes of the zone abbreviation that begins here; 0 when none does.
    ///
    /// Three letters, four or five that end in T, `WITA`, `ChST`, `MeST`, `GMT` with an offset, or `+03`.
    private func abbreviationLength() -> Int {
        let rest = text[position..<text.count]
        guard rest.count >= 3 else { return 0 }
        if Self.begins(rest, "ChST") || Self.begins(rest, "MeST") { return 4 }
        if Self.begins(rest, "GMT") { return 3 + Self.signedHoursLength(rest[3..<rest.count]) }
        if rest[0] == UInt8(ascii: "+") || rest[0] == UInt8(ascii: "-") { return Self.signedHoursLength(rest) }
        var letters = 0
        while letters < min(6, rest.count), rest[letters] >= UInt8(ascii: "A"), rest[letters] <= UInt8(ascii: "Z") {
            letters += 1
        }
        switch letters {
        case 3: return 3
        case 4: return rest[3] == UInt8(ascii: "T") || Self.begins(rest, "WITA") ? 4 : 0
        case 5: return rest[4] == UInt8(ascii: "T") ? 5 : 0
        default: return 0
        }
    }

    /// Bytes of a sign and a number up to 23; 0 when none stands here.
    private static func signedHoursLength(_ text: Bytes) -> Int {
        guard text.count >= 2, text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-") else { return 0 }
        var value = 0
        var index = 1
        while index < text.count, text[index] &- UInt8(ascii: "0") <= 9 {
            value = value * 10 + Int(text[index] - UInt8(ascii: "0"))
            guard value <= 23 else { return 0 }
            index += 1
        }
        return index > 1 ? index : 0
    }

    private static func begins(_ text: Bytes, _ word: StaticString) -> Bool {
        text.starts(with: Bytes(word.utf8Start, count: word.utf8CodeUnitCount))
    }

    /// The offset of an abbreviation that no zone knows: `GMT+3` says it itself, others count as UTC.
    static func offset(ofUnknown name: Bytes) -> Int {
        guard name.count > 3, begins(name, "GMT") else { return 0 }
        var parser = GoTimeParser(name)
        parser.position = 3
        return (parser.signedNumber(width: min(name.count - 3, 9)) ?? 0) * 3_600
    }
}
