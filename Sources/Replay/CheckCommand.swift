import Configuration
import Stages

/// `sluice check`: everything that can be known of configurations before running.
package enum CheckCommand: Command {
    static let name = "check"
    static let usage = "sluice check [--config.expand-env] FILE..."
    static let help = """
        Checks configurations, or files with pipelines, and shows every mistake.
        Warnings mark what has no effect or not the effect it seems to have; they are no failure.

          --config.expand-env    expands ${VAR}

        example: sluice check promtail.yaml
        exit code: 0 fine, 1 mistakes found, 2 wrong usage

        """
    static let options: [Arguments.Option] = [.flag("config.expand-env")]

    /// Runs the command; the exit code.
    package static func run(arguments: [String], console: Console = .standard) -> Int32 { start(arguments, console) }

    static func run(_ arguments: Arguments, _ console: Console) throws(Arguments.Mistake) -> Int32 {
        guard !arguments.positional.isEmpty else {
            throw Arguments.Mistake(message: "takes at least one FILE to check")
        }
        var code = ExitCode.fine
        for path in arguments.positional {
            let report = report(path, expandsEnvironment: arguments.isOn("config.expand-env"))
            console.output.write(report.text)
            if !report.isFine { code = ExitCode.mistakes }
        }
        return code
    }

    private static func report(_ path: String, expandsEnvironment: Bool) -> (text: String, isFine: Bool) {
        // A file that cannot be read is reported by loading it as a configuration.
        if var file = try? PipelineFile(path), !file.isWhole {
            file.check()
            return (file.rendered + "\(path): \(file.diagnostics.summary)\n", !file.diagnostics.hasErrors)
        }
        let loaded = AgentConfiguration.load(path, expandEnvironment: expandsEnvironment)
        let diagnostics = ConfigurationCheck.check(loaded).diagnostics
        let text = diagnostics.render(source: loaded.source) + "\(path): \(diagnostics.summary)\n"
        return (text, !diagnostics.hasErrors)
    }
}
