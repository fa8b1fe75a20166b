import Configuration
import Entries
import Testing

@testable import Agent
@testable import Stages

struct CustomMetricsTests {
    private static let second: Int64 = 1_000_000_000

    /// A pipeline with these stages that has taken these lines.
    private func pipeline(_ stages: String, _ lines: [String], labels: [String: String] = [:]) -> Pipeline {
        var diagnostics = Diagnostics(file: "test.yaml")
        let root = YAMLParser.parse(YAMLSource(stages, file: "test.yaml"), into: &diagnostics)
        let compiler = PipelineCompiler(diagnostics: diagnostics)
        let pipeline = compiler.compile(root?.items ?? [])
        #expect(!compiler.diagnostics.hasErrors)
        let base = pipeline.labelSets.addBase(labels.map { ($0.key, Array($0.value.utf8)) })
        feed(lines, pipeline, base)
        return pipeline
    }

    private func feed(_ lines: [String], _ pipeline: Pipeline, _ base: Int = 0) {
        let now = Moment(monotonic: 0, wall: Timestamp(seconds: 0))
        for line in lines {
            Bytes.with(Array(line.utf8)) {
                let span = SpanID(source: 0, number: 0)
                _ = pipeline.process(line: $0, timestamp: now.wall, base: base, now: now, span: span)
            }
        }
    }

    private func register(_ pipeline: Pipeline, _ metrics: CustomMetrics) -> [Bool] {
        pipeline.metrics.tables.map { metrics.register($0.definition) }
    }

    private static let counter =
        "- metrics: {lines_total: {type: counter, description: All lines, config: {match_all: true, action: inc}}}"

    @Test func seriesOfSeveralPipelinesAreOne() {
        let metrics = CustomMetrics()
        let one = pipeline(Self.counter, ["a", "b"], labels: ["job": "j"])
        let other = pipeline(Self.counter, ["c"], labels: ["job": "j"])
        #expect(register(one, metrics) == [true] && register(other, metrics) == [true])
        metrics.add(one.metrics, now: 0)
        metrics.add(other.metrics, now: 0)
        metrics.add(one.metrics, now: 0)
        #expect(
            metrics.text(now: 0) == """
                # HELP promtail_custom_lines_total All lines
                # TYPE promtail_custom_lines_total counter
                promtail_custom_lines_total{job="j"} 3

                """
        )
    }

    @Test func aNameThatMeansTwoThingsIsRefused() {
        let metrics = CustomMetrics()
        let one = pipeline(Self.counter, ["a"])
        let other = pipeline("- metrics: {lines_total: {type: gauge, config: {action: inc}}}", [])
        #expect(register(one, metrics) == [true] && register(other, metrics) == [false])
    }

    @Test func aGaugeIsSetAndThenCountsOn() {
        let metrics = CustomMetrics()
        let stages = """
            - json: {expressions: {a: , b: }}
            - metrics: {m: {type: gauge, source: a, config: {action: set}}}
            """
        let one = pipeline(stages, [#"{"a":3000000}"#])
        _ = register(one, metrics)
        metrics.add(one.metrics, now: 0)
        feed([#"{"a":1234567.5}"#], one)
        metrics.add(one.metrics, now: 0)
        #expect(metrics.text(now: 0).hasSuffix("\npromtail_custom_m 1.2345675e+06\n"))
    }

    @Test func bucketsAddUp() {
        let metrics = CustomMetrics()
        let stages = """
            - json: {expressions: {a: }}
            - metrics: {m: {type: histogram, source: a, config: {buckets: [0.5, 1000000]}}}
            """
        let one = pipeline(stages, [#"{"a":0.5}"#, #"{"a":2}"#], labels: ["job": "j"])
        _ = register(one, metrics)
        metrics.add(one.metrics, now: 0)
        feed([#"{"a":2e6}"#], one)
        metrics.add(one.metrics, now: 0)
        #expect(
            metrics.text(now: 0) == """
                # HELP promtail_custom_m\u{20}
                # TYPE promtail_custom_m histogram
                promtail_custom_m_bucket{job="j",le="0.5"} 1
                promtail_custom_m_bucket{job="j",le="1e+06"} 2
                promtail_custom_m_bucket{job="j",le="+Inf"} 3
                promtail_custom_m_sum{job="j"} 2.0000025e+06
                promtail_custom_m_count{job="j"} 3

                """
        )
    }

    /// Promtail removes what is idle after a scrape, so it is seen one last time, and then begins at 0.
    @Test func anIdleSeriesIsShownOnceMoreAndBeginsAnew() {
        let metrics = CustomMetrics()
        let one = pipeline(
            "- metrics: {m: {type: counter, max_idle_duration: 2500ms, config: {match_all: true, action: inc}}}",
            ["a", "b"]
        )
        _ = register(one, metrics)
        metrics.add(one.metrics, now: 0)
        #expect(metrics.text(now: 2 * Self.second - 1).hasSuffix(" 2\n"))
        #expect(metrics.text(now: 2 * Self.second).hasSuffix(" 2\n"))
        #expect(metrics.text(now: 2 * Self.second).isEmpty)
        feed(["c"], one)
        metrics.add(one.metrics, now: 3 * Self.second)
        #expect(metrics.text(now: 3 * Self.second).hasSuffix(" 1\n"))
    }

    @Test func whatLimitDropsByLabelIsCounted() {
        let metrics = CustomMetrics()
        let one = pipeline(
            "- regex: {expression: '^(?P<app>.)'}\n- labels: {app: }\n- limit: {rate: 0.001, burst: 1, drop: true, by_label_name: app}",
            ["a", "a", "b", "a", "b", "c"],
            labels: ["job": "j"]
        )
        #expect(register(one, metrics) == [true])
        metrics.add(one.metrics, now: 0)
        #expect(
            metrics.text(now: 0).split(separator: "\n").filter { !$0.hasPrefix("#") } == [
                #"logentry_dropped_lines_by_label_total{label_name="app",label_value="a"} 2"#,
                #"logentry_dropped_lines_by_label_total{label_name="app",label_value="b"} 1"#,
            ]
        )
    }

    /// Nobody scrapes: series stay within their bound, idle ones make room, and what does not fit is counted.
    @Test func seriesAreBoundedWithoutAScrape() {
        let metrics = CustomMetrics()
        let stages = "- regex: {expression: '(?P<id>.+)'}\n- labels: {id: }\n\(Self.counter)"
        let lines = (0..<CustomMetrics.seriesLimit + 100).map { "\($0)" }
        let one = pipeline(stages, lines)
        #expect(register(one, metrics) == [true])
        metrics.add(one.metrics, now: 0)
        #expect(metrics.refused == 100)
        feed(["one more"], one)
        metrics.add(one.metrics, now: 400 * Self.second)
        #expect(metrics.refused == 100)
        let series = metrics.text(now: 400 * Self.second).split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(series == [#"promtail_custom_lines_total{id="one more"} 1"#])
    }

    @Test func tenantsAreBounded() {
        let ledger = Ledger()
        for number in 0..<3_000 { ledger.update(client: "h", tenant: "t\(number)") { $0.retries += 1 } }
        let tenants = ledger.current.clients["h"]?.tenants ?? [:]
        #expect(tenants.count == 1_001)
        #expect(tenants["(other)"]?.retries == 2_000)
        #expect(tenants["t7"]?.retries == 1)
    }
}
