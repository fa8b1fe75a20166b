import Configuration
import Entries
import Glibc
import Receivers
import Synchronization
import TestSupport
import Testing

@testable import Journal

/// A reader over a folder of journal files, and what it hands over.
final class JournalScene {
    struct Line: Equatable {
        var labels: [String: String]
        var text: [UInt8]
        /// Microseconds since 1970.
        var time: UInt64
        var string: String { String(decoding: text, as: UTF8.self) }
    }

    /// Takes batches; the test says when, and whether, they are answered.
    final class Sink: MessageSink {
        struct State {
            var lines: [Line] = []
            var open: [@Sendable (MessageBatch.Outcome) -> Void] = []
            var answers = true
            var isBlocked = false
        }

        let state = Mutex(State())

        var hasRoom: Bool { state.withLock { !$0.isBlocked } }

        func offer(_ batch: MessageBatch) -> Bool {
            let whenDone: (@Sendable (MessageBatch.Outcome) -> Void)?? = state.withLock { state in
                guard !state.isBlocked else { return nil }
                for message in batch.messages {
                    let labels = batch.labelSets[message.labels].map {
                        ($0.name, String(decoding: $0.value, as: UTF8.self))
                    }
                    state.lines.append(
                        Line(
                            labels: Dictionary(labels) { $1 },
                            text: Array(batch.bytes[message.line]),
                            time: UInt64((message.timestamp?.unixNanoseconds ?? 0) / 1_000)
                        )
                    )
                }
                if state.answers { return .some(batch.whenDone) }
                if let whenDone = batch.whenDone { state.open.append(whenDone) }
                return .some(nil)
            }
            guard let whenDone else { return false }
            whenDone?(.accepted)
            return true
        }
    }

    let folder: TemporaryFolder
    let sink = Sink()
    let counts = JournalCounts()
    var journal = "path: FOLDER/journal, max_age: 200000h, labels: {job: test}"
    var rules: [String] = []
    private let notices = Told()
    private var progress: SourceProgress?
    private var wakeup: [Int32] = [-1, -1]
    private var thread: JoinedThread?

    final class Told: Sendable {
        let all = Mutex<[JournalNotice]>([])
    }

    init() throws {
        folder = try TemporaryFolder()
        mkdir(folder.path("journal"), 0o755)
    }

    deinit { stop() }

    /// Adds entries to `journal/NAME.journal`.
    func add(_ entries: [UInt8], to name: String = "system", arguments: [String] = []) throws {
        try JournalFiles.add(entries, to: "journal/\(name).journal", in: folder, arguments: arguments)
    }

    // MARK: - The reader

    func start(cursor: String? = nil) throws {
        let path = try folder.write(
            "agent.yaml",
            """
            clients: [{url: "http://127.0.0.1:1/loki/api/v1/push"}]
            scrape_configs:
              - job_name: test
                journal: {\(journal.replacing("FOLDER", with: folder.path))}
                relabel_configs: [\(rules.joined(separator: ", "))]
            """
        )
        let scrape = try #require(AgentConfiguration.load(path).configuration?.scrapeConfigs.first)
        let notices = notices
        let source = JournalSource(
            try #require(scrape.journal),
            rules: scrape.relabelRules,
            longestEntry: 16 << 20,
            sink: sink,
            counts: counts,
            tell: { notice in notices.all.withLock { $0.append(notice) } }
        )
        try #require(pipe(&wakeup) == 0)
        let progress = SourceProgress(cursor: cursor)
        self.progress = progress
        let end = wakeup[0]
        thread = JoinedThread { JournalReader(source, progress: progress, wakeup: end).run() }
    }

    /// Ends the reader; the cursor up to which everything was answered for.
    @discardableResult
    func stop() -> String? {
        guard let thread, let progress else { return nil }
        progress.requestStop()
        close(wakeup[1])
        thread.join()
        close(wakeup[0])
        self.thread = nil
        return progress.acknowledged
    }

    var acknowledged: String? { progress?.acknowledged }
    var told: [JournalNotice] { notices.all.withLock { $0 } }
    var lines: [Line] { sink.state.withLock { $0.lines } }
    var texts: [String] { lines.map(\.string) }

    func waitForLines(_ count: Int, deadline: Duration = .seconds(20)) throws {
        try waitUntil("\(count) lines", deadline: deadline) { lines.count >= count }
    }
}
