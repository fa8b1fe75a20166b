import Entries
import Files
import Stages

/// What a worker has reported of counters that only grow.
struct ReportedCounts {
    var drops: [[UInt64]]
    var redactions: [UInt64]
    var labelSets: [Int]
    /// By client: entries taken into batches, and entries refused by `max_streams`.
    var taken: [UInt64]
    var refused: [UInt64]
    /// By client and pipeline: entries taken into batches.
    var takenByPipeline: [[UInt64]]

    init(_ pipelines: [Pipeline], _ lanes: [ClientLane]) {
        drops = pipelines.map { Array(repeating: 0, count: $0.dropReasons.count) }
        redactions = pipelines.map { _ in 0 }
        labelSets = pipelines.map { _ in 0 }
        taken = lanes.map { _ in 0 }
        refused = lanes.map { _ in 0 }
        takenByPipeline = lanes.map { _ in pipelines.map { _ in 0 } }
    }
}

/// What was told already and is not told again.
struct WorkerWarnings {
    var hasToldLabelSets = false
    var hasToldLongLines = false
    var hasToldStreamLimit = false
}

/// Sums for the ledger, positions and numbers for the main thread.
extension Worker {
    /// Nanoseconds between two reports while lines come.
    static let reportPeriod: Int64 = 100_000_000

    /// Hands positions to the main thread.
    func publish() {
        mailbox.publish(source.positionsSnapshot(), (source as? TailSet)?.files ?? [])
    }

    /// Hands the sums of this worker to the ledger.
    func report(_ now: Int64) {
        lastReport = now
        hasNews = false
        for (index, pipeline) in pipelines.enumerated() {
            add(pipeline, index)
            ledger.customMetrics.add(pipeline.metrics, now: now)
        }
        for (index, lane) in lanes.enumerated() {
            let taken = lane.entryCount
            let refused = lane.refusedEntries
            sums.taken[lane.host, default: 0] += taken - reported.taken[index]
            sums.refused[lane.host, default: 0] += refused - reported.refused[index]
            if refused > 0 { tellStreamLimit() }
            reported.taken[index] = taken
            reported.refused[index] = refused
            for pipeline in pipelines.indices {
                let count = lane.entryCount(of: pipeline)
                jobSums[pipeline].clients[lane.host, default: Ledger.JobClientSums()].taken +=
                    count - reported.takenByPipeline[index][pipeline]
                reported.takenByPipeline[index][pipeline] = count
            }
        }
        for index in jobSums.indices { ledger.add(jobSums[index], of: jobNames[index]) }
        jobSums = pipelines.map { _ in Ledger.JobSums() }
        ledger.add(sums)
        sums = Ledger.ReadSums()
        mailbox.publish(activeFiles: (source as? TailSet)?.activeFiles ?? 0, targets: targets.count)
    }

    private func add(_ pipeline: Pipeline, _ index: Int) {
        for (id, count) in pipeline.dropCounts.enumerated() where count > reported.drops[index][id] {
            let more = count - reported.drops[index][id]
            sums.drops[pipeline.dropReasons[id], default: 0] += more
            jobSums[index].drops[pipeline.dropReasons[id], default: 0] += more
            reported.drops[index][id] = count
        }
        sums.redactions += pipeline.redactionCounter.count - reported.redactions[index]
        reported.redactions[index] = pipeline.redactionCounter.count
        let labelSets = pipeline.labelSets.created
        sums.labelSets += UInt64(labelSets - reported.labelSets[index])
        reported.labelSets[index] = labelSets
        if labelSets > LabelSets.limit * 2 { tellLabelSets(labelSets) }
    }

    // MARK: - Warnings that are given once

    private func tellLabelSets(_ count: Int) {
        guard !warnings.hasToldLabelSets else { return }
        warnings.hasToldLabelSets = true
        log.warn(
            "labels have very many values; Loki will suffer, use structured_metadata for them",
            ("label_sets", "\(count)")
        )
    }

    private func tellStreamLimit() {
        guard !warnings.hasToldStreamLimit else { return }
        warnings.hasToldStreamLimit = true
        log.warn("entries are dropped because their batch has max_streams streams already")
    }

    func tellLongLine() {
        guard !warnings.hasToldLongLines else { return }
        warnings.hasToldLongLines = true
        if limits.truncates {
            log.warn("lines longer than max_line_size are cut", ("max_line_size", "\(limits.maximumBytes)"))
        } else {
            log.warn("lines longer than max_line_size are dropped", ("max_line_size", "\(limits.maximumBytes)"))
        }
    }

    /// Says once for each file that it holds lines which other programs may not take.
    func tellOddity(_ oddity: Oddity, _ state: SourceState) {
        guard state.toldOddities.insert(oddity).inserted else { return }
        log.warn("file", ("path", state.path), ("problem", oddity.sentence))
    }
}
