import Entries
import Foundation
import Testing

@testable import Languages

/// What Go itself did, recorded in fixtures/oracles.
struct OracleTests {
    private struct TimeCase: Decodable {
        let layout: String
        let text: String
        let location: String?
        let seconds: Int64?
        let nanoseconds: Int32?
        let formatted: String?
    }

    private struct QuoteCase: Decodable {
        let bytes: String
        let quoted: String
    }

    private func cases<Case: Decodable>(_ name: String, as type: Case.Type) throws -> [Case] {
        let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardized
        let text = try Data(contentsOf: root.appendingPathComponent("fixtures/oracles/\(name).ndjson"))
        return try text.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(type, from: $0) }
    }

    private func decode(hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
    }

    @Test func timesAreParsedAndFormattedAsByGo() throws {
        let all = try cases("time", as: TimeCase.self)
        #expect(all.count > 1_000)
        for one in all {
            let layout = GoTimeLayout(one.layout)
            let zone = try one.location.map { name throws(LanguageError) in try ZoneInfo.named(name) }
            // Go ran with TZ=UTC.
            let parsed = Bytes.with(Array(one.text.utf8)) {
                layout.parseLocal($0, zone: zone, machine: .utc)?.timestamp
            }
            let expected = one.seconds.map { Timestamp(seconds: $0, nanoseconds: Int64(one.nanoseconds ?? 0)) }
            #expect(parsed == expected, "\(one)")
            if let parsed, let formatted = one.formatted {
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
        let all = try cases("quote", as: QuoteCase.self)
        #expect(all.count == 1_000)
        for one in all {
            var quoted: [UInt8] = []
            let bytes = decode(hex: one.bytes)
            Bytes.with(bytes) { GoQuoting.appendQuoted($0, to: &quoted) }
            #expect(quoted == decode(hex: one.quoted), "\(one)")
            #expect(try GoQuoting.unquote(String(decoding: quoted, as: UTF8.self)) == bytes)
        }
    }
}
