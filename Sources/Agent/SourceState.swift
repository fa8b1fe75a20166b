import Delivery
import Entries
import Receivers
import Stages

/// What a worker remembers about one source: where its lines go and how far it is safe.
final class SourceState {
    let number: UInt32
    /// Index of the pipeline among the worker's.
    let pipeline: Int
    /// The target's labels in that pipeline.
    let base: Int
    /// The file's path as metrics name it.
    let path: String
    var window: AckWindow
    /// The span that lines go into now, and the epoch of the worker in which it was opened.
    private(set) var span: SpanID
    private var spanEpoch = -1
    /// Whether nothing more will be read from it.
    var isFinished = false
    /// What was told to be odd about its lines.
    var toldOddities: Set<Oddity> = []
    /// The batch of messages that this is; nil for a file.
    let batch: MessageBatch?
    /// The label sets that its lines come with, see ``LabelBases``.
    var baseKeys: [[UInt8]] = []
    /// Whether a client gave up entries of it.
    var isGivenUp = false
    /// Whether the agent stopped before its last message.
    var isCutShort = false

    init(number: UInt32, pipeline: Int, base: Int, path: String, position: Int64) {
        self.number = number
        self.pipeline = pipeline
        self.base = base
        self.path = path
        batch = nil
        window = AckWindow(position: position)
        span = SpanID(source: number, number: 0)
    }

    /// Messages, which have labels of their own and no path.
    init(number: UInt32, pipeline: Int, batch: MessageBatch) {
        self.number = number
        self.pipeline = pipeline
        base = -1
        path = ""
        self.batch = batch
        window = AckWindow(position: 0)
        span = SpanID(source: number, number: 0)
    }

    /// Makes sure that the span is of this epoch: a new one begins wherever a batch was closed in between.
    func openSpan(epoch: Int) {
        guard spanEpoch != epoch else { return }
        spanEpoch = epoch
        span = SpanID(source: number, number: window.open())
    }
}

/// A place within a chunk: which line is being worked on, and the position before it.
struct ChunkCursor {
    private let start: UnsafePointer<UInt8>
    private let startPosition: Int64
    private let countsLines: Bool
    private let endPosition: Int64
    private let end: UnsafePointer<UInt8>
    /// Where the current line begins.
    var line: UnsafePointer<UInt8>
    /// Lines before it.
    var lineNumber: Int64 = 0
    /// The chunk is one line without a byte, and it was not taken.
    var isBeforeEmptyLine = false

    init(_ bytes: Bytes, startPosition: Int64, endPosition: Int64, countsLines: Bool) {
        start = bytes.start
        line = bytes.start
        end = bytes.end
        self.startPosition = startPosition
        self.endPosition = endPosition
        self.countsLines = countsLines
    }

    /// The position before the current line, or after the last one.
    var position: Int64 {
        if line >= end { return isBeforeEmptyLine ? startPosition : endPosition }
        return startPosition + (countsLines ? lineNumber : Int64(line - start))
    }
}
