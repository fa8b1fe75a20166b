import Glibc
import TestSupport
import Testing

/// The agent's own server: `/ready` and `/metrics`.
@Suite(.serialized)
struct EndpointTests {
    private static let notReady =
        "Not ready: Unable to find any logs to tail. Please verify permissions, volumes, scrape_config, etc.\n"

    @Test func readyIsSaidOnceAFileIsOpen() throws {
        let scene = try AgentScene()
        try scene.start()
        let port = try scene.serverPort()
        let before = try httpGet(port: port, "/ready")
        #expect(before.status == 500 && before.body == Self.notReady)
        try scene.write("a.log", "1\n")
        try waitUntil("the agent is ready") { try httpGet(port: port, "/ready").status == 200 }
        #expect(try httpGet(port: port, "/ready").body == "Ready")
        unlink(scene.path("a.log"))
        try waitUntil("the agent is not ready any more", deadline: .seconds(20)) {
            try httpGet(port: port, "/ready").status == 500
        }
        #expect(try httpGet(port: port, "/other").status == 404)
        #expect(try scene.stop() == 0)
    }

    @Test func readinessMayBeLeftUnchecked() throws {
        let scene = try AgentScene()
        scene.options.server = "health_check_target: false, http_path_prefix: /agent"
        try scene.start()
        #expect(try httpGet(port: scene.serverPort(), "/agent/ready").status == 200)
        #expect(try httpGet(port: scene.serverPort(), "/ready").status == 404)
        #expect(try scene.stop() == 0)
    }

    /// Go's profiles have no counterpart; what the process is busy with does.
    @Test func debugTellsOfThreadsAndMemory() throws {
        let scene = try AgentScene()
        scene.options.server = "profiling_enabled: true"
        try scene.write("a.log", "1\n")
        try scene.start()
        try scene.waitForEntries(1)
        let port = try scene.serverPort()
        let debug = try httpGet(port: port, "/debug")
        #expect(debug.status == 200)
        for part in [" worker 0 user ", " sender 0 user ", "RssAnon: ", "clients, bytes in flight\n  0 0\n"] {
            #expect(debug.body.contains(part), "\(part) in \(debug.body)")
        }
        let profile = try httpGet(port: port, "/debug/pprof/heap")
        #expect(profile.status == 404 && profile.body.contains("/debug"))
        #expect(try scene.stop() == 0)
        let plain = try AgentScene()
        try plain.start()
        #expect(try httpGet(port: plain.serverPort(), "/debug").status == 404)
        #expect(try plain.stop() == 0)
    }

    @Test func whatTheServerSectionSaysHolds() throws {
        let scene = try AgentScene()
        scene.options.server =
            "register_instrumentation: false, http_server_idle_timeout: 1s, http_server_read_timeout: 1s, "
            + "http_server_read_header_timeout: 500ms, http_listen_conn_limit: 2"
        try scene.start()
        let port = try scene.serverPort()
        #expect(try httpGet(port: port, "/metrics").status == 404)
        let quiet = try LoopbackClient(port)
        let half = try LoopbackClient(port)
        try half.send("POST /ready HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123")
        let another = try LoopbackClient(port)
        try waitUntil("one too many is closed") { another.isClosed }
        try waitUntil("who says nothing is closed", deadline: .seconds(10)) { quiet.isClosed }
        try waitUntil("who does not finish is closed", deadline: .seconds(10)) { half.isClosed }
        #expect(try scene.stop() == 0)
    }

    @Test func metricsCarryPromtailsNames() throws {
        let scene = try AgentScene()
        try scene.write("a.log", "1\n22\n")
        try scene.start()
        try scene.waitForEntries(2)
        let host = "host=\"127.0.0.1:\(scene.receiver.port)\""
        try scene.waitForMetric("promtail_read_bytes_total{path=\"\(scene.path("a.log"))\"}") { $0 == 5 }
        try scene.waitForMetric("sluice_read_lines_total") { $0 == 2 }
        let metrics = try scene.metrics()
        #expect(metrics["promtail_file_bytes_total{path=\"\(scene.path("a.log"))\"}"] == 5)
        #expect(metrics["promtail_read_lines_total{path=\"\(scene.path("a.log"))\"}"] == 2)
        #expect(metrics["promtail_files_active_total"] == 1)
        #expect(metrics["promtail_targets_active_total"] == 1)
        #expect(metrics["promtail_sent_entries_total{\(host)}"] == 2)
        #expect((metrics["promtail_sent_bytes_total{\(host)}"] ?? 0) > 0)
        #expect(metrics["promtail_sent_bytes_total{\(host)}"] == metrics["promtail_encoded_bytes_total{\(host)}"])
        #expect(metrics["promtail_dropped_entries_total{\(host),reason=\"ingester_error\",tenant=\"\"}"] == 0)
        #expect((metrics["promtail_request_duration_seconds_count{\(host),status_code=\"204\"}"] ?? 0) > 0)
        #expect(
            metrics["promtail_request_duration_seconds_bucket{\(host),status_code=\"204\",le=\"+Inf\"}"]
                == metrics["promtail_request_duration_seconds_count{\(host),status_code=\"204\"}"]
        )
        #expect((metrics["process_resident_memory_bytes"] ?? 0) > 1_000_000)
        #expect((metrics["process_virtual_memory_bytes"] ?? 0) > metrics["process_resident_memory_bytes"] ?? 0)
        #expect((metrics["process_open_fds"] ?? 0) > 3)
        #expect((metrics["process_max_fds"] ?? 0) > metrics["process_open_fds"] ?? 0)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        #expect(abs((metrics["process_start_time_seconds"] ?? 0) - Double(now.tv_sec)) < 60)
        #expect(metrics.keys.contains { $0.hasPrefix("promtail_build_info") })
        #expect(try scene.stop() == 0)
    }

    @Test func countersOfAFileLeaveWithItAndStayOverARotation() throws {
        let scene = try AgentScene()
        try scene.write("a.log", "1\n")
        try scene.write("b.log", "1\n")
        try scene.start()
        try scene.waitForEntries(2)
        rename(scene.path("b.log"), scene.path("b.log.1"))
        try scene.write("b.log", "2\n3\n")
        unlink(scene.path("a.log"))
        try scene.waitForEntries(4)
        let name = { (file: String) in "promtail_read_lines_total{path=\"\(scene.path(file))\"}" }
        try waitUntil("the removed file's counter is gone", deadline: .seconds(20)) {
            try scene.metrics()[name("a.log")] == nil
        }
        try scene.waitForMetric(name("b.log")) { $0 == 3 }
        #expect(try scene.stop() == 0)
    }
}
