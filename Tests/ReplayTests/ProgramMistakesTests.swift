import Testing

/// What the program itself says to a command line that it cannot run; none of these may start the agent.
struct ProgramMistakesTests {
    /// Arguments, and the first lines of what is said.
    struct Row: Sendable, CustomTestStringConvertible {
        let arguments: String
        let code: Int32
        let said: String

        init(_ arguments: String, code: Int32 = 2, _ said: String) {
            self.arguments = arguments
            self.code = code
            self.said = said
        }

        var testDescription: String { "sluice \(arguments)" }
    }

    private static let noConfiguration = """
        sluice: no configuration: name its file with -config.file=FILE, or ship standard input with \
        -stdin -client.url=URL
        Run with -help to get list of available parameters

        """
    private static let fileIsNoCommand = """
        sluice: 'agent.yaml' is no command; if it is a configuration:
          sluice -config.file=agent.yaml    ships logs
          sluice check agent.yaml           shows mistakes

        sluice ships logs to Loki.
        """

    @Test(arguments: [
        Row("-dry-run", noConfiguration),
        Row("run -dry-run", noConfiguration),
        Row("run", noConfiguration),
        Row("-config.file=", noConfiguration),
        Row("-client.url=http://127.0.0.1:9/", noConfiguration),
        Row("agent.yaml", fileIsNoCommand),
        Row(
            "run agent.yaml",
            """
            sluice: 'agent.yaml' is no flag; to run a configuration: sluice -config.file=agent.yaml
            Run with -help to get list of available parameters

            """
        ),
        Row(
            "replya agent.yaml",
            "sluice: unknown command 'replya'; did you mean 'replay'?\n\nsluice ships logs to Loki."
        ),
        Row("frobnicate", "sluice: unknown command 'frobnicate'\n\nsluice ships logs to Loki."),
        Row("", "sluice ships logs to Loki."),
        Row(
            "-config.file",
            """
            flag needs an argument: -config.file
            Run with -help to get list of available parameters

            """
        ),
        Row(
            "-config.file=none.yaml",
            code: 1,
            """
            none.yaml: error: the file does not exist
                  = help: look at the spelling; a path without '/' in front begins at the folder sluice is started in
            1 error

            """
        ),
        Row(
            "test",
            """
            sluice test: there is no folder fixtures/pipelines, so name a FILE or FOLDER
            usage: sluice test [--update] [--config.expand-env] [FILE|FOLDER...]

            """
        ),
    ])
    func isToldWhatIsMissing(_ row: Row) throws {
        let scene = try CommandScene()
        let (code, said) = try scene.runProgram(row.arguments)
        #expect(code == row.code)
        #expect(said.prefix(row.said.count) == row.said)
        // Where the help of all commands follows, its first line is enough.
        if !row.said.hasSuffix("Loki.") { #expect(said == row.said) }
    }

    @Test func versionNeedsNoConfiguration() throws {
        let (code, said) = try CommandScene().runProgram("-version")
        #expect(code == 0)
        #expect(said.hasPrefix("sluice, version "))
    }
}
