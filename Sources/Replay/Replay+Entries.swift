import Stages

extension Replay {
    /// Takes all lines through a fresh pipeline; what came out, and how many lines were dropped.
    static func entries(
        of pipeline: Pipeline,
        labels: [String: String],
        lines: LineReader
    ) throws(InputError) -> (entries: [ReplayedEntry], dropped: UInt64) {
        var entries: [ReplayedEntry] = []
        let replay = Replay(pipeline, labels: labels, start: Clock.now())
        while let line = try lines.next() { replay.feed(line) { entries.append($0) } }
        replay.finish { entries.append($0) }
        return (entries, replay.drops.reduce(0) { $0 + $1.count })
    }
}
