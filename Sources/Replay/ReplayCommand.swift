import Configuration
import Entries
import Stages

/// `sluice replay`: what a pipeline makes of an input.
package enum ReplayCommand: Command {
    static let name = "replay"
    static let usage =
        "sluice replay FILE --input LOG|- [--job NAME] [--format text|ndjson] [--timestamps] [--explain] "
        + "[--config.expand-env]"
    static let help = """
        Runs the pipelines of FILE over the lines of an input and prints what Loki would get.
        FILE is a Promtail configuration, a mapping with pipeline_stages, or a list of stages.

          --input LOG            the input; - is standard input
          --job NAME             only this scrape config (default: all)
          --format text|ndjson   timestamp, labels, line and metadata between tabs, or one JSON object
                                 an entry (default text)
          --timestamps           the time of reading where no stage sets a timestamp (default: now)
          --explain              what each stage did to each line
          --config.expand-env    expands ${VAR} in FILE

        Labels are those of the job's target whose __path__ fits, and filename; external_labels are not applied. A
        summary goes to standard error. No time passes between two lines.

        example: sluice replay promtail.yaml --input app.log --format ndjson
        exit code: 0 fine, 1 mistakes in FILE or an input that cannot be read, 2 wrong usage

        """
    static let options: [Arguments.Option] = [
        .value("input"), .value("job"), .value("format", ["text", "ndjson"]), .flag("timestamps"), .flag("explain"),
        .flag("config.expand-env"),
    ]

    /// Runs the command; the exit code.
    package static func run(arguments: [String], console: Console = .standard) -> Int32 { start(arguments, console) }

    static func run(_ arguments: Arguments, _ console: Console) throws(Arguments.Mistake) -> Int32 {
        guard arguments.positional.count == 1, let path = arguments.positional.first else {
            throw Arguments.Mistake(message: "takes one FILE, the one with the pipeline; the log goes behind '--input'")
        }
        guard let input = arguments.value("input") else {
            throw Arguments.Mistake(message: "'--input' is missing: name the log to read, or - for standard input")
        }
        do throws(InputError) {
            let isExpanding = arguments.isOn("config.expand-env")
            let environment: ((String) -> String?)? = isExpanding ? { AgentConfiguration.processEnvironment($0) } : nil
            var file = try PipelineFile(path, environment: environment)
            let jobs = try file.jobs(named: arguments.value("job"))
            let compiled = jobs.map { (job: $0, pipeline: file.compile($0)) }
            console.errors.write(file.rendered)
            guard !file.diagnostics.hasErrors else { return ExitCode.mistakes }
            let lines =
                input == "-"
                ? LineReader(descriptor: console.input, name: "standard input") : try LineReader(path: input)
            let run = Run(arguments, console, input: input)
            for case (let job, let pipeline?) in compiled { run.add(job, pipeline) }
            return run.feed(lines)
        } catch {
            console.errors.writeLine("sluice replay: \(error.message)")
            return ExitCode.mistakes
        }
    }
}

extension ReplayCommand {
    /// One run over one input, of all jobs side by side.
    private final class Run {
        private let console: Console
        private let input: String
        private let isJSON: Bool
        private let showsTimestamps: Bool
        private let isExplaining: Bool
        private let start = Clock.now()
        private var jobs: [(name: String, replay: Replay, explanation: Explanation?)] = []

        init(_ arguments: Arguments, _ console: Console, input: String) {
            self.console = console
            self.input = input
            isJSON = arguments.value("format") == "ndjson"
            showsTimestamps = arguments.isOn("timestamps")
            isExplaining = arguments.isOn("explain")
        }

        func add(_ job: PipelineFile.Job, _ pipeline: Pipeline) {
            let labels = job.labels(for: input).merging(["filename": input]) { _, path in path }
            let replay = Replay(pipeline, labels: labels, start: start)
            let title = job.name.isEmpty ? "" : " of job \(job.name)"
            let output = console.output
            let explanation = Explanation(pipeline, title: title) { output.write($0 + [UInt8(ascii: "\n")]) }
            jobs.append((job.name, replay, isExplaining ? explanation : nil))
        }

        /// Reads to the end, or to a mistake of the input; the exit code.
        func feed(_ lines: LineReader) -> Int32 {
            let code = feedAll(lines)
            for job in jobs { job.replay.finish(explaining: job.explanation, to: deliver) }
            console.output.flush()
            for job in jobs { summarise(job.name, job.replay) }
            return code
        }

        private func feedAll(_ lines: LineReader) -> Int32 {
            do throws(InputError) {
                while console.output.isWritable, let line = try lines.next() {
                    for job in jobs { job.replay.feed(line, explaining: job.explanation, to: deliver) }
                }
                return ExitCode.fine
            } catch {
                console.errors.writeLine("sluice replay: \(error.message)")
                return ExitCode.mistakes
            }
        }

        private func deliver(_ entry: ReplayedEntry) {
            let prefix = isExplaining ? Array("  => ".utf8) : []
            let text = isJSON ? entry.json(isExact: showsTimestamps) : entry.text(isExact: showsTimestamps)
            console.output.write(prefix + text + [UInt8(ascii: "\n")])
        }

        private func summarise(_ name: String, _ replay: Replay) {
            let head = name.isEmpty ? "" : "job \(name): "
            let redacted = replay.pipeline.redactionCounter.count
            let dropped = replay.drops.reduce(0) { $0 + $1.count }
            console.errors.writeLine(
                "\(head)\(replay.lineCount) \(replay.lineCount == 1 ? "line" : "lines") read, "
                    + "\(replay.entryCount) \(replay.entryCount == 1 ? "entry" : "entries") out, \(dropped) dropped, "
                    + "\(redacted) \(redacted == 1 ? "value" : "values") redacted"
            )
            for (reason, count) in replay.drops {
                console.errors.writeLine("  \(count) dropped by \(reason.stage): \(reason.reason)")
            }
        }
    }
}
