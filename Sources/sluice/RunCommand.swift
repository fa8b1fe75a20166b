import Agent
import Configuration
import Glibc
import Replay

/// `sluice [run]`: the agent, with Promtail's flags.
enum RunCommand {
    static func run(_ arguments: [String]) -> Int32 {
        let commandLine: Configuration.CommandLine
        // These two are ours: everything else is Promtail's, spelt as Promtail spells it.
        let own = (summary: ["-summary", "--summary"], once: ["-once", "--once"])
        do throws(UsageError) {
            commandLine = try Configuration.CommandLine.parse(
                arguments.filter { !own.summary.contains($0) && !own.once.contains($0) }
            )
        } catch {
            if error.isHelpRequested {
                Terminal.error(Usage.run + CommandLine.help)
                return 2
            }
            Terminal.error("\(error.message)\nRun with -help to get list of available parameters\n")
            return 2
        }
        if commandLine.checksOnly, commandLine.configurationFiles.isEmpty {
            Terminal.out("Invalid config file\n")
            return 1
        }
        if commandLine.printsVersion, commandLine.configurationFiles.isEmpty {
            Terminal.out(Version.text)
            return 0
        }
        if let mistake = mistake(in: commandLine) {
            Terminal.error("sluice: \(mistake)\nRun with -help to get list of available parameters\n")
            return 2
        }
        let loaded = AgentConfiguration.load(
            commandLine.configurationFiles,
            expandEnvironment: commandLine.expandsEnvironment,
            flags: commandLine.flags
        )
        let diagnostics = ConfigurationCheck.check(loaded).diagnostics
        if !diagnostics.isEmpty { Terminal.error(diagnostics.render(source: loaded.source)) }
        guard !diagnostics.hasErrors, let configuration = loaded.configuration else {
            Terminal.error("\(diagnostics.summary)\n")
            return 1
        }
        if commandLine.checksOnly {
            Terminal.out("Valid config file! No syntax issues found\n")
            return 0
        }
        if commandLine.printsVersion {
            Terminal.out(Version.text)
            return 0
        }
        var options = AgentOptions(version: Version.number)
        options.isDryRun = commandLine.isDryRun
        options.isInspecting = commandLine.isInspecting
        if commandLine.printsConfiguration {
            Terminal.error("---\n# Loki Config\n# \(Version.line)\n\(configuration.maskedText)\n")
        }
        options.printsSummary = arguments.contains { own.summary.contains($0) }
        options.endsWhenRead = arguments.contains { own.once.contains($0) }
        if !commandLine.configurationFiles.isEmpty { options.load = { () throws(AgentError) in try load(commandLine) } }
        return start(configuration, options, commandLine)
    }

    /// Loads the configuration once more, for a reload.
    private static func load(_ commandLine: Configuration.CommandLine) throws(AgentError) -> AgentConfiguration {
        let loaded = AgentConfiguration.load(
            commandLine.configurationFiles,
            expandEnvironment: commandLine.expandsEnvironment,
            flags: commandLine.flags
        )
        let diagnostics = ConfigurationCheck.check(loaded).diagnostics
        if !diagnostics.isEmpty { Terminal.error(diagnostics.render(source: loaded.source)) }
        guard !diagnostics.hasErrors, let configuration = loaded.configuration else {
            let lines = diagnostics.all.filter { $0.severity == .error }.map(\.line)
            throw AgentError("error new Config: unable to parse config: " + lines.joined(separator: "; "))
        }
        return configuration
    }

    /// What is missing where no configuration is named; flags alone are enough to read standard input.
    private static func mistake(in commandLine: Configuration.CommandLine) -> String? {
        guard commandLine.configurationFiles.isEmpty, !commandLine.flags.isOn("stdin") else { return nil }
        if let word = commandLine.rest.first {
            return "'\(word)' is no flag; to run a configuration: sluice -config.file=\(word)"
        }
        return
            "no configuration: name its file with -config.file=FILE, or ship standard input with -stdin -client.url=URL"
    }

    /// What `-dry-run` begins with (server-and-metrics.md 6).
    private static func clients(of configuration: AgentConfiguration) -> String {
        let shown = configuration.maskedClients.map { "----------------------\n\($0)" }
        return (["Clients configured:\n"] + shown).joined() + "\n"
    }

    private static func start(
        _ configuration: AgentConfiguration,
        _ options: AgentOptions,
        _ commandLine: Configuration.CommandLine
    ) -> Int32 {
        guard let level = AgentLog.Level(name: configuration.server.logLevel) else {
            Terminal.out("Invalid log level\n")
            return 1
        }
        let log = AgentLog(level: level, format: AgentLog.Format(rawValue: configuration.server.logFormat) ?? .logfmt)
        if commandLine.logsConfiguration {
            for line in configuration.maskedText.split(separator: "\n").reversed() {
                log.info("configuration", ("line", String(line)))
            }
        }
        if options.isDryRun { Terminal.out(clients(of: configuration)) }
        for flag in commandLine.flags.withoutEffect {
            log.warn(
                "a flag has no effect",
                [("flag", "-\(flag.name)"), ("instead", flag.instead)].filter { !$0.1.isEmpty }
            )
        }
        Signals.block()
        do throws(AgentError) {
            return try AgentRun(configuration, options: options, log: log).run()
        } catch {
            log.error("error creating agent", ("error", "\(error)"))
            return 1
        }
    }
}
