import Configuration
import Glibc

/// The help of the program as a whole.
enum Usage {
    static let all = """
        sluice ships logs to Loki. It runs a Promtail configuration file unchanged.

        usage: sluice [run] -config.file=FILE [flags]   ships logs; Promtail's flags ('sluice run -help' lists them)
               sluice check FILE...                     everything that can be known before running
               sluice replay FILE --input LOG           what a pipeline makes of an input; --explain shows each stage
               sluice test [FILE|FOLDER...]             pipeline tests
               sluice receive                           a Loki push endpoint on this machine
               sluice stages [NAME]                     the stages and their options
               sluice version

        example: sluice -config.file=/etc/promtail/config.yml

        Exit codes: 0 fine, 1 mistakes found or the agent could not start, 2 wrong usage.

        """

    private static let commands = ["run", "check", "replay", "test", "receive", "stages", "version", "help"]

    /// What to say of a first argument that is neither a command nor a flag.
    static func noCommand(_ word: String) -> String {
        guard word.hasSuffix(".yaml") || word.hasSuffix(".yml") || access(word, F_OK) == 0 else {
            return "unknown command '\(word)'\(Suggestion.question(word, among: commands))"
        }
        return """
            '\(word)' is no command; if it is a configuration:
              sluice -config.file=\(word)    ships logs
              sluice check \(word)           shows mistakes
            """
    }

    static let run = """
        usage: sluice [run] -config.file=FILE [flags]

        Ships logs to Loki until SIGTERM or SIGINT. Flags are Promtail's; two dashes work as well.
          -once
                Ends when everything there is has been read and answered for.
          -summary
                Prints what was read, delivered, dropped and redacted at the end.

        """
}
