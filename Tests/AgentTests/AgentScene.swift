import Glibc
import TestSupport
import Testing

/// The real agent as a process of its own, with files, positions, a log and a configuration of the test's.
final class AgentScene {
    /// Parts of the configuration that tests vary, in YAML's flow style.
    struct Options {
        var client = ""
        var batchWait = "20ms"
        /// Waits that are short enough for tests.
        var backoff = "min_period: 10ms, max_period: 50ms"
        var limits = "shutdown_timeout: 5s"
        var positions = ""
        var server = ""
        var stages = ""
        var pathPattern = "logs/*.log"
        /// An item of `file_sd_configs`, which then stands in place of `static_configs`.
        var discovery = ""
        /// A source, `kind: {...}`, which then stands in place of `static_configs`.
        var source = ""
        /// Items of `static_configs`, in which `FOLDER` is the scene's; empty: one that reads ``pathPattern``.
        var groups: [String] = []
        var relabelRules: [String] = []
        /// Further clients, whole mappings.
        var clients: [String] = []
    }

    let folder: TemporaryFolder
    let receiver: Receiver
    var options: Options
    var positionsFile: String
    private(set) var process: Subprocess?

    /// The debug or release binary that was built together with these tests.
    static var program: String {
        let test = CommandLine.arguments[0]
        let folder = test.split(separator: "/", omittingEmptySubsequences: false)
        // <build>/sluicePackageTests.xctest, or the test runner of the toolchain, which is told the former.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
        let place = bundle.map { $0.split(separator: "/", omittingEmptySubsequences: false) } ?? folder
        return (place.dropLast() + ["sluice"]).joined(separator: "/")
    }

    init(_ options: Options = Options(), receiver: Receiver? = nil) throws {
        folder = try TemporaryFolder()
        self.receiver = try receiver ?? Receiver()
        self.options = options
        positionsFile = folder.path("positions.yaml")
        mkdir(folder.path("logs"), 0o755)
    }

    // MARK: - Files

    func write(_ name: String, _ text: String) throws { try folder.write("logs/\(name)", text) }
    func write(_ name: String, _ bytes: [UInt8]) throws { try folder.write("logs/\(name)", bytes) }

    func append(_ name: String, _ text: String) throws {
        let file = open(folder.path("logs/\(name)"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        try #require(file >= 0)
        defer { close(file) }
        let bytes = Array(text.utf8)
        try #require(Glibc.write(file, bytes, bytes.count) == bytes.count)
    }

    func path(_ name: String) -> String { folder.path("logs/\(name)") }

    // MARK: - The agent

    /// The configuration as YAML.
    func configuration(url: String? = nil) -> String {
        func added(_ text: String) -> String { text.isEmpty ? "" : ", \(text)" }
        let clients =
            [
                "{url: \"\(url ?? receiver.url)\", batchwait: \(options.batchWait), backoff_config: {\(options.backoff)}\(added(options.client))}"
            ] + options.clients
        let groups =
            options.groups.isEmpty
            ? ["{labels: {job: test, __path__: \"\(folder.path(options.pathPattern))\"}}"] : options.groups
        let sources = options.source.isEmpty ? options.discovery.isEmpty ? groups : [options.discovery] : []
        let kind =
            options.source.isEmpty
            ? options.discovery.isEmpty ? "static_configs:" : "file_sd_configs:" : options.source
        return """
            server: {http_listen_address: 127.0.0.1, http_listen_port: 0, grpc_listen_port: 0\(added(options.server))}
            positions: {filename: "\(positionsFile)", sync_period: 100ms\(added(options.positions))}
            target_config: {sync_period: 500ms}
            limits_config: {\(options.limits)}
            clients:
            \(clients.map { "  - \($0)" }.joined(separator: "\n"))
            scrape_configs:
              - job_name: test
                pipeline_stages: [\(options.stages)]
                relabel_configs: [\(options.relabelRules.joined(separator: ", "))]
                \(kind)
            \(sources.map { "      - \($0.replacing("FOLDER", with: folder.path))" }.joined(separator: "\n"))
            """
    }

    /// Starts the agent; `wrapper` comes before the program, as in `setpriv ... sluice ...`.
    func start(
        _ arguments: [String] = [],
        url: String? = nil,
        wrapper: [String] = [],
        environment: [String: String]? = nil
    ) throws {
        let path = try folder.write("agent.yaml", configuration(url: url))
        process = try Subprocess(
            wrapper + [Self.program, "-config.file=\(path)"] + arguments,
            environment: environment,
            output: folder.path("output"),
            errors: folder.path("agent.log")
        )
    }

    /// Ends the agent in order; its exit code.
    func stop(_ signal: Int32 = SIGTERM) throws -> Int32 {
        let process = try #require(process)
        process.kill(signal)
        try waitUntil("the agent has ended", deadline: .seconds(20)) { !process.isRunning }
        return process.wait()
    }

    /// As a crash.
    func kill() {
        process?.kill(SIGKILL)
        process?.wait()
    }

    // MARK: - What it does

    var log: String { (try? folder.read("agent.log")).map { String(decoding: $0, as: UTF8.self) } ?? "" }
    var output: String { (try? folder.read("output")).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// Lines of the agent's log with `text` in them.
    func logged(_ text: String) -> [Substring] { log.split(separator: "\n").filter { $0.contains(text) } }

    func waitForLog(_ text: String) throws {
        try waitUntil("the log says '\(text)'", deadline: .seconds(20)) { !logged(text).isEmpty }
    }

    func waitForEntries(_ count: Int, deadline: Duration = .seconds(30)) throws {
        try waitUntil("\(count) entries have come, not \(receiver.entryCount)", deadline: deadline) {
            receiver.entryCount >= count
        }
    }

    /// The port of the agent's own server.
    func serverPort() throws -> UInt16 {
        try waitForLog("server listening on addresses")
        let line = try #require(logged("server listening on addresses").last)
        return try #require(line.split(separator: ":").last.flatMap { UInt16($0) })
    }

    /// The port that a receiver listens on, of whose beginning the log tells with `message`.
    func receiverPort(_ message: String) throws -> UInt16 {
        try waitForLog(message)
        let line = try #require(logged(message).last)
        return try #require(line.split(separator: "port=").last.flatMap { UInt16($0.filter(\.isNumber)) })
    }

    /// What `/metrics` says now, by name and labels.
    func metrics() throws -> [String: Double] {
        let answer = try httpGet(port: serverPort(), "/metrics")
        try #require(answer.status == 200)
        var metrics: [String: Double] = [:]
        for line in answer.body.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            metrics[parts.dropLast().joined(separator: " ")] = Double(parts[parts.count - 1])
        }
        return metrics
    }

    /// Waits until a metric has a value.
    func waitForMetric(_ name: String, _ awaited: (Double) -> Bool) throws {
        try waitUntil("\(name) is as expected", deadline: .seconds(30)) { awaited(try metrics()[name] ?? 0) }
    }

    /// A number of /proc/PID/status in KiB, such as `RssAnon`.
    func memory(_ name: String) throws -> Int {
        let pid = try #require(process).pid
        let status = String(decoding: try TemporaryFolder.read(absolute: "/proc/\(pid)/status"), as: UTF8.self)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("\(name):") })
        return try #require(line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) })
    }

    /// The saved positions.
    var positions: String {
        (try? folder.read("positions.yaml")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
