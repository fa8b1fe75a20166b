import TestSupport
import Testing

/// A configuration with mistakes: all of them in one run, each with its place and a way out, and nothing is started.
@Suite(.serialized)
struct BrokenConfigurationTests {
    /// What the agent says about a configuration; it must not have begun to work.
    private func said(_ configuration: String, _ arguments: [String] = []) throws -> String {
        let scene = try AgentScene()
        try scene.write("a.log", "line\n")
        let file = try scene.folder.write("agent.yaml", configuration.replacing("FOLDER", with: scene.folder.path))
        let process = try Subprocess(
            [AgentScene.program, "-config.file=\(file)"] + arguments,
            output: scene.folder.path("output"),
            errors: scene.folder.path("agent.log")
        )
        #expect(process.wait() == 1)
        #expect(scene.receiver.pushCount == 0)
        #expect(scene.positions == "")
        #expect(scene.output == "")
        return scene.log.replacing(file, with: "agent.yaml").replacing(scene.folder.path, with: "FOLDER")
    }

    @Test func allMistakesAreShownInOneRun() throws {
        let text = try said(
            """
            server:
              http_listen_prt: 9080
              log_level: loud
            positions:
              sync_period: 10 seconds
            clients:
              - url: loki:3100
                batchsize: 1MB
                backoff_config: {min_period: fast}
            limits_config:
              max_line_size: 12 parsecs
            scrape_configs:
              - job_name: app
                pipeline_stages:
                  - json: {expressions: {level: 'a..b'}}
                  - lables: {level: }
                static_configs:
                  - labels: {job: app, __path__: 'FOLDER/logs/*.log'}
            """
        )
        #expect(
            text == """
                agent.yaml:2:3: error: server: unknown option 'http_listen_prt'; did you mean 'http_listen_port'?
                    2 |   http_listen_prt: 9080
                      |   ^~~~~~~~~~~~~~~
                agent.yaml:3:14: error: server: 'log_level' takes debug, info, warn or error
                    3 |   log_level: loud
                      |              ^~~~
                agent.yaml:5:16: error: positions: 'sync_period' takes a duration such as 10s, 250ms or 1h30m
                    5 |   sync_period: 10 seconds
                      |                ^~~~~~~~~~
                agent.yaml:7:10: error: clients: 'url' is no http or https URL
                    7 |   - url: loki:3100
                      |          ^~~~~~~~~
                      = help: write it like http://loki:3100/loki/api/v1/push
                agent.yaml:8:16: error: clients: 'batchsize' takes a whole number
                    8 |     batchsize: 1MB
                      |                ^~~
                agent.yaml:9:34: error: backoff_config: 'min_period' takes a duration such as 10s, 250ms or 1h30m
                    9 |     backoff_config: {min_period: fast}
                      |                                  ^~~~
                agent.yaml:11:18: error: limits_config: 'max_line_size' takes a size such as 512KB or 1MB
                   11 |   max_line_size: 12 parsecs
                      |                  ^~~~~~~~~~
                agent.yaml:15:40: error: json: 'expressions' does not compile as JMESPath: SyntaxError: \
                Expected identifier, lbracket, or lbrace
                   15 |       - json: {expressions: {level: 'a..b'}}
                      |                                        ^
                agent.yaml:16:9: error: unknown stage 'lables'; did you mean 'labels'?
                   16 |       - lables: {level: }
                      |         ^~~~~~
                9 errors

                """
        )
    }

    @Test func brokenYAMLIsShownWhereItBreaks() throws {
        let text = try said(
            """
            clients:
              - url: http://localhost:3100/loki/api/v1/push
                basic_auth: {username: u, password: 'CANARY
            scrape_configs: []
            """
        )
        #expect(
            text == """
                agent.yaml:3:41: error: a quoted value is not closed
                    3 |     basic_auth: {username: u, password: <hidden>
                      |                                         ^~~~~~~~
                1 error

                """
        )
    }

    @Test func aConfigurationWithoutAClientIsRefused() throws {
        let text = try said(
            """
            scrape_configs:
              - job_name: app
                static_configs:
                  - labels: {job: app, __path__: 'FOLDER/logs/*.log'}
            """
        )
        #expect(
            text == """
                agent.yaml: error: no client: nothing says where to push entries
                      = help: add  clients: [{url: 'http://loki:3100/loki/api/v1/push'}]
                1 error

                """
        )
    }

    @Test func aMissingFileIsTold() throws {
        let scene = try AgentScene()
        let (code, output) = try Subprocess.run([AgentScene.program, "-config.file=\(scene.folder.path)/none.yaml"])
        #expect(code == 1)
        #expect(
            String(decoding: output, as: UTF8.self) == """
                \(scene.folder.path)/none.yaml: error: the file does not exist
                      = help: look at the spelling; a path without '/' in front begins at the folder sluice is started in
                1 error

                """
        )
    }

    @Test func anUnreadableFileIsTold() throws {
        let scene = try AgentScene()
        let (code, output) = try Subprocess.run([AgentScene.program, "-config.file=\(scene.folder.path)"])
        #expect(code == 1)
        #expect(
            String(decoding: output, as: UTF8.self) == """
                \(scene.folder.path): error: is a folder, not a configuration file
                      = help: name a file in it
                1 error

                """
        )
    }

    @Test func filesThatTheClientNeedsAreReadBeforeAnythingStarts() throws {
        let text = try said(
            """
            server: {disable: true}
            positions: {filename: FOLDER/positions.yaml}
            clients:
              - url: https://localhost:3100/loki/api/v1/push
                tls_config: {ca_file: FOLDER/none.pem}
            scrape_configs:
              - job_name: app
                static_configs:
                  - labels: {job: app, __path__: 'FOLDER/logs/*.log'}
            """
        )
        #expect(text.contains("msg=\"error creating agent\""))
        #expect(
            text.contains(
                "https://localhost:3100/loki/api/v1/push: 'ca_file': cannot read FOLDER/none.pem: No such file"
            )
        )
    }

    @Test func aPortThatIsTakenIsToldBeforeAnythingStarts() throws {
        let taken = try LoopbackListener()
        let scene = try AgentScene()
        try scene.write("a.log", "line\n")
        let configuration = scene.configuration().replacing(
            "http_listen_port: 0",
            with: "http_listen_port: \(taken.port)"
        )
        let file = try scene.folder.write("agent.yaml", configuration)
        let (code, output) = try Subprocess.run([AgentScene.program, "-config.file=\(file)"])
        #expect(code == 1)
        let text = String(decoding: output, as: UTF8.self)
        let sentence =
            "error creating server: cannot listen on 127.0.0.1:\(taken.port): Address already in use; give 'server' "
            + "another 'http_listen_port' (0 for any free one), or 'disable: true' to go without"
        #expect(text.contains(sentence), "\(text)")
        #expect(scene.receiver.pushCount == 0)
        #expect(scene.positions == "")
    }
}
