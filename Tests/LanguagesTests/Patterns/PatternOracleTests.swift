import Entries
import Testing

@testable import Languages

/// What Go answers, recorded by `fixtures/oracles/regexp-generator`.
@Suite struct PatternOracleTests {
    struct Row {
        let expression: String
        let error: String?
        let input: [UInt8]
        let matches: [[Int]]
        let split: [[UInt8]]
        let replaced: [UInt8]

        init(_ recorded: JSONObject) {
            expression = recorded.text("expression") ?? ""
            error = recorded.text("error")
            input = recorded.member("input")?.data ?? []
            matches = recorded.member("matches")?.items?.map { $0.items?.compactMap(\.integer) ?? [] } ?? []
            split = recorded.member("split")?.items?.map { $0.data ?? [] } ?? []
            replaced = recorded.member("replaced")?.data ?? []
        }
    }

    private let rows: [Row]

    init() throws { rows = try Recording.objects("regexp").map { Row($0) } }

    @Test func theRecordingIsThere() {
        #expect(rows.count > 1_800)
    }

    @Test func everyExpressionThatGoRefusesIsRefusedInGosWords() {
        for row in rows {
            guard let expected = row.error else { continue }
            do {
                _ = try Pattern(row.expression)
                Issue.record("\(row.expression) compiles, Go says \(expected)")
            } catch {
                #expect(error.message == expected)
            }
        }
    }

    @Test func matchesPartsAndReplacementsAreGos() throws {
        for row in rows where row.error == nil {
            let pattern: Pattern
            do { pattern = try Pattern(row.expression) } catch {
                Issue.record("\(row.expression): \(error.message)")
                continue
            }
            let input = row.input
            let comment = Comment(rawValue: "\(row.expression) on \(input) \(String(decoding: input, as: UTF8.self))")
            Bytes.with(input) { text in
                #expect(pattern.allCaptures(in: text) == row.matches, comment)
                #expect(pattern.matches(text) == !row.matches.isEmpty, comment)
                let parts = pattern.split(text, limit: -1).map { Array(input[$0]) }
                #expect(parts == row.split, comment)
                let replaced = Bytes.with(Array("<$1|${0}>".utf8)) { pattern.replaceAll(in: text, template: $0) }
                #expect(replaced == row.replaced, comment)
            }
        }
    }
}

extension Pattern {
    /// All offsets of all matches, as Go's FindAllSubmatchIndex.
    func allCaptures(in text: Bytes) -> [[Int]] {
        findAll(in: text, limit: -1).map { match in
            var from = match.lowerBound
            // An empty match behind a longer one at the same place cannot be asked for from there.
            repeat {
                guard firstMatch(in: text, from: from) else { return [] }
                from += 1
            } while captureRange(0) != match && from <= text.count && from <= match.lowerBound
            return (0...groupCount).flatMap { group in
                captureRange(group).map { [$0.lowerBound, $0.upperBound] } ?? [-1, -1]
            }
        }
    }
}
