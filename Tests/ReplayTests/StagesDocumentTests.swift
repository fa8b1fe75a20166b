import TestSupport
import Testing

@testable import Replay

/// docs/stages.md, which the command writes.
struct StagesDocumentTests {
    @Test func theCommittedPageIsWhatTheCommandWrites() throws {
        let page = String(
            decoding: try TemporaryFolder.read(absolute: Repository.path("docs/stages.md")),
            as: UTF8.self
        )
        let written = try CommandScene().run(StagesCommand.self, ["--markdown"])
        #expect(written.code == 0)
        #expect(written.output == page, "write it anew: sluice stages --markdown > docs/stages.md")
    }
}
