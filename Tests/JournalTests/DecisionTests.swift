import Testing

@testable import Journal

/// What is decided without a journal: whether entries are missing.
struct DecisionTests {
    private static func cursor(_ number: UInt64, sequence: String = "aa", time: UInt64 = 0x10) -> JournalCursor? {
        JournalCursor("s=\(sequence);i=\(String(number, radix: 16));b=bb;m=1;t=\(String(time, radix: 16));x=1")
    }

    // MARK: - Cursors

    @Test func aCursorTellsWhoCountedAndWhen() throws {
        let text =
            "s=9136f83b3d394d06a6c2ea60f5521aa8;i=1f;b=0123456789abcdef0123456789abcdef;m=7d0;t=6474846204003;x=a3"
        let cursor = try #require(JournalCursor(text))
        #expect(cursor.sequence == "9136f83b3d394d06a6c2ea60f5521aa8")
        #expect(cursor.number == 31)
        #expect(cursor.time == 1_767_225_600_000_003)
    }

    @Test(arguments: ["", "x", "s=a;i=;t=1", "s=a;i=zz;t=1", "s=a;t=1", "i=1;t=1", "s=a;i=1", "s=a;i=1;t=-1;"])
    func otherTextsAreNone(text: String) { #expect(JournalCursor(text) == nil) }

    // MARK: - Gaps

    @Test func numbersThatFollowEachOtherAreNoGap() {
        var gaps = JournalGaps()
        gaps.begin(after: Self.cursor(10))
        #expect(gaps.read(5, upTo: Self.cursor(15)) == nil)
        #expect(gaps.read(1, upTo: Self.cursor(16)) == nil)
    }

    @Test func numbersThatWereLeftOutAreCounted() {
        var gaps = JournalGaps()
        gaps.begin(after: Self.cursor(10, time: 100))
        #expect(gaps.read(5, upTo: Self.cursor(22, time: 200)) == JournalGap(from: 100, to: 200, count: 7))
        #expect(gaps.read(1, upTo: Self.cursor(23)) == nil)
    }

    @Test func nothingIsConcludedWithoutABeginningOrFromAnothersNumbers() {
        var gaps = JournalGaps()
        #expect(gaps.read(5, upTo: Self.cursor(22)) == nil)
        #expect(gaps.read(1, upTo: Self.cursor(90, sequence: "other")) == nil)
        #expect(gaps.read(1, upTo: Self.cursor(30)) == nil)
        #expect(gaps.read(1, upTo: Self.cursor(5)) == nil)
        #expect(gaps.read(1, upTo: nil) == nil)
        #expect(gaps.read(1, upTo: Self.cursor(500)) == nil)
    }
}
