import CBytes
import Delivery
import Entries
import Files
import Languages
import Loki
import Stages

extension Worker {
    /// Takes all lines of a chunk through their pipeline.
    func process(_ chunk: Chunk, _ now: Moment) {
        handleEvents()
        guard let state = sources[chunk.source.rawValue] else {
            preconditionFailure("lines of source \(chunk.source.rawValue), which is not known")
        }
        state.openSpan(epoch: epoch)
        currentSource = state
        cursor = ChunkCursor(
            chunk.bytes,
            startPosition: chunk.startPosition,
            endPosition: chunk.endPosition,
            countsLines: chunk.advance == .perLine
        )
        let isEmptyLine = chunk.advance == .atEnd && chunk.bytes.isEmpty
        let lineCount = isEmptyLine ? processEmptyLine(state, now) : processLines(chunk.bytes, state, now)
        count(chunk, lines: lineCount, state)
        state.window.extend(to: cursor.position)
        currentSource = nil
        advance(state)
    }

    private func count(_ chunk: Chunk, lines: UInt64, _ state: SourceState) {
        hasNews = true
        sums.lines += lines
        sums.bytes += UInt64(cursor.line - chunk.bytes.start)
        sums.linesByPath[state.path, default: 0] += lines
        jobSums[state.pipeline].lines += lines
        if chunk.skippedBytes > 0 {
            sums.cutLines += 1
            sums.cutBytes += UInt64(chunk.skippedBytes)
        }
        for (oddity, count) in Oddity.counts(in: chunk.bytes) {
            sums.oddities[oddity, default: 0] += count
            tellOddity(oddity, state)
        }
    }

    /// A chunk that is one line without a byte; 0 when the agent stops first.
    private func processEmptyLine(_ state: SourceState, _ now: Moment) -> UInt64 {
        let pipeline = pipelines[state.pipeline]
        lastStamp = max(now.wall, lastStamp).adding(nanoseconds: 1)
        let outcome = pipeline.process(
            line: .empty,
            timestamp: lastStamp,
            base: state.base,
            now: now,
            span: state.span
        )
        if settle(outcome, pipeline, state.pipeline, state, now) { return 1 }
        cursor.isBeforeEmptyLine = true
        return 0
    }

    /// Gives the number of lines that were taken; fewer than there are only when the agent stops.
    private func processLines(_ bytes: Bytes, _ state: SourceState, _ now: Moment) -> UInt64 {
        let pipeline = pipelines[state.pipeline]
        let keepsLineEnds = source.keepsLineEnds
        let end = bytes.end
        var line = bytes.start
        var count: UInt64 = 0
        var blankCount: UInt64 = 0
        var stamp = max(now.wall, lastStamp)
        let takesRuns = pipeline.isEmpty && lanes.count == 1 && !hasReadRate && printer == nil && !isInspected
        // Whether an entry of this source was the last one given to the client.
        var isStreamKnown = false
        while line < end {
            let newline = cbytes_find(line, end, 0x0A)
            var text = Bytes(from: line, to: newline)
            if !keepsLineEnds, newline > line, newline[-1] == 0x0D { text = Self.withoutReturns(text) }
            cursor.line = line
            cursor.lineNumber = Int64(truncatingIfNeeded: count)
            if keepsLineEnds || !text.isEmpty {
                // Loki takes equal lines with equal times for one: no two entries of a read share a time.
                stamp = stamp.successor
                let outcome =
                    isInspected
                    ? processInspected(text, stamp, state, now)
                    : pipeline.process(
                        line: text,
                        timestamp: stamp,
                        base: state.base,
                        now: now,
                        span: state.span
                    )
                guard settle(outcome, pipeline, state.pipeline, state, now) else { break }
                isStreamKnown = takesRuns
            } else {
                blankCount += 1
            }
            count &+= 1
            line = newline < end ? newline + 1 : end
            if isStreamKnown {
                // What holds for this line holds for those behind it, until one does not fit.
                let run = lanes[0].appendLines(
                    from: line,
                    to: end,
                    after: &stamp,
                    longest: limits.longest,
                    keepsLineEnds: keepsLineEnds
                )
                line = run.end
                count &+= run.lineCount
                blankCount &+= run.blankCount
            }
        }
        cursor.line = line
        cursor.lineNumber = Int64(count)
        lastStamp = stamp
        return count - blankCount
    }

    private func processInspected(
        _ line: Bytes,
        _ timestamp: Timestamp,
        _ state: SourceState,
        _ now: Moment
    ) -> Pipeline.Outcome {
        let pipeline = pipelines[state.pipeline]
        return pipeline.processObserved(
            line: line,
            timestamp: timestamp,
            base: state.base,
            now: now,
            span: state.span
        ) { [inspector] stage, name, _, entry in inspector?.observe(stage, name, entry, pipeline.labelSets) }
    }

    private static func withoutReturns(_ text: Bytes) -> Bytes {
        var count = text.count
        while count > 0, text[count - 1] == 0x0D { count -= 1 }
        return text[0..<count]
    }

    /// Acts on what became of an entry, and on what stages give out because of it; false when the agent stops first.
    @inline(__always)
    func settle(
        _ outcome: Pipeline.Outcome,
        _ pipeline: Pipeline,
        _ index: Int,
        _ state: SourceState,
        _ now: Moment
    ) -> Bool {
        var outcome = outcome
        while case .waiting(let until) = outcome {
            guard wait(until: until) else { return false }
            // Batches may have been closed meanwhile: the line belongs to the span that is open now. Targets may have
            // gone, and label sets with them.
            pipeline.current.pointee.span = state.span
            pipeline.current.pointee.labelSet = -1
            outcome = pipeline.retry(now: Clock.now())
        }
        switch outcome {
        case .delivered:
            guard deliver(pipeline, index, now) else { return false }
        case .held:
            state.window.retain(state.span.number)
            sums.held += 1
            return pipeline.hasReleases ? drainReleased(index, now) : true
        case .dropped, .waiting: break
        }
        guard pipeline.mayHold else { return true }
        if !pipeline.releasedSpans.pointee.isEmpty { release(joined: pipeline, own: 0) }
        return pipeline.hasReleases ? drainReleased(index, now) : true
    }

    /// Lets go of the spans of held lines that came out with the current entry, of which `own` are its own.
    private func release(joined pipeline: Pipeline, own: Int64) {
        let count = Int64(pipeline.releasedSpans.pointee.count)
        sums.held -= count
        sums.joined += count - own
        release(pipeline.releasedSpans.pointee)
    }

    /// Delivers what the stages of a pipeline give out; false when the agent stops first.
    @discardableResult
    func drainReleased(_ index: Int, _ now: Moment) -> Bool {
        while let outcome = pipelines[index].nextReleased(now: now) {
            guard settleReleased(outcome, index, now) else { return false }
        }
        return true
    }

    private func settleReleased(_ first: Pipeline.Outcome, _ index: Int, _ now: Moment) -> Bool {
        let pipeline = pipelines[index]
        var outcome = first
        while case .waiting(let until) = outcome {
            guard wait(until: until) else { return false }
            pipeline.current.pointee.labelSet = -1
            outcome = pipeline.retry(now: Clock.now())
        }
        if outcome == .held { return true }
        if outcome == .delivered, !deliver(pipeline, index, now) { return false }
        release(joined: pipeline, own: 1)
        return true
    }

    // MARK: - Delivery

    /// Puts the current entry of a pipeline into the open batches of all clients; false when the agent stops first.
    @inline(__always)
    private func deliver(_ pipeline: Pipeline, _ index: Int, _ now: Moment) -> Bool {
        let entry = pipeline.current
        if hasReadRate {
            guard let mayPass = waitForReadRate(entry, index) else { return false }
            guard mayPass else { return true }
        }
        guard withinLimits(&entry.pointee, pipeline.labelSets, index) else { return true }
        if printer != nil {
            print(pipeline)
            return true
        }
        let size = entry.pointee.pushSize
        let labelSets = pipeline.labelSets
        // All batches that must go are closed before any takes the entry: its span must begin behind them all.
        for number in 0..<laneTable.count {
            let known = entry.pointee.labelSet
            let labelSet = known >= 0 ? known : labelSets.number(of: &entry.pointee)
            let admission = laneTable[number]._withUnsafeGuaranteedRef {
                $0.admission(of: labelSet, index, labelSets, size: size)
            }
            if admission == .ready { continue }
            guard makeRoom(lanes[number], admission) else { return false }
            // Targets that went away meanwhile may have made the number void.
            entry.pointee.labelSet = -1
        }
        // The span of a line that is being read may have been closed with a batch just now.
        if let currentSource { entry.pointee.span = currentSource.span }
        for number in 0..<laneTable.count {
            laneTable[number]._withUnsafeGuaranteedRef { lane in
                if lane.append(entry, size: size, now: now.monotonic) {
                    let span = entry.pointee.span
                    sources[span.source]?.window.retain(span.number)
                }
                if pipeline.mayHold, !pipeline.releasedSpans.pointee.isEmpty { addJoinedSpans(pipeline, to: lane) }
            }
        }
        return true
    }

    /// Takes a token of `readline_rate`: false when the entry is dropped, which is counted, and nil when the agent stops
    /// first.
    private func waitForReadRate(_ entry: UnsafeMutablePointer<Entry>, _ index: Int) -> Bool? {
        while let time = readRate?.take(now: Clock.monotonic()) {
            if readRate?.drops ?? false {
                let reason = DropReason(stage: "limits_config", reason: "global_rate_limiter_drop")
                sums.drops[reason, default: 0] += 1
                jobSums[index].drops[reason, default: 0] += 1
                return false
            }
            guard wait(until: time) else { return nil }
            // Targets may have gone meanwhile, and label sets with them.
            entry.pointee.labelSet = -1
        }
        return true
    }

    /// Prints the current entry of a pipeline (`-dry-run`).
    private func print(_ pipeline: Pipeline) {
        let number = pipeline.labelSets.number(of: &pipeline.current.pointee)
        printer?.print(pipeline.current.pointee, pipeline.labelSets.labels(of: number))
    }

    /// Closes the batch that has no room for the current entry, and waits until another may be opened.
    private func makeRoom(_ lane: ClientLane, _ admission: ClientLane.Admission) -> Bool {
        if admission == .full {
            lane.closeAdmitted()
            endSpans()
        }
        return waitForRoom(lane)
    }

    /// Makes the batch that took an entry answer for the lines that stages joined into it.
    private func addJoinedSpans(_ pipeline: Pipeline, to lane: ClientLane) {
        for joined in pipeline.releasedSpans.pointee where lane.addSpan(joined) {
            sources[joined.source]?.window.retain(joined.number)
        }
    }

    /// `max_line_size`, and times that protobuf cannot carry; false when the entry is dropped, which is counted.
    @inline(__always)
    private func withinLimits(_ entry: inout Entry, _ labelSets: LabelSets, _ index: Int) -> Bool {
        if limits.maximumBytes > 0, entry.line.count > limits.maximumBytes {
            guard cutLongLine(&entry, labelSets, index) else { return false }
        }
        // Years 1 to 9999 (google.protobuf.Timestamp).
        guard entry.timestamp.seconds >= -62_135_596_800, entry.timestamp.seconds <= 253_402_300_799 else {
            count(drop: "timestamp_out_of_range", index)
            return false
        }
        return true
    }

    /// Cuts a line at `max_line_size`, or drops it; false when it is dropped.
    private func cutLongLine(_ entry: inout Entry, _ labelSets: LabelSets, _ index: Int) -> Bool {
        tellLongLine()
        let labels = labelSets.labels(of: labelSets.number(of: &entry))
        let tenant = labels.first { $0.name == StreamText.tenantLabel }?.value ?? []
        var counted = Ledger.LongLines()
        if limits.truncates {
            counted.cutLines = 1
            counted.cutBytes = UInt64(entry.line.count - limits.maximumBytes)
            entry.replaceLine(with: entry.line[0..<limits.maximumBytes])
        } else {
            counted.droppedLines = 1
            counted.droppedBytes = UInt64(entry.line.count)
            count(drop: "line_too_long", index)
        }
        let name = String(decoding: tenant, as: UTF8.self)
        sums.longLines[name] = sums.longLines[name, default: Ledger.LongLines()] + counted
        return limits.truncates
    }

    private func count(drop reason: String, _ index: Int) {
        let reason = DropReason(stage: "client", reason: reason, isCountedByPromtail: false)
        sums.drops[reason, default: 0] += 1
        jobSums[index].drops[reason, default: 0] += 1
    }

    /// A batch was closed: what comes now belongs to new spans.
    private func endSpans() {
        epoch += 1
        guard let state = currentSource else { return }
        state.window.extend(to: cursor.position)
        state.openSpan(epoch: epoch)
    }

    /// Sends off batches that have waited long enough, and gives out entries held long enough.
    func closeDue(_ now: Moment) {
        for lane in lanes {
            if lane.closeDue(now: now.monotonic) { endSpans() }
            if lane.closeOldestIfCrowded() { endSpans() }
        }
        for index in pipelines.indices {
            guard let deadline = pipelines[index].deadline, deadline <= now.monotonic else { continue }
            hasNews = true
            pipelines[index].expire(now: now, isEnding: false)
            drainReleased(index, now)
        }
    }

    // MARK: - Waiting

    /// Waits until the client can take another batch; false when the agent stops first.
    private func waitForRoom(_ lane: ClientLane) -> Bool {
        while !lane.hasRoom {
            let now = Clock.now()
            if mustGiveUp(now.monotonic) { return false }
            serveWhileWaiting(now)
            if lane.hasRoom { break }
            mailbox.wakeup.wait(until: nextWatch(now.monotonic))
        }
        return true
    }

    /// Waits for a token of a limit stage; false when the agent stops first.
    private func wait(until deadline: Int64) -> Bool {
        while true {
            let now = Clock.now()
            if now.monotonic >= deadline { return true }
            if mailbox.isStopping { return false }
            serveWhileWaiting(now)
            mailbox.wakeup.wait(until: min(deadline, nextWatch(now.monotonic)))
        }
    }

    /// How often files are looked after while the output is blocked in the middle of a chunk: 100 ms.
    private static let watchPeriod: Int64 = 100_000_000

    /// When something has to be looked after although the output is blocked: files, or another client's open batch.
    private func nextWatch(_ now: Int64) -> Int64 {
        lanes.reduce(now + Self.watchPeriod) { min($0, max($1.deadline ?? .max, now)) }
    }

    /// Files go on being watched, and what other clients have in open batches is not kept from them.
    private func serveWhileWaiting(_ now: Moment) {
        serve(now)
        for lane in lanes where lane.closeDue(now: now.monotonic) { endSpans() }
    }

    /// Reading stops at once when the agent stops; what stages still hold may use the time up to the deadline.
    private func mustGiveUp(_ now: Int64) -> Bool {
        mailbox.isStopping && (currentSource != nil || now >= mailbox.stopDeadline)
    }
}

extension Entry {
    /// The bytes that count towards `batchsize`.
    @inline(__always)
    fileprivate var pushSize: Int {
        metadata.count == 0 ? line.count : PushBatch.size(line: line, metadata: metadata)
    }
}
