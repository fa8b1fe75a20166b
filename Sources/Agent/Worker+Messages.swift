import Delivery
import Entries
import Receivers
import Stages

/// Messages from receivers: each with labels and a time of its own, acknowledged batch by batch.
extension Worker {
    /// Takes all messages of a batch through their pipeline.
    ///
    /// A batch is a source of its own, which is finished with its last message: what became of it is told once nothing of it
    /// is under way any more.
    func process(_ item: MessageInlet.Item, _ now: Moment) {
        let state = SourceState(number: nextMessageSource(), pipeline: item.pipeline, batch: item.batch)
        sources[state.number] = state
        state.openSpan(epoch: epoch)
        currentSource = state
        let total = Int64(item.batch.messages.count)
        cursor = ChunkCursor(.empty, startPosition: 0, endPosition: total, countsLines: true)
        let taken = Bytes.with(item.batch.bytes) { processMessages(of: item.batch, $0, state, now) }
        if taken < item.batch.messages.count { state.isCutShort = true }
        hasNews = true
        sums.lines += UInt64(taken)
        jobSums[item.pipeline].lines += UInt64(taken)
        sums.bytes += UInt64(item.batch.bytes.count)
        state.window.extend(to: total)
        currentSource = nil
        state.isFinished = true
        advance(state)
    }

    /// Gives the number of messages that were taken; fewer than there are only when the agent stops.
    private func processMessages(of batch: MessageBatch, _ bytes: Bytes, _ state: SourceState, _ now: Moment) -> Int {
        let pipeline = pipelines[state.pipeline]
        let bases = batch.labelSets.map { labels in
            let base = self.bases[state.pipeline].retain(labels, in: pipeline.labelSets)
            state.baseKeys.append(base.key)
            return base.number
        }
        var stamp = max(now.wall, lastStamp)
        defer { lastStamp = stamp }
        for (index, message) in batch.messages.enumerated() {
            if message.timestamp == nil { stamp = stamp.successor }
            let outcome = pipeline.process(
                line: bytes[message.line],
                timestamp: message.timestamp ?? stamp,
                base: bases[message.labels],
                now: now,
                span: state.span
            ) { entry in
                for pair in batch.pairs[message.metadata] {
                    guard entry.metadata.append(bytes[pair.name], bytes[pair.value]) else { break }
                }
            }
            guard settle(outcome, pipeline, state.pipeline, state, now) else { return index }
        }
        return batch.messages.count
    }

    /// Numbers of files count up from 1 within a tail set; those of batches are in the other half.
    private func nextMessageSource() -> UInt32 {
        repeat {
            lastMessageSource = lastMessageSource == .max ? Self.firstMessageSource : lastMessageSource + 1
        } while sources[lastMessageSource] != nil
        return lastMessageSource
    }

    static let firstMessageSource: UInt32 = 1 << 31

    /// Tells what became of a batch, of which nothing is under way any more.
    func tell(_ state: SourceState, isStopping: Bool = false) {
        guard let batch = state.batch else { return }
        let outcome: MessageBatch.Outcome =
            state.isCutShort || isStopping ? .unanswered : state.isGivenUp ? .givenUp : .accepted
        batch.whenDone?(outcome)
    }

    /// The agent stops: senders that wait for an answer learn that there is none.
    func tellUnanswered() {
        for state in sources.values where state.batch != nil { tell(state, isStopping: true) }
        while let item = messages?.take() { item.batch.whenDone?(.unanswered) }
    }
}
