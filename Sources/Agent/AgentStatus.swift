import Synchronization

/// What the status server may look at while the agent runs; every part is safe from any thread.
final class AgentStatus: Sendable {
    let ledger: Ledger
    let log: AgentLog
    let version: String
    let readsStandardInput: Bool
    private let mailboxes: [WorkerMailbox]
    private let queues: [BatchQueue]

    init(
        ledger: Ledger, log: AgentLog, version: String, readsStandardInput: Bool, mailboxes: [WorkerMailbox],
        queues: [BatchQueue]
    ) {
        self.ledger = ledger
        self.log = log
        self.version = version
        self.readsStandardInput = readsStandardInput
        self.mailboxes = mailboxes
        self.queues = queues
    }

    /// Bytes of batches that are not answered for, over all clients.
    var bytesInFlight: Int { queues.reduce(0) { $0 + $1.bytesInFlight } }

    /// At least one file is open, or standard input has not ended.
    var isReady: Bool {
        mailboxes.contains { $0.state.withLock { ($0.activeFiles > 0 || readsStandardInput) && !$0.isDone } }
    }

    struct Files {
        var active = 0
        var targets = 0
        var positions: [(path: String, readPosition: Int64, size: Int64)] = []
    }

    /// Files and targets as the workers told last.
    var files: Files {
        mailboxes.reduce(into: Files()) { sum, mailbox in
            mailbox.state.withLock { state in
                sum.active += state.activeFiles
                sum.targets += state.activeTargets
                sum.positions += state.files
            }
        }
    }
}
