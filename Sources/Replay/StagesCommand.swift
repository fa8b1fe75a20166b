import Configuration
import Stages

/// `sluice stages`: the reference of stages.
package enum StagesCommand: Command {
    static let name = "stages"
    static let usage = "sluice stages [NAME | --markdown]"
    static let help = """
        Lists all stages, or shows the options and examples of one; --markdown writes docs/stages.md.

        example: sluice stages redact
        exit code: 0 fine, 2 wrong usage

        """
    static let options: [Arguments.Option] = [.flag("markdown")]

    /// Runs the command; the exit code.
    package static func run(arguments: [String], console: Console = .standard) -> Int32 { start(arguments, console) }

    static func run(_ arguments: Arguments, _ console: Console) throws(Arguments.Mistake) -> Int32 {
        let isMarkdown = arguments.isOn("markdown")
        guard arguments.positional.count + (isMarkdown ? 1 : 0) <= 1 else {
            throw Arguments.Mistake(message: "takes one NAME, or '--markdown'")
        }
        guard let name = arguments.positional.first else {
            console.output.write(isMarkdown ? StageReference.document : StageReference.overview)
            return ExitCode.fine
        }
        guard let stage = StageCatalog.stage(named: name) else {
            let question = Suggestion.question(name, among: StageCatalog.all.map { $0.spec.name })
            let hint = question.isEmpty ? "; 'sluice stages' lists them all" : question
            throw Arguments.Mistake(message: "unknown stage '\(name)'\(hint)")
        }
        console.output.write(StageReference(stage.spec).text)
        return ExitCode.fine
    }
}
