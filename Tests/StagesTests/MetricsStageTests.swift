import Entries
import Testing

@testable import Stages

struct MetricsStageTests {
    /// What has changed, by `name{labels}`.
    private static func changes(_ run: StageRun) -> [String: MetricChange] {
        var found: [String: MetricChange] = [:]
        for table in run.pipeline.metrics.tables {
            table.drain { labels, change in found["\(table.definition.name){\(labels)}"] = change }
        }
        return found
    }

    private static func sums(_ stages: String, _ lines: [String]) throws -> [String: Double] {
        let run = try StageRun(stages, labels: ["job": "j", "__path__": "/x"])
        for line in lines { run.feed(line) }
        return changes(run).mapValues(\.sum)
    }

    private static let json = "- json: {expressions: {a: , b: }}\n- metrics:\n    m: "

    @Test(arguments: [
        StageCase(
            "counts a value that is there, nil too",
            "{type: counter, source: a, config: {action: inc}}",
            [#"{"a":1}"#, #"{"b":1}"#, "x"],
            expect: 2
        ),
        StageCase(
            "counts one value",
            "{type: Counter, source: a, config: {action: INC, value: web}}",
            [#"{"a":"web"}"#, #"{"a":"db"}"#],
            expect: 1
        ),
        StageCase(
            "counts a Boolean by its text",
            "{type: counter, source: a, config: {action: inc, value: 'true'}}",
            [#"{"a":true}"#],
            expect: 1
        ),
        StageCase(
            "adds numbers and durations",
            "{type: counter, source: a, config: {action: add}}",
            [#"{"a":1.5}"#, #"{"a":"250ms"}"#, #"{"a":"1e1"}"#, #"{"a":true}"#, #"{"a":"x"}"#, #"{"a":null}"#],
            expect: 12.75
        ),
        StageCase(
            "does not shrink a counter",
            "{type: counter, source: a, config: {action: add}}",
            [#"{"a":1}"#, #"{"a":-1}"#],
            expect: 1
        ),
        StageCase(
            "counts every line",
            "{type: counter, config: {match_all: true, action: inc}}",
            ["x", "{}", ""],
            expect: 3
        ),
        StageCase(
            "adds the bytes of every line",
            "{type: counter, config: {match_all: true, count_entry_bytes: true, action: add}}",
            ["abc", "de"],
            expect: 5
        ),
        StageCase(
            "sets a gauge",
            "{type: gauge, source: a, config: {action: set}}",
            [#"{"a":5}"#, #"{"a":"-2.5"}"#],
            expect: -2.5
        ),
        StageCase(
            "counts a gauge down",
            "{type: GAUGE, source: a, config: {action: dec, value: x}}",
            [#"{"a":"x"}"#, #"{"a":"y"}"#],
            expect: -1
        ),
        StageCase(
            "subtracts",
            "{type: gauge, source: a, config: {action: sub}}",
            [#"{"a":5}"#, #"{"a":-2}"#],
            expect: -3
        ),
        StageCase("observes", "{type: histogram, source: a}", [#"{"a":"932ms"}"#], expect: 0.932),
    ])
    func sum(_ row: StageCase<Double>) throws {
        let sums = try Self.sums(Self.json + row.stages, row.lines)
        #expect(sums == [#"promtail_custom_m{job="j"}"#: row.expected])
    }

    @Test func nothingIsExposedBeforeTheFirstHit() throws {
        #expect(
            try Self.sums(Self.json + "{type: counter, source: a, config: {action: inc, value: x}}", ["{}"]).isEmpty
        )
        #expect(try Self.sums(Self.json + "{type: counter, config: {match_all: true, action: add}}", ["{}"]).isEmpty)
    }

    @Test func theNameOfTheMetricIsItsSource() throws {
        let stages = "- json: {expressions: {a: }}\n- metrics: {a: {type: gauge, prefix: my_, config: {action: set}}}"
        #expect(try Self.sums(stages, [#"{"a":3}"#]) == [#"my_a{job="j"}"#: 3])
    }

    @Test func everyLabelSetHasASeriesOfItsOwn() throws {
        let stages = """
            - json: {expressions: {a: }}
            - labels: {a: }
            - tenant: {value: t}
            - metrics: {m: {type: counter, config: {match_all: true, action: inc}}}
            """
        let sums = try Self.sums(stages, [#"{"a":"x"}"#, #"{"a":"say \"y\"\n"}"#, "{}", #"{"a":"x"}"#])
        #expect(
            sums == [
                #"promtail_custom_m{a="x",job="j"}"#: 2, #"promtail_custom_m{a="say \"y\"\n",job="j"}"#: 1,
                #"promtail_custom_m{job="j"}"#: 1,
            ]
        )
    }

    @Test func bucketsHoldWhatLiesUpToTheirBound() throws {
        let run = try StageRun(Self.json + "{type: histogram, source: a, config: {buckets: [10, 20]}}")
        for value in ["10", "20", "10.5", "21", "-1"] { run.feed("{\"a\":\(value)}") }
        let change = try #require(Self.changes(run)["promtail_custom_m{}"])
        #expect(change.buckets == [2, 2, 1] && change.count == 5 && change.sum == 60.5)
    }

    @Test func aChangeIsToldOnce() throws {
        let run = try StageRun(Self.json + "{type: gauge, source: a, config: {action: add}}")
        run.feed(#"{"a":2}"#)
        #expect(Self.changes(run)["promtail_custom_m{}"] == MetricChange(sum: 2))
        #expect(Self.changes(run).isEmpty)
        run.feed(#"{"a":3}"#)
        #expect(Self.changes(run)["promtail_custom_m{}"] == MetricChange(sum: 3))
    }

    /// When numbers of label sets begin anew, what was counted under the old ones is still told.
    @Test func nothingIsLostWhenLabelSetsAreForgotten() throws {
        let run = try StageRun(
            "- json: {expressions: {a: }}\n- labels: {a: }\n- metrics: {m: {type: counter, config: {match_all: true, action: inc}}}"
        )
        let count = LabelSets.limit + 100
        for index in 0..<count { run.feed("{\"a\":\"\(index)\"}") }
        #expect(run.pipeline.labelSets.epoch == 1)
        let changes = Self.changes(run)
        #expect(changes.count == count)
        #expect(changes.values.allSatisfy { $0.sum == 1 })
    }

    @Test(arguments: ["- metrics:", "- metrics: {}"])
    func nothingToCountIsAccepted(_ stages: String) throws {
        #expect(try StageRun(stages).pipeline.metrics.tables.isEmpty)
    }

    @Test(arguments: [
        MistakeCase("- metrics: [a]", "metrics: takes a mapping of metrics by name"),
        MistakeCase("- metrics: {m: {config: {action: inc}}}", "metrics: m: 'type' is missing"),
        MistakeCase("- metrics: {m: {type: countr}}", "takes counter, gauge or histogram; did you mean 'counter'?"),
        MistakeCase("- metrics: {m: {type: counter}}", "needs an action: inc or add"),
        MistakeCase("- metrics: {m: {type: counter, config: {action: set}}}", "takes inc or add"),
        MistakeCase("- metrics: {m: {type: gauge, config: {action: sett}}}", "did you mean 'set'?"),
        MistakeCase(
            "- metrics: {m: {type: counter, config: {action: inc, match_all: true, value: x}}}",
            "is given together with 'match_all: true'"
        ),
        MistakeCase(
            "- metrics: {m: {type: counter, config: {action: add, count_entry_bytes: true}}}",
            "needs 'match_all: true'"
        ),
        MistakeCase(
            "- metrics: {m: {type: counter, config: {action: inc, match_all: true, count_entry_bytes: true}}}",
            "needs 'action: add'"
        ),
        MistakeCase("- metrics: {m: {type: histogram, config: {buckets: [1, 1]}}}", "must increase"),
        MistakeCase(
            "- metrics: {m: {type: gauge, max_idle_duration: 10ms, config: {action: set}}}",
            "must be at least 1s"
        ),
        MistakeCase(
            "- metrics: {m-n: {type: gauge, config: {action: set}}}",
            "'promtail_custom_m-n' is not a valid metric name"
        ),
        MistakeCase(
            "- metrics: {m: {type: gauge, descripton: x, config: {action: set}}}",
            "did you mean 'description'?"
        ),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
