import Entries
import Testing

@testable import Languages

/// What Go itself did, recorded in fixtures/oracles.
struct OracleTests {
    private func decode(hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
    }

    @Test func timesAreParsedAndFormattedAsByGo() throws {
        let all = try Recording.objects("time")
        #expect(all.count > 1_000)
        for one in all {
            let text = one.text("text") ?? ""
            let layout = GoTimeLayout(one.text("layout") ?? "")
            let zone = try one.text("location").map { name throws(LanguageError) in try ZoneInfo.named(name) }
            // Go ran with TZ=UTC.
            let parsed = Bytes.with(Array(text.utf8)) {
                layout.parseLocal($0, zone: zone, machine: .utc)?.timestamp
            }
            let expected = one.member("seconds")?.integer.map {
                Timestamp(seconds: Int64($0), nanoseconds: Int64(one.member("nanoseconds")?.integer ?? 0))
            }
            #expect(parsed == expected, "\(one)")
            if let parsed, let formatted = one.text("formatted") {
                let again = layout.format(
                    seconds: parsed.seconds,
                    nanoseconds: parsed.nanoseconds,
                    zone: zone ?? .utc
                )
                #expect(String(decoding: again, as: UTF8.self) == formatted, "\(one)")
            }
        }
    }

    @Test func stringsAreQuotedAsByGo() throws {
        let all = try Recording.objects("quote")
        #expect(all.count == 4_000)
        for one in all {
            var quoted: [UInt8] = []
            let bytes = decode(hex: one.text("bytes") ?? "")
            Bytes.with(bytes) { GoQuoting.appendQuoted($0, to: &quoted) }
            #expect(quoted == decode(hex: one.text("quoted") ?? ""), "\(one)")
            #expect(try GoQuoting.unquote(String(decoding: quoted, as: UTF8.self)) == bytes)
        }
    }
}
