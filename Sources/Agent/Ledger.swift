package import Entries
import Synchronization

/// Every line that came in and what became of it.
///
/// For each client: read = dropped by stages and limits + joined into others + held by stages + taken; and
/// taken = sent + dropped by the client + returned at a reload + in flight. Shared by all threads; each adds up on its own and hands in sums,
/// so that no line takes the lock.
package final class Ledger: Sendable {
    /// Sums of one worker since it last handed them in.
    struct ReadSums {
        var lines: UInt64 = 0
        var bytes: UInt64 = 0
        var redactions: UInt64 = 0
        var labelSets: UInt64 = 0
        var linesByPath: [String: UInt64] = [:]
        var drops: [DropReason: UInt64] = [:]
        /// Lines that went into the entry of another one, and lines that stages began to hold less those they let go.
        var joined: Int64 = 0
        var held: Int64 = 0
        var oddities: [Oddity: UInt64] = [:]
        /// Lines cut while they were read, and the bytes left out.
        var cutLines: UInt64 = 0
        var cutBytes: UInt64 = 0
        /// What `max_line_size` did, by the tenant that a label names; empty for the client's own.
        var longLines: [String: LongLines] = [:]
        /// By the host of the client: entries taken into batches, and entries refused by `max_streams`.
        var taken: [String: UInt64] = [:]
        var refused: [String: UInt64] = [:]
    }

    /// What became of the lines of one job, since it was last handed in or since the start.
    package struct JobSums: Sendable {
        package var lines: UInt64 = 0
        package var drops: [DropReason: UInt64] = [:]
        /// By the host of the client: entries taken into batches, and what became of them.
        package var clients: [String: JobClientSums] = [:]

        mutating func add(_ other: JobSums) {
            lines += other.lines
            drops.merge(other.drops) { $0 + $1 }
            for (host, sums) in other.clients { clients[host, default: JobClientSums()].add(sums) }
        }
    }

    /// Entries of one job at one client.
    package struct JobClientSums: Sendable {
        package var taken: UInt64 = 0
        package var delivered: UInt64 = 0
        /// Given up, and counted by the client's reasons.
        package var givenUp: UInt64 = 0
        /// Read again after a reload, as nobody had answered for them.
        package var returned: UInt64 = 0

        /// Entries that are not answered for.
        package var inFlight: UInt64 {
            let ended = delivered + givenUp + returned
            return taken > ended ? taken - ended : 0
        }

        mutating func add(_ other: JobClientSums) {
            taken += other.taken
            delivered += other.delivered
            givenUp += other.givenUp
            returned += other.returned
        }
    }

    /// What `max_line_size` did to lines of one tenant.
    package struct LongLines: Sendable, Equatable {
        package var cutLines: UInt64 = 0
        /// Bytes that were cut off them.
        package var cutBytes: UInt64 = 0
        package var droppedLines: UInt64 = 0
        package var droppedBytes: UInt64 = 0
    }

    /// What became of the batches of one tenant that were not taken at once.
    package struct TenantSums: Sendable {
        package var retries: UInt64 = 0
        /// Entries of batches that were given up, by reason.
        package var droppedEntries: [String: UInt64] = [:]
        package var droppedBytes: [String: UInt64] = [:]
    }

    /// What one client did.
    package struct ClientSums: Sendable {
        /// Entries that were put into batches.
        package var takenEntries: UInt64 = 0
        package var sentEntries: UInt64 = 0
        package var sentBytes: UInt64 = 0
        package var encodedBytes: UInt64 = 0
        /// The tenant of entries that name none.
        package var ownTenant = ""
        /// Seconds that attempts to push took, by status code; "-1" where there was none.
        package var requests: [String: Histogram] = [:]
        /// By tenant, once it has had a batch.
        package var tenants: [String: TenantSums] = [:]
        /// Entries of batches that were given up, by reason, over all tenants.
        package var droppedEntries: [String: UInt64] {
            tenants.values.reduce(into: [:]) { $0.merge($1.droppedEntries, uniquingKeysWith: +) }
        }
        /// Entries of batches that nobody answered for before a reload: their lines are read again.
        package var returnedEntries: UInt64 = 0
        /// Entries that no batch took because of `max_streams`.
        package var refusedEntries: UInt64 = 0

        /// Entries that are not answered for; a worker tells what it took a little later than the answers come.
        package var inFlightEntries: UInt64 {
            let ended = sentEntries + returnedEntries + droppedEntries.values.reduce(0, +)
            return takenEntries > ended ? takenEntries - ended : 0
        }
    }

    package struct Totals: Sendable {
        package var readLines: UInt64 = 0
        package var readBytes: UInt64 = 0
        package var redactedValues: UInt64 = 0
        package var labelSets: UInt64 = 0
        package var linesByPath: [String: UInt64] = [:]
        package var drops: [DropReason: UInt64] = [:]
        package var joinedLines: UInt64 = 0
        package var heldLines: UInt64 = 0
        /// Lines that are not UTF-8 (`invalid_utf8`) or hold a NUL byte (`nul`).
        package var oddLines: [String: UInt64] = [:]
        package var cutLines: UInt64 = 0
        package var cutBytes: UInt64 = 0
        /// By the tenant that a label names; empty for each client's own.
        package var longLines: [String: LongLines] = [:]
        /// Targets that were found and not read, by reason, at each look.
        var failedTargets: [TargetList.Reason: UInt64] = [:]
        /// Reloads that were done, and those that left the old configuration running.
        package var reloads: UInt64 = 0
        package var failedReloads: UInt64 = 0
        /// By `job_name`.
        package var jobs: [String: JobSums] = [:]
        /// By the host of the client's URL.
        package var clients: [String: ClientSums] = [:]
    }

    private let totals = Mutex(Totals())
    /// What metrics stages count for their users.
    let customMetrics = CustomMetrics()

    package init() {}

    /// All sums now.
    package var current: Totals { totals.withLock { $0 } }

    func add(_ sums: ReadSums) {
        totals.withLock { totals in
            totals.readLines += sums.lines
            totals.readBytes += sums.bytes
            totals.redactedValues += sums.redactions
            totals.labelSets += sums.labelSets
            totals.linesByPath.merge(sums.linesByPath) { $0 + $1 }
            totals.drops.merge(sums.drops) { $0 + $1 }
            totals.joinedLines = UInt64(clamping: Int64(clamping: totals.joinedLines) + sums.joined)
            totals.heldLines = UInt64(clamping: Int64(clamping: totals.heldLines) + sums.held)
            for (oddity, count) in sums.oddities { totals.oddLines[oddity.rawValue, default: 0] += count }
            totals.cutLines += sums.cutLines
            totals.cutBytes += sums.cutBytes
            for (tenant, lines) in sums.longLines {
                let name = Self.name(of: tenant, in: totals.longLines)
                totals.longLines[name] = totals.longLines[name, default: LongLines()] + lines
            }
            for (host, count) in sums.taken { totals.clients[host, default: ClientSums()].takenEntries += count }
            for (host, count) in sums.refused { totals.clients[host, default: ClientSums()].refusedEntries += count }
        }
    }

    /// Tenants that are told apart; what belongs to others is counted together, as ``otherTenants``.
    private static let tenantLimit = 1_000
    private static let otherTenants = "(other)"

    /// The name under which a tenant is counted among those that are known.
    private static func name<Sums>(of tenant: String, in known: [String: Sums]) -> String {
        known.count < tenantLimit || known[tenant] != nil ? tenant : otherTenants
    }

    /// Changes the sums of one tenant of a client.
    func update(client host: String, tenant: String, _ change: (inout TenantSums) -> Void) {
        totals.withLock { totals in
            var sums = totals.clients[host, default: ClientSums()]
            change(&sums.tenants[Self.name(of: tenant, in: sums.tenants), default: TenantSums()])
            totals.clients[host] = sums
        }
    }

    func add(_ sums: JobSums, of job: String) {
        totals.withLock { $0.jobs[job, default: JobSums()].add(sums) }
    }

    func add(failedTargets reasons: [TargetList.Reason]) {
        totals.withLock { totals in
            for reason in reasons { totals.failedTargets[reason, default: 0] += 1 }
        }
    }

    func countReload(isDone: Bool) {
        totals.withLock { totals in
            if isDone { totals.reloads += 1 } else { totals.failedReloads += 1 }
        }
    }

    /// Counters of files begin anew: nobody reads them any more, or somebody else does.
    func forgetPaths() { totals.withLock { $0.linesByPath = [:] } }

    func update(client host: String, _ change: (inout ClientSums) -> Void) {
        totals.withLock { change(&$0.clients[host, default: ClientSums()]) }
    }

    /// A file is gone: its counter leaves with it.
    func forget(path: String) { totals.withLock { $0.linesByPath[path] = nil } }
}

extension Ledger.LongLines {
    static func + (one: Self, other: Self) -> Self {
        Self(
            cutLines: one.cutLines + other.cutLines,
            cutBytes: one.cutBytes + other.cutBytes,
            droppedLines: one.droppedLines + other.droppedLines,
            droppedBytes: one.droppedBytes + other.droppedBytes
        )
    }
}
