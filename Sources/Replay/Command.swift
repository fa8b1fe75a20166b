/// A command of the program: its words for `--help`, its options, and what it does.
protocol Command {
    /// The name behind `sluice`.
    static var name: String { get }
    /// `sluice NAME ...`, in one line.
    static var usage: String { get }
    /// Everything behind the usage line that `--help` shows.
    static var help: String { get }
    static var options: [Arguments.Option] { get }

    static func run(_ arguments: Arguments, _ console: Console) throws(Arguments.Mistake) -> Int32
}

extension Command {
    /// Takes the arguments apart, answers `--help` and wrong usage, and runs the command.
    static func start(_ arguments: [String], _ console: Console) -> Int32 {
        defer { console.flush() }
        do throws(Arguments.Mistake) {
            let parsed = try Arguments(arguments, options: options)
            if parsed.isHelpRequested {
                console.output.write("usage: \(usage)\n\n\(help)")
                return ExitCode.fine
            }
            return try run(parsed, console)
        } catch {
            console.errors.writeLine("sluice \(name): \(error.message)")
            console.errors.writeLine("usage: \(usage)")
            return ExitCode.wrongUsage
        }
    }
}
