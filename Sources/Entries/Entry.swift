/// One log line on its way through a pipeline.
///
/// Plain memory without references: line, registers and labels point into the slab that was read, the pipeline's arena
/// and the target's label image. Valid until the pipeline takes the next entry; what is kept longer is copied.
@frozen
public struct Entry {
    /// The line without its newline.
    public var line: Bytes
    /// The time it is sent with: that of the read until a stage takes one from the line.
    public var timestamp: Timestamp
    /// Values of the extracted map by ``Slot``.
    public let registers: UnsafeMutablePointer<Value>
    /// Number of registers: the names that any stage of the pipeline mentions.
    public let registerCount: Int
    /// Values of the labels that stages touch, by ``LabelSlot``: `string` (set) or `absent`.
    public let labels: UnsafeMutablePointer<Value>
    /// Number of labels that any stage of the pipeline reads or writes; others are in ``base``.
    public let labelCount: Int
    /// Which set of untouched labels the entry carries (a number of the pipeline's ``LabelSets``).
    public var base: Int
    /// The label set as last looked up; negative when labels have changed since.
    public var labelSet: Int
    /// Structured metadata, in the order in which it was added.
    public var metadata: MetadataList
    /// Memory for whatever stages make of this entry.
    public let arena: ByteArena
    /// Differs for every line text that a pipeline sees, so that a scan of one is never taken for a scan of another.
    public var lineVersion: UInt64
    /// The span of its source that the line lies in: what is acknowledged when the entry is.
    public var span: SpanID
    /// Monotonic nanoseconds and wall clock of the read that brought this entry.
    public var now: Moment
    /// Whether a stage kept this entry back before.
    @usableFromInline var isRestored: Bool
    /// Spans of earlier lines that stages joined into this entry; the pipeline owns the list.
    @usableFromInline let joinedSpans: UnsafeMutablePointer<[SpanID]>

    /// An entry over the files and the arena of one pipeline, which begins it anew for each line.
    public init(
        registers: UnsafeMutablePointer<Value>,
        registerCount: Int,
        labels: UnsafeMutablePointer<Value>,
        labelCount: Int,
        metadata: MetadataList,
        arena: ByteArena,
        joinedSpans: UnsafeMutablePointer<[SpanID]>
    ) {
        line = .empty
        timestamp = Timestamp(seconds: 0)
        base = -1
        labelSet = -1
        lineVersion = 0
        now = Moment(monotonic: 0, wall: Timestamp(seconds: 0))
        span = SpanID(source: 0, number: 0)
        isRestored = false
        self.registers = registers
        self.registerCount = registerCount
        self.labels = labels
        self.labelCount = labelCount
        self.metadata = metadata
        self.arena = arena
        self.joinedSpans = joinedSpans
    }

    /// Makes this the entry of another line: everything but the files and what they hold.
    ///
    /// - Parameters:
    ///   - line: the text without its newline; valid until the next entry begins.
    ///   - timestamp: when the line was read, or what a stage said before it kept the entry back.
    ///   - base: the number of its untouched labels.
    ///   - now: both clocks at the read.
    ///   - span: what is acknowledged together with the line.
    ///   - lineVersion: differs from that of every other line of the pipeline.
    ///   - isRestored: whether a stage kept it back before.
    @inlinable public mutating func begin(
        line: Bytes,
        timestamp: Timestamp,
        base: Int,
        now: Moment,
        span: SpanID,
        lineVersion: UInt64,
        isRestored: Bool
    ) {
        self.line = line
        self.timestamp = timestamp
        self.base = base
        self.now = now
        self.span = span
        self.lineVersion = lineVersion
        self.isRestored = isRestored
        labelSet = -1
        metadata.count = 0
    }

    /// The value of a name of the extracted map; what is set must live as long as the entry.
    @inlinable public subscript(slot: Slot) -> Value {
        get { registers[slot.index] }
        nonmutating set { registers[slot.index] = newValue }
    }

    /// The text of a label; nil when the entry does not have it.
    @inlinable public func label(_ slot: LabelSlot) -> Bytes? {
        let value = labels[slot.index]
        return value.isPresent ? value.raw : nil
    }

    /// Gives the label a value, or takes it away.
    @inlinable public mutating func setLabel(_ slot: LabelSlot, to text: Bytes?) {
        labels[slot.index] = text.map { Value.string($0) } ?? .absent
        labelSet = -1
    }

    /// Puts another text in the line's place; the bytes must live as long as the entry.
    @inlinable public mutating func replaceLine(with bytes: Bytes) {
        line = bytes
        lineVersion &+= 1
    }

    /// Makes the spans of earlier lines part of this entry: they are acknowledged with it.
    public func join(_ spans: [SpanID]) { joinedSpans.pointee.append(contentsOf: spans) }

    /// Hands over all spans of this entry, its own last, to whoever keeps the entry back.
    public func takeSpans() -> [SpanID] {
        // A restored entry lists its own span among the joined ones already.
        var spans = joinedSpans.pointee
        joinedSpans.pointee.removeAll(keepingCapacity: true)
        if spans.isEmpty || !isRestored { spans.append(span) }
        return spans
    }

    /// Exchanges the untouched labels for another set of the same pipeline.
    @inlinable public mutating func replaceBase(with number: Int) {
        base = number
        labelSet = -1
    }
}

/// A stretch of a source that is acknowledged as a whole: the number of the source and of the stretch within it.
@frozen
public struct SpanID: Hashable, Sendable {
    /// The number that the agent gave the source when it opened it.
    public let source: UInt32
    /// Counts the stretches of the source from 0 on, in the order in which they lie in it; begins anew after 2³².
    public let number: UInt32
    /// Stretch `number` of source `source`.
    @inlinable public init(source: UInt32, number: UInt32) {
        self.source = source
        self.number = number
    }
}

/// One instant on both clocks.
@frozen
public struct Moment: Equatable, Sendable {
    /// CLOCK_MONOTONIC in nanoseconds: for waits, rates and ages.
    public var monotonic: Int64
    /// CLOCK_REALTIME: for timestamps.
    public var wall: Timestamp
    /// Readings of both clocks that were taken together.
    @inlinable public init(monotonic: Int64, wall: Timestamp) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

/// The structured metadata of one entry: names from the configuration, values as bytes.
///
/// A handle on memory of the pipeline, at most ``limit`` pairs an entry.
@frozen
public struct MetadataList {
    /// A name with its value: views that live as long as the entry.
    @frozen
    public struct Pair {
        /// The configuration's, as it is there.
        public let name: Bytes
        /// UTF-8, as Loki wants it: whoever appends the pair sees to that.
        public let value: Bytes
        /// Both views as they are, uncopied.
        @inlinable public init(name: Bytes, value: Bytes) {
            self.name = name
            self.value = value
        }
    }

    /// Loki refuses entries with more (its default `max_structured_metadata_entries_count`).
    public static let limit = 128

    /// Room for ``limit`` pairs, of which the first ``count`` are set; the pipeline owns it.
    public let pairs: UnsafeMutablePointer<Pair>
    /// Number of pairs that are set, up to ``limit``.
    public var count = 0

    /// An empty list over memory for ``limit`` pairs, which must outlive it.
    @inlinable public init(_ pairs: UnsafeMutablePointer<Pair>) { self.pairs = pairs }

    /// Adds a pair; false when the entry already has ``limit`` of them.
    @inlinable public mutating func append(_ name: Bytes, _ value: Bytes) -> Bool {
        guard count < Self.limit else { return false }
        (pairs + count).initialize(to: Pair(name: name, value: value))
        count += 1
        return true
    }

    /// The pair at an index in 0 ..< ``count``, which is not checked.
    @inlinable public subscript(index: Int) -> Pair {
        get { pairs[index] }
        nonmutating set { pairs[index] = newValue }
    }
}
