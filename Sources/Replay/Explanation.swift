import Entries
import Stages

/// Writes down what each stage did to a line: one block for each line, one heading for each stage.
final class Explanation {
    private let pipeline: Pipeline
    private let title: String
    private let write: ([UInt8]) -> Void
    private var before: EntrySnapshot?
    private var isReleased = false

    /// `title` names the job where several are replayed; `write` takes whole lines.
    init(_ pipeline: Pipeline, title: String, write: @escaping ([UInt8]) -> Void) {
        self.pipeline = pipeline
        self.title = title
        self.write = write
    }

    func beginLine(_ number: Int) {
        isReleased = false
        write(Array("line \(number)\(title)".utf8))
    }

    /// What follows, if anything, is an entry that a stage gives out.
    func beginReleased() { isReleased = true }

    /// Takes one call of a pipeline's observer.
    func observe(_ stage: Int, _ name: String, _ verdict: Verdict, _ entry: Entry) {
        let after = EntrySnapshot(entry, pipeline.labelSets)
        guard stage >= 0 else {
            before = after
            if isReleased { write(Array("given out\(title)".utf8)) }
            return
        }
        let changes = before?.changes(to: after) ?? []
        before = after
        write(Array("  \(stage + 1) \(name)\(remark(verdict, isUnchanged: changes.isEmpty))".utf8))
        for change in changes { write(Array("      ".utf8) + change) }
    }

    private func remark(_ verdict: Verdict, isUnchanged: Bool) -> String {
        switch verdict {
        case .keep: isUnchanged ? ": no change" : ""
        case .skip: ": does not match"
        case .drop(let id): ": dropped, \(pipeline.dropReasons[id.index].reason)"
        case .hold: ": holds the line"
        case .release: ": holds the line and gives out what it held"
        case .wait: ": waits for a token"
        }
    }
}
