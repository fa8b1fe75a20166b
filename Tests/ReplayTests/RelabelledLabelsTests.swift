import Testing

@testable import Replay

/// Rules on labels in what `check` and `replay` say.
struct RelabelledLabelsTests {
    private func scene(_ rules: String, labels: String) throws -> CommandScene {
        let scene = try CommandScene()
        try scene.write(
            "agent.yaml",
            """
            clients: [{url: 'http://127.0.0.1/push'}]
            positions: {filename: /tmp/positions.yaml}
            scrape_configs:
              - job_name: app
                static_configs:
                  - labels: {\(labels)}
                relabel_configs: [\(rules)]

            """
        )
        try scene.write("input.log", "a line\n")
        return scene
    }

    @Test func replayShowsTheLabelsBehindTheRules() throws {
        let scene = try scene(
            "{source_labels: [__app], target_label: app}, {regex: team, action: labeldrop}",
            labels: "__app: web, team: a, __path__: 'FOLDER/*.log'"
        )
        let result = scene.run(
            ReplayCommand.self,
            ["FOLDER/agent.yaml", "--input", "FOLDER/input.log", "--format", "ndjson"]
        )
        #expect(result.code == ExitCode.fine)
        #expect(result.output.contains(#""labels":{"app":"web","filename":"FOLDER/input.log"}"#), "\(result.output)")
    }

    @Test func aPathThatRulesMakeCountsAsAPath() throws {
        let scene = try scene("{target_label: __path__, replacement: /var/log/x.log}", labels: "job: a")
        let result = scene.run(CheckCommand.self, ["FOLDER/agent.yaml"])
        #expect(result.code == ExitCode.fine)
        #expect(!(result.output + result.errors).contains("nothing is read"), "\(result)")
    }

    @Test func aPatternThatRulesMakeIsChecked() throws {
        let scene = try scene("{target_label: __path__, replacement: '/var/log/[x'}", labels: "job: a")
        let result = scene.run(CheckCommand.self, ["FOLDER/agent.yaml"])
        #expect(result.code == ExitCode.mistakes)
        #expect(
            (result.output + result.errors).contains(
                "agent.yaml:6:9: error: static_configs: '__path__' does not compile"
            )
        )
    }

    @Test func rulesThatDropEverythingAreToldOf() throws {
        let scene = try scene("{source_labels: [job], regex: b, action: keep}", labels: "job: a, __path__: /x")
        let result = scene.run(CheckCommand.self, ["FOLDER/agent.yaml"])
        #expect(result.code == ExitCode.fine)
        #expect((result.output + result.errors).contains("warning: relabel_configs: drop every target"), "\(result)")
    }

    @Test func replayReportsARuleThatDoesNotCompile() throws {
        let scene = try scene("{source_labels: [job], regex: '(', action: keep}", labels: "job: a, __path__: /x")
        let result = scene.run(ReplayCommand.self, ["FOLDER/agent.yaml", "--input", "FOLDER/input.log"])
        #expect(result.code == ExitCode.mistakes)
        #expect(result.errors.contains("relabel_configs: 'regex' does not compile"), "\(result)")
    }
}
