import Configuration
import Files

/// Loads positions at the start and saves them; used by the main thread.
struct PositionsKeeper {
    /// What the last run left, less what has been gone for long.
    private(set) var loaded: Positions
    /// Whether the snapshots that arrive next are to be saved.
    var savesNextSnapshots = false
    private var file: PositionsFile
    private var latest: [Int: PositionsSnapshot] = [:]
    /// Positions of sources other than files, by their keys.
    private var cursors: [String: String] = [:]
    private let isWritable: Bool
    private let log: AgentLog
    private var isFailing = false
    private var hasPruned = false
    private let started = Clock.monotonic()

    /// Positions of files that are missing are forgotten once the agent has run so long, in nanoseconds: 10 min.
    ///
    /// Until then a volume may not be mounted yet.
    private static let patience: Int64 = 600_000_000_000

    init(_ options: PositionsOptions, log: AgentLog, isWritable: Bool) throws(AgentError) {
        self.log = log
        self.isWritable = isWritable
        file = PositionsFile(path: options.file)
        do throws(PositionsError) {
            let (positions, warnings) = try file.load(ignoringInvalid: options.ignoresInvalidYAML)
            loaded = positions
            for warning in warnings { log.warn("positions file", ("warning", warning)) }
        } catch {
            let wayOut = "; remove it, or set 'ignore_invalid_yaml: true': every file is read from its start then"
            throw AgentError("positions file: \(error)\(error.isInvalidContent ? wayOut : "")")
        }
    }

    /// Takes what the workers have published, and where other sources stand.
    mutating func takeSnapshots(_ parts: AgentParts) {
        let mailboxes = parts.mailboxes
        for (key, cursor) in parts.takeCursors() {
            cursors[key] = cursor.isEmpty ? nil : cursor
            if cursor.isEmpty { loaded.values[key] = nil }
        }
        for (number, mailbox) in mailboxes.enumerated() {
            if let snapshot = mailbox.takeSnapshot() { latest[number] = snapshot }
        }
        if savesNextSnapshots, mailboxes.allSatisfy({ !$0.wantsSnapshot }) {
            savesNextSnapshots = false
            save()
        }
    }

    /// Writes what is known; a failure is told once and tried again the next time.
    mutating func save() {
        guard isWritable, !latest.isEmpty || !cursors.isEmpty else { return }
        prune(now: Clock.monotonic())
        let positions = current
        do throws(PositionsError) {
            try file.save(positions)
            if isFailing { log.info("positions file can be written again") }
            isFailing = false
        } catch {
            if !isFailing {
                log.error(
                    "error writing positions file; shipping goes on, the next try follows",
                    ("error", "\(error)")
                )
            }
            isFailing = true
        }
    }

    /// Goes on for other workers, which begin where those before them ended; in the file of `other`, if there is one.
    mutating func beginAnew(in other: PositionsKeeper?) {
        var positions = current
        latest = [:]
        cursors = [:]
        savesNextSnapshots = false
        if let other {
            positions.takeMissing(from: other.loaded)
            self = other
        }
        loaded = positions
    }

    private var current: Positions {
        loaded.updated(by: latest.sorted { $0.key < $1.key }.map { $0.value }, cursors: cursors)
    }

    private mutating func prune(now: Int64) {
        guard !hasPruned, now - started >= Self.patience else { return }
        hasPruned = true
        loaded = loaded.withoutMissingFiles()
    }
}
