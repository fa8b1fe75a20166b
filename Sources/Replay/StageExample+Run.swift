import Configuration
import Entries
import Languages
package import Stages

extension StageExample {
    /// Runs the example; one text per entry that comes out, in the form that ``StageExample/output`` uses at its place:
    /// with labels where that begins with the entry's labels, the line alone otherwise.
    ///
    /// When the pipeline does not compile, the diagnostics as they would be shown.
    package func run() -> [String] {
        var diagnostics = Diagnostics(file: "example")
        let root = YAMLParser.parse(YAMLSource(pipeline, file: "example"), into: &diagnostics)
        let compiler = PipelineCompiler(diagnostics: diagnostics, seed: Replay.seed)
        let compiled = compiler.compile(root?.items ?? [])
        guard !compiler.diagnostics.hasErrors else { return [compiler.diagnostics.render(source: pipeline)] }
        var entries: [ReplayedEntry] = []
        let replay = Replay(compiled, labels: labels, start: Clock.now())
        for line in input {
            let reader = LineReader(Array(line.utf8))
            // Whole, because an example may show a line with line breaks inside.
            withExtendedLifetime(reader) { replay.feed(reader.whole) { entries.append($0) } }
        }
        replay.finish { entries.append($0) }
        return entries.enumerated().map { index, entry in
            let line = String(decoding: entry.line, as: UTF8.self)
            let labels = String(decoding: StreamText.render(entry.labels), as: UTF8.self)
            let expected = output.indices.contains(index) ? output[index] : ""
            return expected.hasPrefix(labels + " ") ? labels + " " + line : line
        }
    }
}
