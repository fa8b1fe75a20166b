import Containers
import Journal
import Receivers
import Synchronization

/// What receivers and journals count, by kind, from the start of the agent on.
final class ReceiverTotals: Sendable {
    enum Kind: CaseIterable {
        case syslog
        case gelf
        case pushAPI
    }

    /// What journals count.
    let journal = JournalCounts()
    private let readsJournal = Atomic(false)

    /// Whether a journal has been configured since the start, so that its metrics exist.
    var hasJournal: Bool { readsJournal.load(ordering: .relaxed) }
    func beginJournal() { readsJournal.store(true, ordering: .relaxed) }

    /// What container logs count.
    let containers = ContainerCounts()
    private let readsContainers = Atomic(false)

    /// Whether an engine has been configured since the start, so that its metrics exist.
    var hasContainers: Bool { readsContainers.load(ordering: .relaxed) }
    func beginContainers() { readsContainers.store(true, ordering: .relaxed) }

    private let counts = Mutex<[Kind: ReceiverCounts]>([:])

    /// What a kind counts in; from now on its metrics exist.
    func begin(_ kind: Kind) -> ReceiverCounts {
        counts.withLock { counts in
            if let known = counts[kind] { return known }
            let made = ReceiverCounts()
            counts[kind] = made
            return made
        }
    }

    /// The sums of a kind; nil while it is not configured.
    func sums(_ kind: Kind) -> ReceiverSums? { counts.withLock { $0[kind]?.current } }
}
