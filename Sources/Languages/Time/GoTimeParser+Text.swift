import Entries

extension GoTimeParser {
    static let months: [StaticString] = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let shortMonths: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    static let weekdays: [StaticString] = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    static let shortWeekdays: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// Moves behind `literal`; a run of blanks in it stands for any run in the text, or for the text's end.
    mutating func skip(_ literal: Bytes) -> Bool {
        let blank = UInt8(ascii: " ")
        var index = 0
        while index < literal.count {
            if literal[index] == blank {
                guard position == text.count || text[position] == blank else { return false }
                while index < literal.count, literal[index] == blank { index += 1 }
                takeBlanks(upTo: .max)
            } else {
                guard position < text.count, text[position] == literal[index] else { return false }
                index += 1
                position += 1
            }
        }
        return true
    }

    mutating func takeBlanks(upTo limit: Int) {
        var taken = 0
        while taken < limit, position < text.count, text[position] == UInt8(ascii: " ") {
            position += 1
            taken += 1
        }
    }

    mutating func take(_ word: StaticString) -> Bool {
        guard text.count - position >= word.utf8CodeUnitCount else { return false }
        let length = word.utf8CodeUnitCount
        guard text[position..<(position + length)] == Bytes(word.utf8Start, count: length) else { return false }
        position += length
        return true
    }

    /// Index of the first of `names` that stands here, whatever its case.
    mutating func takeName(from names: [StaticString]) -> Int? {
        for index in names.indices where stands(names[index]) {
            position += names[index].utf8CodeUnitCount
            return index
        }
        return nil
    }

    private func stands(_ name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        guard text.count - position >= length else { return false }
        // Names are letters, whose cases differ in this bit.
        for index in 0..<length where text[position + index] | 0x20 != name.utf8Start[index] | 0x20 { return false }
        return true
    }

    func isDigit(_ index: Int) -> Bool { index < text.count && text[index] &- UInt8(ascii: "0") <= 9 }

    func isSeparator(_ index: Int) -> Bool {
        index < text.count && (text[index] == UInt8(ascii: ".") || text[index] == UInt8(ascii: ","))
    }

    func digit(_ index: Int) -> Int { Int(text[index] &- UInt8(ascii: "0")) }

    /// One or two digits; exactly two when `isFixed`.
    mutating func number(isFixed: Bool) -> Int? {
        guard isDigit(position) else { return nil }
        guard isDigit(position + 1) else {
            if isFixed { return nil }
            position += 1
            return digit(position - 1)
        }
        position += 2
        return digit(position - 2) * 10 + digit(position - 1)
    }

    /// One to three digits; exactly three when `isFixed`.
    mutating func dayOfYearNumber(isFixed: Bool) -> Int? {
        let start = position
        var value = 0
        while position - start < 3, isDigit(position) {
            value = value * 10 + digit(position)
            position += 1
        }
        return position == start || isFixed && position - start != 3 ? nil : value
    }

    /// The number that fills the next `width` bytes (at most 9); Go allows it a sign.
    mutating func signedNumber(width: Int) -> Int? {
        guard text.count - position >= width else { return nil }
        let end = position + width
        var isNegative = false
        if width > 0, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
            isNegative = text[position] == UInt8(ascii: "-")
            position += 1
        }
        var value = 0
        while position < end {
            guard isDigit(position) else { return nil }
            value = value * 10 + digit(position)
            position += 1
        }
        return isNegative ? -value : value
    }
}
