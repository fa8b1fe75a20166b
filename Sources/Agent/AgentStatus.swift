import Synchronization

/// What the status server may look at while the agent runs; every part is safe from any thread.
final class AgentStatus: Sendable {
    /// What belongs to the configuration that runs now.
    struct Running {
        var mailboxes: [WorkerMailbox] = []
        var queues: [BatchQueue] = []
        /// Receivers that listen.
        var receivers = 0
        /// The configuration as text, without secrets.
        var configuration = ""
        var jobs: [String] = []
        var targets: [TargetList.Item] = []
        var dropped: [TargetList.Dropped] = []
        var journals: [JournalSet.Target] = []
    }

    let ledger: Ledger
    let receivers: ReceiverTotals
    let log: AgentLog
    let version: String
    let readsStandardInput: Bool
    /// Reloads that were asked for by HTTP.
    let reloads: ReloadRequests
    private let running = Mutex(Running())

    init(
        ledger: Ledger,
        receivers: ReceiverTotals,
        log: AgentLog,
        version: String,
        readsStandardInput: Bool,
        reloads: ReloadRequests
    ) {
        self.ledger = ledger
        self.receivers = receivers
        self.log = log
        self.version = version
        self.readsStandardInput = readsStandardInput
        self.reloads = reloads
    }

    /// What runs now.
    var current: Running { running.withLock { $0 } }

    func update(_ change: (inout sending Running) -> Void) { running.withLock { change(&$0) } }

    /// Bytes of batches that are not answered for, over all clients.
    var bytesInFlight: Int { current.queues.reduce(0) { $0 + $1.bytesInFlight } }

    /// At least one file is open, a receiver listens, or standard input has not ended (server-and-metrics.md 3).
    var isReady: Bool {
        let current = current
        if current.receivers > 0 { return true }
        return current.mailboxes.contains { ($0.numbers.active > 0 || readsStandardInput) && !$0.isDone }
    }

    /// Files and targets as the workers told last.
    var files: WorkerMailbox.FileNumbers {
        current.mailboxes.reduce(into: WorkerMailbox.FileNumbers()) { sum, mailbox in
            let numbers = mailbox.numbers
            sum.active += numbers.active
            sum.targets += numbers.targets
            sum.files += numbers.files
        }
    }
}
