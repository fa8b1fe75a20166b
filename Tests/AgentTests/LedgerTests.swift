import Entries
import Glibc
import TestSupport
import Testing

@testable import Agent

/// The ledger balances: read = dropped + joined + held + taken, and taken = sent + dropped by the client + in flight.
@Suite(.serialized)
struct LedgerTests {
    private func sum(_ metrics: [String: Double], _ name: String) -> Double {
        metrics.filter { $0.key == name || $0.key.hasPrefix("\(name){") }.values.reduce(0, +)
    }

    private func expectBalance(_ metrics: [String: Double]) {
        let read = sum(metrics, "sluice_read_lines_total")
        let taken = sum(metrics, "sluice_taken_entries_total")
        let other = ["sluice_dropped_lines_total", "sluice_joined_lines_total", "sluice_held_lines"]
        #expect(read == taken + other.map { sum(metrics, $0) }.reduce(0, +), "\(metrics)")
        let tooLong = metrics.filter { $0.key.contains("line_too_long") && $0.key.contains("dropped_entries") }.values
        let dropped = sum(metrics, "promtail_dropped_entries_total") - tooLong.reduce(0, +)
        #expect(
            taken == sum(metrics, "promtail_sent_entries_total") + dropped + sum(metrics, "sluice_in_flight_entries")
        )
        // The same by job.
        func ofJobs(_ name: String) -> Double { sum(metrics, "sluice_job_\(name)") }
        #expect(ofJobs("read_lines_total") == read)
        #expect(ofJobs("dropped_lines_total") == sum(metrics, "sluice_dropped_lines_total"))
        #expect(ofJobs("taken_entries_total") == taken)
        let ended = ["delivered_entries_total", "given_up_entries_total", "in_flight_entries"]
        #expect(ofJobs("taken_entries_total") == ended.map(ofJobs).reduce(0, +))
    }

    @Test func itBalancesWhileLokiIsAwayAndAfterwards() throws {
        let scene = try AgentScene()
        scene.options.client = "batchsize: 2000"
        scene.options.stages = "{json: {expressions: {level: }, drop_malformed: true}}"
        scene.options.limits = "max_line_size: 1KB, shutdown_timeout: 5s"
        scene.receiver.answer { $0 <= 3 ? nil : $0 % 5 == 0 ? .status(400, "no") : .status(503) }
        let lines = (0..<2_000).map { number in
            switch number % 10 {
            case 0: "malformed \(number)"
            case 1: "{\"level\":\"\(String(repeating: "x", count: 2_000))\"}"
            default: "{\"level\":\"\(number)\"}"
            }
        }
        try scene.write("a.log", lines.map { $0 + "\n" }.joined())
        try scene.start()
        try scene.waitForLog("error sending batch, will retry")
        try scene.waitForMetric("sluice_in_flight_bytes") { $0 > 0 }
        scene.receiver.answer { $0 % 3 == 0 ? .status(400, "no") : nil }
        try scene.waitForMetric("sluice_read_lines_total") { $0 == 2_000 }
        try waitUntil("nothing is in flight", deadline: .seconds(20)) {
            self.sum(try scene.metrics(), "sluice_in_flight_entries") == 0
        }
        let metrics = try scene.metrics()
        expectBalance(metrics)
        #expect(sum(metrics, "sluice_dropped_lines_total") == 400)
        #expect(sum(metrics, "promtail_sent_entries_total") == Double(scene.receiver.entryCount))
        #expect(sum(metrics, "promtail_dropped_entries_total") > 200)
        #expect(try scene.stop() == 0)
    }

    @Test func theSummaryTellsTheSame() throws {
        let scene = try AgentScene()
        scene.options.stages = "{json: {expressions: {a: }, drop_malformed: true}}, {redact: {}}"
        try scene.write("a.log", "{\"password\":\"x\"}\nno\n{\"a\":1}\n")
        try scene.start(["-summary"])
        try scene.waitForEntries(2)
        #expect(try scene.stop() == 0)
        let summary = scene.output.split(separator: "\n").map { $0.split { $0 == " " }.joined(separator: " ") }
        #expect(
            summary.prefix(5) == [
                "summary: lines read 3", "summary: delivered 2", "summary: dropped 1 by json (malformed)",
                "summary: values redacted 1", "summary: bytes read 28",
            ]
        )
    }

    @Test func theSummaryAccountsForEveryLine() throws {
        let scene = try AgentScene()
        scene.options.stages = "{multiline: {firstline: '^S'}}, {drop: {expression: 'gone'}}"
        try scene.write("a.log", "S 1\n a\n b\nS 2\nS gone\n c\nS 3\n d\n")
        try scene.start(["-summary", "-once"])
        #expect(scene.process?.wait() == 0)
        #expect(scene.receiver.lines == ["S 1\n a\n b", "S 2", "S 3\n d"])
        let summary = scene.output.split(separator: "\n").map { $0.split { $0 == " " }.joined(separator: " ") }
        #expect(
            summary.prefix(4) == [
                "summary: lines read 8", "summary: delivered 3", "summary: dropped 1 by drop (drop_stage)",
                "summary: joined 4 to other lines",
            ]
        )
    }

    @Test func theSummaryTellsClientsApartAndWhatTheyDidNotTake() {
        var totals = Ledger.Totals()
        totals.readLines = 10
        totals.heldLines = 1
        var first = Ledger.ClientSums()
        first.takenEntries = 9
        first.sentEntries = 5
        first.tenants = ["": Ledger.TenantSums(droppedEntries: ["ingester_error": 2])]
        var second = Ledger.ClientSums()
        second.takenEntries = 7
        second.sentEntries = 7
        second.refusedEntries = 2
        totals.clients = ["a": first, "b": second]
        #expect(
            Summary(totals, seconds: 1.26).lines == [
                "summary: lines read      10", "summary: delivered       5 to a", "summary: delivered       7 to b",
                "summary: held            1 by stages", "summary: refused         2 by a (ingester_error)",
                "summary: not answered    2 by a", "summary: refused         2 for b (stream_limited)",
                "summary: values redacted 0", "summary: bytes read      0", "summary: bytes on wire   0",
                "summary: seconds         1.2",
            ]
        )
    }

    @Test func theSummaryOfADryRunCountsWhatIsPrinted() {
        var totals = Ledger.Totals()
        totals.readLines = 3
        totals.drops = [DropReason(stage: "drop", reason: "debug"): 1]
        #expect(
            Summary(totals, seconds: 0).lines.prefix(2) == ["summary: lines read      3", "summary: printed         2"]
        )
    }

    @Test func sumsOfSeveralWorkersAddUp() {
        let ledger = Ledger()
        for _ in 0..<3 {
            var sums = Ledger.ReadSums()
            sums.lines = 10
            sums.held = 2
            sums.joined = 1
            sums.linesByPath = ["/a": 4, "/b": 6]
            sums.drops = [DropReason(stage: "drop", reason: "debug"): 1]
            sums.oddities = [.nul: 1]
            sums.taken = ["loki": 6]
            ledger.add(sums)
        }
        ledger.update(client: "loki") { $0.sentEntries += 10 }
        var letGo = Ledger.ReadSums()
        letGo.held = -4
        ledger.add(letGo)
        ledger.forget(path: "/a")
        let totals = ledger.current
        #expect(totals.readLines == 30 && totals.heldLines == 2 && totals.joinedLines == 3)
        #expect(totals.linesByPath == ["/b": 18])
        #expect(totals.drops == [DropReason(stage: "drop", reason: "debug"): 3])
        #expect(totals.oddLines == ["nul": 3])
        #expect(totals.clients["loki"]?.inFlightEntries == 8)
    }

    @Test func everyJobHasItsOwn() throws {
        let scene = try AgentScene()
        try scene.write("a.log", (0..<300).map { "\($0)\n" }.joined())
        try scene.write("b.txt", (0..<50).map { "\($0)\n" }.joined())
        let more = """

              - job_name: other
                pipeline_stages: [{drop: {expression: '^1'}}]
                static_configs: [{labels: {job: b, __path__: '\(scene.path("*.txt"))'}}]
            """
        let file = try scene.folder.write("two.yaml", scene.configuration() + more)
        let process = try Subprocess(
            [AgentScene.program, "-config.file=\(file)"],
            output: scene.folder.path("output"),
            errors: scene.folder.path("agent.log")
        )
        defer {
            process.kill(SIGKILL)
            process.wait()
        }
        try scene.waitForEntries(339)
        try waitUntil("all is counted", deadline: .seconds(20)) {
            sum(try scene.metrics(), "sluice_job_delivered_entries_total") == 339
        }
        let metrics = try scene.metrics()
        let host = "host=\"127.0.0.1:\(scene.receiver.port)\""
        #expect(metrics["sluice_job_read_lines_total{job_name=\"test\"}"] == 300)
        #expect(metrics["sluice_job_read_lines_total{job_name=\"other\"}"] == 50)
        #expect(metrics["sluice_job_delivered_entries_total{\(host),job_name=\"test\"}"] == 300)
        #expect(metrics["sluice_job_delivered_entries_total{\(host),job_name=\"other\"}"] == 39)
        let drop = "{job_name=\"other\",reason=\"drop_stage\",stage=\"drop\"}"
        #expect(metrics["sluice_job_dropped_lines_total\(drop)"] == 11)
    }
}
