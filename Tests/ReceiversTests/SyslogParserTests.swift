import Entries
import Testing

@testable import Receivers

struct SyslogParserTests {
    private static let now = Timestamp(seconds: 1_767_225_600)

    private func parsed(_ text: String, isOld: Bool = false) -> [String]? {
        Bytes.with(Array(text.utf8)) { bytes in
            SyslogParser(isRFC3164: isOld).parse(bytes, now: Self.now).map { message in
                func text(_ bytes: Bytes?) -> String { bytes.map { String(decoding: $0.array, as: UTF8.self) } ?? "-" }
                return [
                    message.severity, message.facility,
                    message.timestamp.map { "\($0.seconds).\($0.nanoseconds)" } ?? "-",
                    text(message.hostname), text(message.appName), text(message.processID), text(message.messageID),
                    text(message.text),
                ]
            }
        }
    }

    @Test(arguments: [
        (
            "<34>1 2003-10-11T22:14:15.003Z mymachine su - ID47 - 'su root' failed",
            ["critical", "auth", "1065910455.3000000", "mymachine", "su", "-", "ID47", "'su root' failed"]
        ),
        (
            "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 p 8710 - - It's time",
            ["notice", "local4", "1061727255.3000", "192.0.2.1", "p", "8710", "-", "It's time"]
        ),
        ("<0>1 - - - - - -", ["emergency", "kern", "-", "-", "-", "-", "-", ""]),
        (
            "<191>999 - h a p m [x@1 a=\"b\" c=\"\\\"\\]\\\\\"][y] two\nlines",
            ["debug", "local7", "-", "h", "a", "p", "m", "two\nlines"]
        ),
        ("<13>1 - - - - - [a x=\"\\n\"] \u{FEFF}bom", ["notice", "user", "-", "-", "-", "-", "-", "\u{FEFF}bom"]),
    ])
    func messagesOfRFC5424(text: String, expected: [String]) { #expect(parsed(text) == expected) }

    @Test(arguments: [
        "", "<", "<1", "<34>", "34>1 - - - - - - x", "<192>1 - - - - - - x", "<1234>1 - - - - - - x",
        "<01>1 - - - - - - x", "<34>0 - - - - - - x", "<34>1000 - - - - - - x", "<34> - - - - - - x", "<34>1 - - - - -",
        "<34>1 - - - - -  x", "<34>1 2003-10-11 - - - - - x", "<34>1 2003-10-11T22:14:15.0000001Z - - - - - x",
        "<34>1 2003-13-11T22:14:15Z - - - - - x", "<34>1 - - - - - x", "<34>1 - - - - - [] x", "<34>1 - - - - - [a x",
        "<34>1 - - - - - [a b] x", "<34>1 - - - - - [a b=\"c] x", "<34>1 - - - - - [a b=\"]\"] x", "<34>1 - - - - - -x",
        "<34>1 - h\u{7F} - - - - x", "<34>1 - - - - \(String(repeating: "m", count: 33)) - x",
        "<34>1 - \(String(repeating: "h", count: 256)) - - - - x",
        "<34>1 - - - - - [\(String(repeating: "i", count: 33))] x",
    ])
    func whatIsWrongInAnyPartIsRefused(text: String) { #expect(parsed(text) == nil) }

    @Test(arguments: [
        (
            "<34>Oct 11 22:14:15 mymachine su: 'su root' failed",
            ["critical", "auth", "1760220855.0", "mymachine", "su", "-", "-", "'su root' failed"]
        ),
        (
            "<13>Feb  5 17:32:18 10.0.0.99 cron[42]: done",
            ["notice", "user", "1770312738.0", "10.0.0.99", "cron", "42", "-", "done"]
        ),
        ("<13>Dec 31 23:59:59 h no tag here", ["notice", "user", "1767225599.0", "h", "-", "-", "-", "no tag here"]),
        ("<13>Jan 01 00:00:00 h a[b: x", ["notice", "user", "1767225600.0", "h", "-", "-", "-", "a[b: x"]),
    ])
    func messagesOfRFC3164(text: String, expected: [String]) { #expect(parsed(text, isOld: true) == expected) }

    @Test(arguments: [
        "<34>Okt 11 22:14:15 h a: x", "<34>Oct 32 22:14:15 h a: x", "<34>Oct 11 24:14:15 h a: x", "<34>1 - h a",
        "<34>Oct",
        "<34>Oct 11 22:14:15",
    ])
    func whatIsNoneOfRFC3164IsRefused(text: String) { #expect(parsed(text, isOld: true) == nil) }

    @Test func theYearIsTheOneThatIsClosest() {
        // On New Year's Day a message of the last of December is of the year before.
        #expect(parsed("<13>Dec 30 00:00:00 h a: x", isOld: true)?[2] == "1767052800.0")
        // Only a leap year has this day.
        #expect(parsed("<13>Feb 29 00:00:00 h a: x", isOld: true)?[2] == "-")
    }

    @Test func everyCutAndEveryByteIsSurvived() {
        let text = Array("<165>1 2003-10-11T22:14:15.003Z h a p m [x@1 a=\"b\\\"\" c=\"d\"][y] text".utf8)
        for isOld in [false, true] {
            let parser = SyslogParser(isRFC3164: isOld)
            for end in 0...text.count { Bytes.with(Array(text[..<end])) { _ = parser.parse($0, now: Self.now) } }
            for place in text.indices {
                for byte in UInt8.min...UInt8.max {
                    var damaged = text
                    damaged[place] = byte
                    Bytes.with(damaged) { _ = parser.parse($0, now: Self.now) }
                }
            }
        }
    }

    @Test func theWholeMessageIsWrittenAgain() {
        let text = "<165>1 2003-08-24T05:14:15.000300-07:00 h a - m [z b=\"2\" a=\"\\\"1\"][y] hello"
        let again = Bytes.with(Array(text.utf8)) { bytes in
            SyslogParser(isRFC3164: false).parse(bytes, now: Self.now).map {
                String(decoding: $0.fullText, as: UTF8.self)
            }
        }
        #expect(again == "<165>1 2003-08-24T12:14:15.0003Z h a - m [y][z a=\"\\\"1\" b=\"2\"] hello")
    }
}
