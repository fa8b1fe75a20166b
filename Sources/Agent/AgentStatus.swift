/// What the status server may look at while the agent runs; every part is safe from any thread.
final class AgentStatus: Sendable {
    let ledger: Ledger
    let log: AgentLog
    let version: String
    let readsStandardInput: Bool
    private let mailboxes: [WorkerMailbox]
    private let queues: [BatchQueue]

    init(
        ledger: Ledger,
        log: AgentLog,
        version: String,
        readsStandardInput: Bool,
        mailboxes: [WorkerMailbox],
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
        mailboxes.contains { ($0.numbers.active > 0 || readsStandardInput) && !$0.isDone }
    }

    /// Files and targets as the workers told last.
    var files: WorkerMailbox.FileNumbers {
        mailboxes.reduce(into: WorkerMailbox.FileNumbers()) { sum, mailbox in
            let numbers = mailbox.numbers
            sum.active += numbers.active
            sum.targets += numbers.targets
            sum.files += numbers.files
        }
    }
}
