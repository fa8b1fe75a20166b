import Entries
import Languages
import Testing

@testable import Stages

struct SamplingStageTests {
    private static let json = "- json: {expressions: {id: , level: , code: }}\n"

    @Test func rateOneKeepsAllAndRateZeroDropsAll() throws {
        let all = try StageRun("- sampling: {rate: 1}")
        let none = try StageRun("- sampling: {rate: 0, drop_counter_reason: sampled_out}")
        for number in 0..<1_000 {
            all.feed("\(number)")
            none.feed("\(number)")
        }
        #expect(all.lines.count == 1_000)
        #expect(all.drops == [:])
        #expect(none.lines.isEmpty)
        #expect(none.drops == ["sampled_out": 1_000])
    }

    @Test(arguments: [0.1, 0.5, 0.9])
    func chanceKeepsTheShareOfTheEntries(_ rate: Double) throws {
        let run = try StageRun("- sampling: {rate: \(rate)}", seed: 11)
        let count = 20_000
        for _ in 0..<count { run.feed("x") }
        // Five standard deviations.
        let deviation = (Double(count) * rate * (1 - rate)).squareRoot()
        #expect(abs(Double(run.lines.count) - Double(count) * rate) < 5 * deviation)
        #expect(run.drops == ["sampling_stage": count - run.lines.count])
    }

    @Test func chanceDiffersBetweenRunsButNotForOneSeed() throws {
        func kept(_ seed: UInt64) throws -> [String] {
            let run = try StageRun("- sampling: {rate: 0.5}", seed: seed)
            for number in 0..<64 { run.feed("\(number)") }
            return run.lines
        }
        #expect(try kept(1) == kept(1))
        #expect(try kept(1) != kept(2))
    }

    /// Test vectors for other programs: XXH64 of the value with seed 0, and the least rate in hundredths that keeps it.
    @Test(arguments: [
        ("a", UInt64(0xD24E_C4F1_A98C_6E5B), 83), ("abc", 0x44BC_2CF5_AD77_0999, 27),
        ("123e4567-e89b-12d3-a456-426614174000", 0x8BCF_856B_700C_9F1F, 55),
    ])
    func hashOfTheValueDecides(_ value: String, _ hash: UInt64, _ leastRate: Int) throws {
        #expect(Bytes.with(Array(value.utf8)) { Hashing.xxh64($0) } == hash)
        for percent in [leastRate - 1, leastRate] {
            let run = try StageRun(Self.json + "- sampling: {rate: \(Double(percent) / 100), by: id}")
            run.feed("{\"id\":\"\(value)\"}")
            #expect(run.lines.count == (percent == leastRate ? 1 : 0))
        }
    }

    @Test func entriesOfOneValueStayTogetherOnEveryHost() throws {
        let stages = Self.json + "- sampling: {rate: 0.3, by: id}"
        let first = try StageRun(stages, seed: 1)
        let second = try StageRun(stages, seed: 2)
        for number in 0..<6_000 {
            for run in [first, second] { run.feed("{\"id\":\"request-\(number % 2_000)\"}") }
        }
        #expect(first.lines == second.lines)
        let counts = Dictionary(grouping: first.lines) { $0 }.mapValues(\.count)
        #expect(counts.values.allSatisfy { $0 == 3 })
        #expect((500...700).contains(counts.count))
    }

    @Test func numbersAndEscapedTextsDecideByTheirText() throws {
        let run = try StageRun(Self.json + "- sampling: {rate: 0.27, by: id}")
        run.feed(#"{"id":"\u0061bc"}"#)
        #expect(run.lines.count == 1)
    }

    @Test(arguments: ["{}", #"{"id":""}"#, #"{"id":null}"#, "no json"])
    func chanceDecidesWhereThereIsNoValue(_ line: String) throws {
        let run = try StageRun(Self.json + "- sampling: {rate: 0.5, by: id}", seed: 5)
        for _ in 0..<1_000 { run.feed(line) }
        #expect((400...600).contains(run.lines.count))
    }

    @Test(arguments: [
        StageCase("a listed text", "keep: {level: [error, warn]}", #"{"level":"warn"}"#, expect: true),
        StageCase("a listed text in capitals", "keep: {level: [Error]}", #"{"level":"ERROR"}"#, expect: true),
        StageCase("a text that is not listed", "keep: {level: [error, warn]}", #"{"level":"info"}"#, expect: false),
        StageCase(
            "a text that only contains a listed one",
            "keep: {level: [error]}",
            #"{"level":"errors"}"#,
            expect: false
        ),
        StageCase("a single text", "keep: {level: error}", #"{"level":"error"}"#, expect: true),
        StageCase("a number", "keep: {code: [500, 503]}", #"{"code":503}"#, expect: true),
        StageCase(
            "one of several names",
            "keep: {level: [error], code: [500]}",
            #"{"level":"info","code":500}"#,
            expect: true
        ),
        StageCase("a label", "keep: {job: [j]}", labels: ["job": "j"], "x", expect: true),
        StageCase("nil", "keep: {level: ['']}", "{}", expect: false),
        StageCase("an empty text", "keep: {level: ['']}", #"{"level":""}"#, expect: true),
    ])
    func keepsWhatIsListedWhateverTheRate(_ row: StageCase<Bool>) throws {
        let stages = Self.json + "- sampling: {rate: 0, \(row.stages)}"
        #expect(try StageRun.outputs(stages, labels: row.labels, row.lines).isEmpty != row.expected)
    }

    @Test func rateStandsInTheMetadataSoThatCountsCanBeScaledBack() throws {
        let run = try StageRun(
            Self.json + "- sampling: {rate: 0.25, by: id, keep: {level: [error]}, rate_metadata: sample_rate}"
        )
        let requests = 4_000
        for number in 0..<requests {
            run.feed("{\"id\":\"\(number)\",\"level\":\"\(number % 4 == 0 ? "error" : "info")\"}")
        }
        let errors = run.outputs.filter { $0.text.contains("error") }
        let others = run.outputs.filter { !$0.text.contains("error") }
        #expect(errors.count == requests / 4)
        #expect(errors.allSatisfy { $0.metadata == [.init("sample_rate", "1")] })
        #expect(others.allSatisfy { $0.metadata == [.init("sample_rate", "0.25")] })
        #expect(abs(Double(others.count) / 0.25 - Double(requests) * 0.75) < 300)
    }

    @Test(arguments: [
        MistakeCase("- sampling: {rate: 1.5}", "sampling: 'rate' must lie between 0 and 1"),
        MistakeCase("- sampling: {rate: -0.1}", "sampling: 'rate' must lie between 0 and 1"),
        MistakeCase("- sampling: {rate: .nan}", "sampling: 'rate' must lie between 0 and 1"),
        MistakeCase("- sampling:", "warning: sampling: 'rate' is missing, so all entries are dropped"),
        MistakeCase("- sampling: {rate: 1, by: ''}", "sampling: 'by' is empty"),
        MistakeCase("- sampling: {rate: 1, keep: [error]}", "sampling: 'keep' takes a mapping, not a list"),
        MistakeCase(
            "- sampling: {rate: 1, keep: {level: {a: b}}}",
            "sampling: 'keep' takes a list of texts for 'level'"
        ),
        MistakeCase(
            "- sampling: {rate: 1, keep: {level: [[a]]}}",
            "sampling: 'keep' takes a list of texts for 'level'"
        ),
        MistakeCase("- sampling: {rate: 1, rate_metadata: a-b}", "sampling: 'rate_metadata' is not a valid name"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
