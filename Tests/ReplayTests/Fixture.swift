import Configuration
import TestSupport

@testable import Replay

/// A fixture of the repository, with what tests want to know of it beside what `sluice test` does.
struct Fixture {
    let folder: String

    /// `name` is that of a folder below `fixtures/pipelines`.
    init(_ name: String) { folder = Repository.path("fixtures/pipelines/\(name)") }

    func read(_ name: String) throws -> [UInt8] { try TemporaryFolder.read(absolute: "\(folder)/\(name)") }

    /// The lines of `secrets.txt`: what stands in the input and must never come out.
    func secrets() throws -> [[UInt8]] {
        try read("secrets.txt").split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }

    /// Every byte of the entries that come out when no stage may drop one: what is dropped today may pass tomorrow.
    func replayedWithoutDrops() throws -> [[UInt8]] {
        let pipeline = String(decoding: try read("pipeline").split(separator: UInt8(ascii: "\n"))[0], as: UTF8.self)
        var file = try PipelineFile("\(folder)/\(pipeline)", environment: { _ in nil })
        let name = (try? read("job")).map { String(decoding: $0.prefix { $0 != 0x0A }, as: UTF8.self) }
        guard let job = try file.jobs(named: name).first else { return [] }
        let keeping = job.stages.filter { stage in
            !["drop", "match", "sampling", "limit"].contains(stage.pairs?.first?.key.scalar?.text)
        }
        let complete = PipelineFile.Job(name: job.name, stages: keeping, targets: [])
        guard let compiled = file.compile(complete) else { return [] }
        let lines = try LineReader(path: "\(folder)/input.log")
        return try Replay.entries(of: compiled, labels: [:], lines: lines).entries.map(Self.bytes)
    }

    private static func bytes(_ entry: ReplayedEntry) -> [UInt8] {
        entry.line + entry.labels.flatMap(\.value) + entry.metadata.flatMap(\.value) + (entry.tenant ?? [])
    }
}
