import Configuration
import Files
import Synchronization

/// Loads positions at the start and saves them; used by the main thread.
struct PositionsKeeper {
    /// What the last run left.
    let loaded: Positions
    /// Whether the snapshots that arrive next are to be saved.
    var savesNextSnapshots = false
    private var file: PositionsFile
    private var latest: [Int: PositionsSnapshot] = [:]
    private let isWritable: Bool
    private let log: AgentLog
    private var isFailing = false

    init(_ options: PositionsOptions, log: AgentLog, isWritable: Bool) throws(AgentError) {
        self.log = log
        self.isWritable = isWritable
        file = PositionsFile(path: options.file)
        do throws(PositionsError) {
            let (positions, warnings) = try file.load(ignoringInvalid: options.ignoresInvalidYAML)
            loaded = positions
            for warning in warnings { log.warn("positions file", ("warning", warning)) }
        } catch {
            throw AgentError("positions file: \(error)")
        }
    }

    /// Takes what the workers have published.
    mutating func takeSnapshots(_ mailboxes: [WorkerMailbox]) {
        for (number, mailbox) in mailboxes.enumerated() {
            let snapshot = mailbox.state.withLock { state in
                defer { state.snapshot = nil }
                return state.snapshot
            }
            if let snapshot { latest[number] = snapshot }
        }
        if savesNextSnapshots, mailboxes.allSatisfy({ $0.state.withLock { !$0.wantsSnapshot } }) {
            savesNextSnapshots = false
            save()
        }
    }

    /// Writes what is known; a failure is told once and tried again the next time.
    mutating func save() {
        guard isWritable, !latest.isEmpty else { return }
        let positions = loaded.updated(by: latest.sorted { $0.key < $1.key }.map { $0.value })
        do throws(PositionsError) {
            try file.save(positions)
            if isFailing { log.info("positions file can be written again") }
            isFailing = false
        } catch {
            if !isFailing {
                log.error(
                    "error writing positions file; shipping goes on, the next try follows", ("error", "\(error)"))
            }
            isFailing = true
        }
    }
}
