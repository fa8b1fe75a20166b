package import Entries

/// Messages that came in together, on their way from a receiver to the worker of its pipeline.
package struct MessageBatch: Sendable {
    package typealias Label = (name: String, value: [UInt8])

    package struct Message: Sendable {
        /// Where its line lies in the bytes of the batch.
        package let line: Range<Int>
        /// Nil: when it is read.
        package let timestamp: Timestamp?
        /// Index of its label set.
        package let labels: Int
        /// Which of the pairs are its structured metadata.
        package let metadata: Range<Int>
    }

    /// What became of a batch.
    package enum Outcome: Sendable {
        /// Every client took every entry, or a stage dropped it on purpose.
        case accepted
        /// A client gave entries up, which is counted.
        case givenUp
        /// The agent stopped first.
        case unanswered
    }

    package private(set) var bytes: [UInt8] = []
    package private(set) var messages: [Message] = []
    /// The different label sets of the messages: without names that begin with `__`.
    package private(set) var labelSets: [[Label]] = []
    /// Structured metadata as ranges of the bytes.
    package private(set) var pairs: [(name: Range<Int>, value: Range<Int>)] = []
    /// Called once, by any thread, when it is known what became of all messages.
    package private(set) var whenDone: (@Sendable (Outcome) -> Void)?

    package init() {}

    /// Makes room for so many messages.
    package mutating func reserve(_ count: Int) { messages.reserveCapacity(count) }

    /// The same batch, which tells what became of it.
    package func telling(_ whenDone: @escaping @Sendable (Outcome) -> Void) -> MessageBatch {
        var batch = self
        batch.whenDone = whenDone
        return batch
    }

    package var isEmpty: Bool { messages.isEmpty }

    /// Bytes of memory, about.
    package var weight: Int {
        bytes.count + messages.count * MemoryLayout<Message>.stride + pairs.count * 32 + labelSets.count * 512
    }

    /// Adds a label set for messages that follow; gives its index.
    package mutating func add(labels: [Label]) -> Int {
        labelSets.append(labels)
        return labelSets.count - 1
    }

    /// Adds a message; `labels` is what ``add(labels:)`` gave.
    package mutating func add(
        _ line: Bytes,
        timestamp: Timestamp? = nil,
        labels: Int,
        metadata: [(name: [UInt8], value: [UInt8])] = []
    ) {
        let start = bytes.count
        bytes.append(contentsOf: UnsafeBufferPointer(start: line.start, count: line.count))
        let end = bytes.count
        let firstPair = pairs.count
        for pair in metadata { pairs.append((append(pair.name), append(pair.value))) }
        messages.append(
            Message(line: start..<end, timestamp: timestamp, labels: labels, metadata: firstPair..<pairs.count)
        )
    }

    private mutating func append(_ text: [UInt8]) -> Range<Int> {
        bytes += text
        return (bytes.count - text.count)..<bytes.count
    }
}

/// Where a receiver hands its messages over; every function may be called from any thread.
package protocol MessageSink: Sendable {
    /// Takes a batch; false when the output is blocked, and nothing was taken: offer it again a little later.
    func offer(_ batch: MessageBatch) -> Bool
    /// Whether a batch would be taken now.
    var hasRoom: Bool { get }
}

/// How often a batch that was not taken is offered again.
enum OfferPeriod {
    /// Milliseconds.
    static let milliseconds: Int64 = 10
}
