import Configuration
import Entries
import Glibc
package import Receivers

/// Reads a journal from a cursor on, for ever, and hands the entries over in batches; on a thread of its own.
///
/// The position moves only past entries that every client took, or that were dropped on purpose. What cannot be read costs
/// that entry, is counted, and nothing else.
package final class JournalReader {
    let source: JournalSource
    let wakeup: Int32
    private let progress: SourceProgress
    var labels: JournalLabels
    var gaps = JournalGaps()
    /// Fields that are collected, in their order; empty: all.
    let wanted: [String]
    private let mode: JournalBatch.Mode
    /// The last entry that was read, whatever became of it; nothing before it is read again.
    var lastRead: String?
    /// When journald received it, in microseconds since 1970.
    var lastTime: UInt64 = 0
    /// Files that may not be read hide entries, whose numbers are missing then.
    var countsGaps = false
    var hasToldUnavailable = false
    /// The journal was opened before: `max_age` counts no more.
    var hasBeenOpened = false

    /// Entries of a batch, and bytes of their lines, at most.
    private static let batchEntries = 2_048
    private static let batchBytes = 512 << 10
    /// How often it is looked without being told of a change: 1 s.
    private static let lookPeriod: Int32 = 1_000
    /// How often a batch that was not taken is offered again: 10 ms.
    private static let offerPeriod: Int32 = 10
    /// Failures at one entry until it is passed over.
    private static let patience = 2

    /// - Parameters:
    ///   - source: what to read, and whom to tell.
    ///   - progress: knows the entry that was read last.
    ///   - wakeup: a descriptor that is readable once ``SourceProgress/requestStop()`` was called.
    package init(_ source: JournalSource, progress: SourceProgress, wakeup: Int32) {
        self.source = source
        self.wakeup = wakeup
        labels = JournalLabels(configured: source.options.labels, rules: source.rules)
        if !source.options.isJSON, let fields = labels.fields {
            // A rule may read the line, too: then it is collected once, for both.
            mode = fields.contains("MESSAGE") ? .all : .wanted
            wanted = fields.contains("MESSAGE") ? fields : ["MESSAGE"] + fields
        } else {
            mode = source.options.isJSON ? .json : .all
            wanted = []
        }
        lastRead = progress.acknowledged
        self.progress = progress
    }

    /// Reads until it is told to stop.
    package func run() {
        var failures = 0
        var failedAt: String?
        while !progress.mustStop {
            do throws(JournalHandle.Failure) {
                guard let (journal, isAtEntry) = try open(passingOver: failures > Self.patience) else {
                    pause(milliseconds: Self.lookPeriod)
                    continue
                }
                try follow(journal, isAtEntry: isAtEntry)
            } catch {
                failures = failedAt == lastRead ? failures + 1 : 1
                failedAt = lastRead
                if failures == 1 { source.tell(.reopening(reason: error.text)) }
                if failures > Self.patience { source.counts.add(.init(damaged: 1)) }
                pause(milliseconds: Self.offerPeriod << Int32(min(failures, 6)))
            }
        }
    }

    func pause(milliseconds: Int32) {
        var polled = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
        _ = poll(&polled, 1, milliseconds)
    }

    // MARK: - Reading

    private func follow(_ journal: JournalHandle, isAtEntry: Bool) throws(JournalHandle.Failure) {
        var isAtEntry = isAtEntry
        while !progress.mustStop {
            var batch = JournalBatch(count: Self.batchEntries)
            // An error may come in the middle of a batch: what was read before it is handed over first.
            var failure: JournalHandle.Failure?
            do throws(JournalHandle.Failure) {
                while batch.read < Self.batchEntries, batch.bytes < Self.batchBytes, !labels.isFull {
                    if !isAtEntry { guard try journal.next() else { break } }
                    isAtEntry = false
                    batch.read += 1
                    take(journal, into: &batch)
                }
            } catch { failure = error }
            guard batch.read > 0 else {
                if let failure { throw failure }
                if labels.isFull { labels.forget() }
                try journal.wait(wakeup: wakeup, milliseconds: Self.lookPeriod)
                continue
            }
            let isFull = labels.isFull
            handOver(batch, at: journal)
            if isFull { labels.forget() }
            if let failure { throw failure }
        }
    }

    private func take(_ journal: JournalHandle, into batch: inout JournalBatch) {
        do throws(JournalHandle.Failure) {
            lastTime = try journal.time()
            try journal.collect(limit: source.longestEntry)
        } catch {
            batch.sums.damaged += 1
            return
        }
        batch.add(journal, mode, time: lastTime, labels: &labels)
    }

    private func handOver(_ batch: JournalBatch, at journal: JournalHandle) {
        let cursor = try? journal.cursor()
        if let cursor { lastRead = cursor }
        source.counts.add(batch.sums)
        if countsGaps, let gap = gaps.read(batch.read, upTo: cursor.flatMap(JournalCursor.init)) {
            source.counts.add(.init(missing: gap.count ?? 0))
            source.tell(.gap(gap))
        }
        let number = progress.begin(cursor)
        guard !batch.messages.isEmpty else { return progress.settle(number, isKept: true) }
        let messages = batch.messages.telling { [progress] in progress.settle(number, isKept: $0 != .unanswered) }
        while !source.sink.offer(messages) {
            guard !progress.mustStop else { return progress.settle(number, isKept: false) }
            pause(milliseconds: Self.offerPeriod)
        }
    }
}
