/// What a ``TailSet`` tells about its files besides their lines.
package enum TailEvent: Equatable, Sendable {
    /// A source begins at `startPosition`. `path` is the file's path as matched: the label `filename`.
    case opened(SourceID, target: Int, path: String, startPosition: Int64)
    /// The source was read to its end and is gone, or is no longer wanted: no chunk of it follows.
    case finished(SourceID)
    /// The first look found no file that `pattern`, the value of `__path__`, means.
    case nothingFound(pattern: String)
    case warning(TailWarning)
}
