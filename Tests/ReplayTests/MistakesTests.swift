import Testing

@testable import Replay

/// What is said to someone who types a command for the first time.
struct MistakesTests {
    enum CommandName {
        case check, replay, test, stages

        var type: any Command.Type {
            switch self {
            case .check: CheckCommand.self
            case .replay: ReplayCommand.self
            case .test: TestCommand.self
            case .stages: StagesCommand.self
            }
        }
    }

    /// A command line and how it ends.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let command: CommandName
        let arguments: [String]
        let code: Int32
        let output: String
        let errors: String

        init(
            _ name: String,
            _ command: CommandName,
            _ arguments: [String],
            code: Int32,
            output: String = "",
            errors: String = ""
        ) {
            testDescription = name
            self.command = command
            self.arguments = arguments
            self.code = code
            self.output = output
            self.errors = errors
        }
    }

    /// A folder with one file of each kind.
    private static func scene() throws -> CommandScene {
        let scene = try CommandScene()
        let sources = "static_configs: [{labels: {__path__: x.log}}]"
        try scene.write("good.yaml", "pipeline_stages:\n  - redact:\n")
        try scene.write("bad.yaml", "- jsn: {}\n- redact:\n")
        try scene.write("empty.yaml", "")
        try scene.write("agent.yaml", "scrape_configs: [{job_name: a, \(sources)}, {job_name: b, \(sources)}]\n")
        try scene.write("app.log", "token=abc\n")
        scene.makeFolder("folder")
        try scene.makeFixture("new", input: "token=abc\n")
        try scene.makeFixture("old", input: "token=abc\n", expected: #"{"line":"token=abc"}"#)
        return scene
    }

    private static func expect(_ row: Row) throws {
        let wanted = CommandScene.Result(code: row.code, output: row.output, errors: row.errors)
        #expect(try scene().run(row.command.type, row.arguments) == wanted)
    }

    @Test(arguments: [
        Row(
            "no file",
            .check,
            [],
            code: 2,
            errors: """
                sluice check: takes at least one FILE to check
                usage: sluice check [--config.expand-env] FILE...

                """
        ),
        Row(
            "a file that is missing",
            .check,
            ["FOLDER/none.yaml"],
            code: 1,
            output: """
                FOLDER/none.yaml: error: the file does not exist
                      = help: look at the spelling; a path without '/' in front begins at the folder sluice is started in
                FOLDER/none.yaml: 1 error

                """
        ),
        Row(
            "a folder",
            .check,
            ["FOLDER/folder"],
            code: 1,
            output: """
                FOLDER/folder: error: is a folder, not a configuration file
                      = help: name a file in it
                FOLDER/folder: 1 error

                """
        ),
        Row(
            "an unknown stage",
            .check,
            ["FOLDER/bad.yaml"],
            code: 1,
            output: """
                FOLDER/bad.yaml:1:3: error: unknown stage 'jsn'; did you mean 'json'?
                    1 | - jsn: {}
                      |   ^~~
                FOLDER/bad.yaml: 1 error

                """
        ),
        Row(
            "a log",
            .check,
            ["FOLDER/app.log"],
            code: 1,
            output: """
                FOLDER/app.log:1:1: error: a configuration is a mapping of options, not text
                    1 | token=abc
                      | ^~~~~~~~~
                FOLDER/app.log: 1 error

                """
        ),
        Row("no mistake", .check, ["FOLDER/good.yaml"], code: 0, output: "FOLDER/good.yaml: no mistakes\n"),
    ])
    func check(_ row: Row) throws { try Self.expect(row) }

    private static let replayUsage = """
        usage: sluice replay FILE --input LOG|- [--job NAME] [--format text|ndjson] [--timestamps] [--explain] \
        [--config.expand-env]

        """

    @Test(arguments: [
        Row(
            "nothing",
            .replay,
            [],
            code: 2,
            errors: "sluice replay: takes one FILE, the one with the pipeline; the log goes behind '--input'\n"
                + replayUsage
        ),
        Row(
            "the log without --input",
            .replay,
            ["FOLDER/good.yaml", "FOLDER/app.log"],
            code: 2,
            errors: "sluice replay: takes one FILE, the one with the pipeline; the log goes behind '--input'\n"
                + replayUsage
        ),
        Row(
            "no log",
            .replay,
            ["FOLDER/good.yaml"],
            code: 2,
            errors: "sluice replay: '--input' is missing: name the log to read, or - for standard input\n" + replayUsage
        ),
        Row(
            "a misspelt option",
            .replay,
            ["FOLDER/good.yaml", "--inptu", "FOLDER/app.log"],
            code: 2,
            errors: "sluice replay: unknown option '--inptu'; did you mean '--input'?\n" + replayUsage
        ),
        Row(
            "a format that there is not",
            .replay,
            ["FOLDER/good.yaml", "--input", "FOLDER/app.log", "--format", "json"],
            code: 2,
            errors: "sluice replay: option '--format' takes text or ndjson\n" + replayUsage
        ),
        Row(
            "a file that is missing",
            .replay,
            ["FOLDER/none.yaml", "--input", "FOLDER/app.log"],
            code: 1,
            errors: "sluice replay: FOLDER/none.yaml: cannot be opened: No such file or directory\n"
        ),
        Row(
            "a log that is missing",
            .replay,
            ["FOLDER/good.yaml", "--input", "FOLDER/none.log"],
            code: 1,
            errors: "sluice replay: FOLDER/none.log: cannot be opened: No such file or directory\n"
        ),
        Row(
            "a folder as file",
            .replay,
            ["FOLDER/folder", "--input", "FOLDER/app.log"],
            code: 1,
            errors: "sluice replay: FOLDER/folder: is a folder; name a file in it\n"
        ),
        Row(
            "a folder as log",
            .replay,
            ["FOLDER/good.yaml", "--input", "FOLDER/folder"],
            code: 1,
            errors: "sluice replay: FOLDER/folder: is a folder; name a file in it\n"
        ),
        Row(
            "an empty file",
            .replay,
            ["FOLDER/empty.yaml", "--input", "FOLDER/app.log"],
            code: 1,
            errors:
                "sluice replay: FOLDER/empty.yaml: has no pipeline: write 'scrape_configs', 'pipeline_stages' or a list "
                + "of stages\n"
        ),
        Row(
            "an unknown stage",
            .replay,
            ["FOLDER/bad.yaml", "--input", "FOLDER/app.log"],
            code: 1,
            errors: """
                FOLDER/bad.yaml:1:3: error: unknown stage 'jsn'; did you mean 'json'?
                    1 | - jsn: {}
                      |   ^~~

                """
        ),
        Row(
            "a job that there is not",
            .replay,
            ["FOLDER/agent.yaml", "--input", "FOLDER/app.log", "--job", "c"],
            code: 1,
            errors: "sluice replay: FOLDER/agent.yaml: no job 'c'; there is 'a', 'b'\n"
        ),
        Row(
            "a job in a file without jobs",
            .replay,
            ["FOLDER/good.yaml", "--input", "FOLDER/app.log", "--job", "c"],
            code: 1,
            errors: "sluice replay: FOLDER/good.yaml: no job 'c': the file is one pipeline, which has no name\n"
        ),
    ])
    func replay(_ row: Row) throws { try Self.expect(row) }

    @Test(arguments: [
        Row(
            "a path that is missing",
            .test,
            ["FOLDER/none"],
            code: 1,
            output: "FAILED FOLDER/none: does not exist\n0 passed, 1 failed\n"
        ),
        Row(
            "a folder without tests",
            .test,
            ["FOLDER/folder"],
            code: 1,
            output: "0 passed, 0 failed\n",
            errors:
                "sluice test: found no test; a fixture is a folder with input.log, and a file needs a list 'tests'\n"
        ),
        Row(
            "a file without tests",
            .test,
            ["FOLDER/good.yaml"],
            code: 1,
            output: """
                FAILED FOLDER/good.yaml: has no 'tests'; add such a list, or name the folder of a fixture
                0 passed, 1 failed

                """
        ),
        Row(
            "an unknown stage",
            .test,
            ["FOLDER/bad.yaml"],
            code: 1,
            output: "FAILED FOLDER/bad.yaml: 1 error\n0 passed, 1 failed\n",
            errors: """
                FOLDER/bad.yaml:1:3: error: unknown stage 'jsn'; did you mean 'json'?
                    1 | - jsn: {}
                      |   ^~~

                """
        ),
        Row(
            "a fixture without expected entries",
            .test,
            ["FOLDER/new"],
            code: 1,
            output: """
                FAILED FOLDER/new: has no expected.ndjson; 'sluice test --update FOLDER/new' writes what comes out now, \
                for you to read
                0 passed, 1 failed

                """
        ),
        Row(
            "a fixture that fails",
            .test,
            ["FOLDER/old"],
            code: 1,
            output: """
                FAILED FOLDER/old: expected.ndjson:1: line is "token=[REDACTED]", expected "token=abc"
                0 passed, 1 failed

                """
        ),
        Row(
            "a misspelt option",
            .test,
            ["--udpate"],
            code: 2,
            errors: """
                sluice test: unknown option '--udpate'; did you mean '--update'?
                usage: sluice test [--update] [--config.expand-env] [FILE|FOLDER...]

                """
        ),
    ])
    func test(_ row: Row) throws { try Self.expect(row) }

    /// The help of a file with references names the option; here it is.
    @Test(arguments: [true, false]) func referencesAreExpandedOnRequest(_ isExpanding: Bool) throws {
        let scene = try CommandScene()
        try scene.write(
            "agent.yaml",
            """
            server:
              http_listen_port: ${SLUICE_TEST_PORT:-9080}
            scrape_configs: [{job_name: a, pipeline_stages: [{redact: }], static_configs: [{labels: {job: a}}]}]
            tests: [{name: masks, input: token=abc, expect: [{line: 'token=[REDACTED]'}]}]
            """
        )
        let options = isExpanding ? ["--config.expand-env"] : []
        let result = scene.run(TestCommand.self, options + ["FOLDER/agent.yaml"])
        #expect(result.output.hasSuffix(isExpanding ? "1 passed, 0 failed\n" : "0 passed, 1 failed\n"))
        #expect(result.errors.contains("use -config.expand-env=true") == !isExpanding)
    }

    /// What the message above says to do works.
    @Test func updatingWritesWhatIsExpected() throws {
        let scene = try Self.scene()
        let updated = scene.run(TestCommand.self, ["--update", "FOLDER/new"])
        #expect(updated.output == "updated FOLDER/new\n0 passed, 0 failed, 1 updated\n")
        #expect(updated.code == 0)
        #expect(scene.run(TestCommand.self, ["FOLDER/new"]).output == "1 passed, 0 failed\n")
    }

    @Test(arguments: [
        Row(
            "a stage that there is not",
            .stages,
            ["nope"],
            code: 2,
            errors: """
                sluice stages: unknown stage 'nope'; 'sluice stages' lists them all
                usage: sluice stages [NAME | --markdown]

                """
        ),
        Row(
            "a misspelt stage",
            .stages,
            ["jsn"],
            code: 2,
            errors: """
                sluice stages: unknown stage 'jsn'; did you mean 'json'?
                usage: sluice stages [NAME | --markdown]

                """
        ),
    ])
    func stages(_ row: Row) throws { try Self.expect(row) }
}
