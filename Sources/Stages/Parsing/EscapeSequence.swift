import Entries

/// Escape sequences of terminals (ECMA-48), as Promtail finds them.
///
/// Its expression (stages.md 5.3):
///
///     [\x1B\x9B][[\]()#;?]*(?:(?:(?:[a-zA-Z\d]*(?:;[a-zA-Z\d]*)*)?\x07)
///         |(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PRZcf-ntqry=><~]))
///
/// No alternative of the expression can begin where another byte of the first class could end, so one look from left to
/// right finds what a backtracking matcher would.
enum EscapeSequence {
    private static let escape: UInt8 = 0x1B
    private static let bell: UInt8 = 0x07
    /// U+009B in UTF-8.
    private static let longEscape: (UInt8, UInt8) = (0xC2, 0x9B)
    /// Digits of one parameter.
    private static let longestParameter = 4

    /// The first sequence in `text` that begins at `start` or later.
    static func next(in text: Bytes, from start: Int) -> Range<Int>? {
        var escapes = text.firstIndex(of: escape, from: start)
        var longEscapes = nextLong(in: text, from: start)
        while true {
            let begin: Int
            switch (escapes, longEscapes) {
            case (nil, nil): return nil
            case (let place?, let other?): begin = min(place, other)
            case (let place?, nil), (nil, let place?): begin = place
            }
            let isLong = begin != escapes
            if let end = end(of: text, behind: begin + (isLong ? 2 : 1)) { return begin..<end }
            if isLong {
                longEscapes = nextLong(in: text, from: begin + 2)
            } else {
                escapes = text.firstIndex(of: escape, from: begin + 1)
            }
        }
    }

    private static func nextLong(in text: Bytes, from start: Int) -> Int? {
        var place = start
        while let found = text.firstIndex(of: longEscape.0, from: place) {
            if found + 1 < text.count, text[found + 1] == longEscape.1 { return found }
            place = found + 1
        }
        return nil
    }

    /// The end of the sequence whose first character ends before `start`; nil when it is none.
    private static func end(of text: Bytes, behind start: Int) -> Int? {
        var place = start
        while place < text.count, isIntroducer(text[place]) { place += 1 }
        return endOfTitle(text, place) ?? endOfCommand(text, place)
    }

    /// Parameters of letters and digits up to a bell.
    private static func endOfTitle(_ text: Bytes, _ start: Int) -> Int? {
        var place = start
        while place < text.count, isLetter(text[place]) || isDigit(text[place]) || text[place] == UInt8(ascii: ";") {
            place += 1
        }
        return place < text.count && text[place] == bell ? place + 1 : nil
    }

    /// Parameters of digits, and the letter or digit that ends them: as many parameters as leave one.
    private static func endOfCommand(_ text: Bytes, _ start: Int) -> Int? {
        var place = behindDigits(text, start)
        if place > start {
            while place < text.count, text[place] == UInt8(ascii: ";") { place = behindDigits(text, place + 1) }
        }
        if place < text.count, isFinal(text[place]) { return place + 1 }
        // A digit of the parameters can be the end as well.
        while place > start {
            place -= 1
            if isDigit(text[place]) { return place + 1 }
        }
        return nil
    }

    private static func behindDigits(_ text: Bytes, _ start: Int) -> Int {
        var place = start
        while place < text.count, place - start < longestParameter, isDigit(text[place]) { place += 1 }
        return place
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    private static func isIntroducer(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "#"),
            UInt8(ascii: ";"), UInt8(ascii: "?"):
            true
        default: false
        }
    }

    private static func isFinal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "P"), UInt8(ascii: "R"),
            UInt8(ascii: "Z"), UInt8(ascii: "c"), UInt8(ascii: "f")...UInt8(ascii: "n"), UInt8(ascii: "t"),
            UInt8(ascii: "q"), UInt8(ascii: "r"), UInt8(ascii: "y"), UInt8(ascii: "="), UInt8(ascii: ">"),
            UInt8(ascii: "<"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
