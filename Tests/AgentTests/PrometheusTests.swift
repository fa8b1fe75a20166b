import Glibc
import TestSupport
import Testing

/// The metrics, looked at by the real promtool and scraped by the real Prometheus.
@Suite(.serialized)
struct PrometheusTests {
    private static let isInstalled = (try? Subprocess.run(["promtool", "--version"]))?.code == 0

    /// Gauges that have been called `_total` since Promtail's first days; dashboards know them by these names.
    private static let misnamed = [
        "promtail_file_bytes_total", "promtail_files_active_total", "promtail_read_bytes_total",
        "promtail_targets_active_total",
    ]

    /// Every kind of source and metric, with values that need escapes.
    private func scene() throws -> AgentScene {
        let scene = try AgentScene()
        scene.options.stages =
            "{metrics: {lines_total: {type: counter, description: 'a \"b\" \\', config: {match_all: true, action: inc}}}}"
        try scene.write("a \"quoted\" \\ näme.log", "one\ntwo\n")
        return scene
    }

    @Test(.needs("promtool", isInstalled)) func promtoolHasNothingToSayButOfPromtailsNames() throws {
        let scene = try scene()
        try scene.start()
        try scene.waitForEntries(2)
        try scene.waitForMetric("sluice_read_lines_total") { $0 == 2 }
        let text = try httpGet(port: scene.serverPort(), "/metrics").body
        let file = try scene.folder.write("metrics", text)
        let check = try Subprocess.run(["/bin/sh", "-c", "promtool check metrics < \(file) 2>&1"])
        #expect(check.code == 3)
        let told = String(decoding: check.output, as: UTF8.self).split(separator: "\n")
        #expect(told.map { $0.prefix { $0 != " " } }.sorted() == Self.misnamed.map { $0[...] }, "\(told)")
        #expect(try scene.stop() == 0)
    }

    @Test(.needs("prometheus", isInstalled)) func prometheusScrapesThem() throws {
        let scene = try scene()
        try scene.start()
        try scene.waitForEntries(2)
        let port = try freePort()
        let file = try scene.folder.write(
            "prometheus.yaml",
            """
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: sluice
                static_configs: [{targets: ['127.0.0.1:\(try scene.serverPort())']}]
            """
        )
        let prometheus = try Subprocess(
            [
                "prometheus", "--config.file=\(file)", "--storage.tsdb.path=\(scene.folder.path("tsdb"))",
                "--web.listen-address=127.0.0.1:\(port)",
            ],
            environment: nil,
            output: scene.folder.path("prometheus.out"),
            errors: scene.folder.path("prometheus.err")
        )
        defer {
            prometheus.kill(SIGKILL)
            prometheus.wait()
        }
        func value(_ query: String) throws -> String {
            guard let answer = try? httpGet(port: port, "/api/v1/query?query=\(query)") else { return "" }
            return answer.body.split(separator: "\"").last { $0.first?.isNumber ?? false }.map(String.init) ?? ""
        }
        try waitUntil("Prometheus has scraped", deadline: .seconds(60)) { try value("up") == "1" }
        try waitUntil("the entries are known", deadline: .seconds(20)) {
            try value("sum(promtail_sent_entries_total)") == "2" && value("sum(promtail_custom_lines_total)") == "2"
        }
        #expect(try value("count(promtail_build_info)") == "1")
        #expect(try scene.stop() == 0)
    }
}
