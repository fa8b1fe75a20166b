import Agent
import Glibc
import Replay

/// Picks the command; what is no command is a flag of `run`, as Promtail has no commands.
func start(_ arguments: [String]) -> Int32 {
    guard let command = arguments.first else {
        Terminal.error(Usage.all)
        return 2
    }
    let rest = Array(arguments.dropFirst())
    switch command {
    case "run": return RunCommand.run(rest)
    case "check": return CheckCommand.run(arguments: rest)
    case "replay": return ReplayCommand.run(arguments: rest)
    case "test": return TestCommand.run(arguments: rest)
    case "stages": return StagesCommand.run(arguments: rest)
    case "receive":
        Signals.block()
        return ReceiveCommand.run(rest)
    case "version":
        Terminal.out(Version.text)
        return 0
    case "help", "--help", "-help", "-h":
        Terminal.out(Usage.all)
        return 0
    default:
        if command.hasPrefix("-") { return RunCommand.run(arguments) }
        Terminal.error("sluice: \(Usage.noCommand(command))\n\n\(Usage.all)")
        return 2
    }
}

exit(start(Array(Swift.CommandLine.arguments.dropFirst())))
