import Configuration
import TestSupport
import Testing

@testable import Replay

/// The files in `pipelines`, which people copy.
struct ReadyMadePipelinesTests {
    @Test func thereArePipelines() { #expect(Repository.pipelines.count >= 8) }

    @Test(arguments: Repository.pipelines) func passesWithoutAWarning(_ name: String) throws {
        let state = try TemporaryFolder()
        let loaded = AgentConfiguration.load(
            Repository.path("pipelines/\(name)"),
            expandEnvironment: true,
            environment: { $0 == "SLUICE_STATE" ? state.path : nil }
        )
        let diagnostics = ConfigurationCheck.check(loaded).diagnostics
        #expect(diagnostics.render(source: loaded.source) == "")
    }

    @Test(arguments: Repository.pipelines) func isReplayedByAFixture(_ name: String) throws {
        let lines = try Repository.fixtures.map { try Fixture($0).read("pipeline") }
        #expect(lines.contains(Array("../../../pipelines/\(name)\n".utf8)))
    }
}
