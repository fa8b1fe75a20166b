import CBytes
import Entries
import Testing

@testable import Agent

struct OddityTests {
    private func counts(_ bytes: [UInt8]) -> [Oddity: UInt64] { Bytes.with(bytes) { Oddity.counts(in: $0) } }

    @Test func oddLinesAreCountedByKind() {
        let lines: [[UInt8]] = [
            Array("plain".utf8), [0x00], [0xFF], [0x61, 0x00, 0xC3], Array("größe 😀".utf8), [], [0xED, 0xA0, 0x80],
        ]
        #expect(counts(Array(lines.joined(separator: [0x0A]))) == [.nul: 2, .notUTF8: 3])
    }

    @Test(arguments: [0, 1, 15, 16, 17, 63, 64, 65, 200])
    func usualTextHasNoneWhateverItsLength(length: Int) {
        #expect(counts([UInt8](repeating: 0x61, count: length)) == [:])
        #expect(counts(Array(String(repeating: "ä", count: length).utf8)) == [:])
    }

    /// The fast check against the one that goes byte by byte, on short texts made of the bytes that matter.
    @Test func theFastCheckAgreesWithTheSimpleOne() {
        let bytes: [UInt8] = [
            0x41, 0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0,
            0xF1, 0xF4, 0xF5, 0xFF,
        ]
        var differences = 0
        for first in bytes {
            for second in bytes {
                for third in bytes {
                    for padding in [0, 13, 14, 15, 16] {
                        let text = [UInt8](repeating: 0x61, count: padding) + [first, second, third] + [0x62]
                        let isOdd =
                            Bytes.with(text) { cbytes_oddities($0.start, $0.end) } & UInt32(CBYTES_NOT_UTF8) != 0
                        if isOdd == Bytes.with(text, { $0.isUTF8 }) { differences += 1 }
                    }
                }
            }
        }
        #expect(differences == 0)
    }

    @Test func everyPlaceOfABadByteIsSeen() {
        for length in 1..<140 {
            for place in [0, length / 2, length - 1] {
                var text = [UInt8](repeating: 0x61, count: length)
                text[place] = 0xFF
                #expect(counts(text) == [.notUTF8: 1])
                text[place] = 0x00
                #expect(counts(text) == [.nul: 1])
            }
        }
    }
}
