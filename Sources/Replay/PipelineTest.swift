import Configuration
import Entries
import Languages

/// One item of a file's top-level `tests`: an input and what must come out of it.
///
/// Each expected entry says what counts: `line`, `labels` (all of them), `metadata` (all of it), `timestamp`, `tenant`;
/// what it leaves out may be anything. `labels` of the test replace those of the job's targets.
struct PipelineTest {
    let name: String
    private let job: String?
    private let input: String
    private let labels: [String: String]?
    private let expected: [Options]?
    private let dropped: Int?

    private static let specs: [OptionSpec] = [
        .required("name", .string, "What the test shows."),
        .optional("job", .string, "The scrape config to test, where there are several."),
        .required("input", .stringOrList, "The lines."),
        .optional("labels", .stringMap, "Labels that entries arrive with."),
        .optional("expect", .node, "The entries that come out, or 'dropped: N'."),
        .optional("dropped", .integer, "How many lines stages drop."),
    ]
    private static let expectSpecs: [OptionSpec] = [
        .optional("line", .string, "The line."),
        .optional("labels", .stringMap, "All labels."),
        .optional("metadata", .stringMap, "All structured metadata."),
        .optional("timestamp", .string, "RFC 3339 in UTC, or now."),
        .optional("tenant", .string, "The tenant."),
    ]

    /// Reads one item; mistakes go to `diagnostics`.
    init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Self.options(node, Self.specs, &diagnostics)
        name = options.string("name") ?? ""
        job = options.string("job")
        input = (options.strings("input") ?? []).joined(separator: "\n")
        labels = options.map("labels").map(Self.dictionary)
        let expect = options.node("expect")
        var dropped = options.integer("dropped")
        if let items = expect?.items {
            var list: [Options] = []
            for item in items { list.append(Self.options(item, Self.expectSpecs, &diagnostics)) }
            expected = list
        } else {
            expected = nil
            if let expect, !expect.isNull {
                let only = Self.options(expect, [.required("dropped", .integer, "How many lines.")], &diagnostics)
                dropped = dropped ?? only.integer("dropped")
            }
        }
        self.dropped = dropped
        if expected == nil, dropped == nil {
            diagnostics.add(options.mistake("'\(name)' expects nothing", help: "give 'expect' or 'dropped'"))
        }
    }

    private static func options(_ node: YAMLNode, _ specs: [OptionSpec], _ diagnostics: inout Diagnostics) -> Options {
        Options(
            node,
            stage: "tests",
            position: node.position,
            specs: specs,
            unknownOptions: .error,
            isWeak: true,
            diagnostics: &diagnostics
        )
    }

    private static func dictionary(_ items: [MapItem]) -> [String: String] {
        Dictionary(items.map { ($0.key, $0.value ?? "") }) { _, last in last }
    }

    /// Runs the test on a pipeline of its own.
    func run(_ file: inout PipelineFile) -> TestOutcome {
        do throws(InputError) {
            let jobs = try file.jobs(named: job)
            guard jobs.count == 1, let job = jobs.first else {
                return .failed("the file has \(jobs.count) jobs; name one with 'job'")
            }
            guard let pipeline = file.compile(job) else { return .failed("the pipeline does not compile") }
            let result = try Replay.entries(
                of: pipeline,
                labels: labels ?? job.labels(for: ""),
                lines: LineReader(Array(input.utf8))
            )
            return outcome(result.entries, result.dropped)
        } catch {
            return .failed(error.message)
        }
    }

    private func outcome(_ entries: [ReplayedEntry], _ count: UInt64) -> TestOutcome {
        for (index, wanted) in (expected ?? []).enumerated() {
            guard index < entries.count else {
                return .failed("\(entries.count) entries came out, \(expected?.count ?? 0) expected")
            }
            if let difference = Self.difference(wanted, entries[index]) {
                return .failed("entry \(index + 1), line \(wanted.position.line) of the file: \(difference)")
            }
        }
        if let expected, entries.count > expected.count {
            let line = EntryDifference.quoted(entries[expected.count].line)
            return .failed("\(entries.count) entries came out, \(expected.count) expected; the next is \(line)")
        }
        if let dropped, dropped != count { return .failed("\(count) lines were dropped, \(dropped) expected") }
        return .passed
    }

    private static func difference(_ wanted: Options, _ entry: ReplayedEntry) -> String? {
        if let line = wanted.string("line"), Array(line.utf8) != entry.line {
            return "line is \(EntryDifference.quoted(entry.line)), expected \(EntryDifference.quoted(Array(line.utf8)))"
        }
        if let labels = wanted.map("labels") {
            let difference = difference("labels are", labels, entry.labels)
            if let difference { return difference }
        }
        if let metadata = wanted.map("metadata") {
            let pairs = entry.metadata.map { (String(decoding: $0.name, as: UTF8.self), $0.value) }
            let difference = difference("metadata is", metadata, pairs)
            if let difference { return difference }
        }
        let timestamp = String(decoding: entry.timestampText(isExact: false), as: UTF8.self)
        if let time = wanted.string("timestamp"), time != timestamp {
            return "timestamp is \(timestamp), expected \(time)"
        }
        if let tenant = wanted.string("tenant"), Array(tenant.utf8) != entry.tenant ?? [] {
            return "tenant is \(EntryDifference.quoted(entry.tenant ?? [])), expected \"\(tenant)\""
        }
        return nil
    }

    private static func difference(
        _ what: String,
        _ wanted: [MapItem],
        _ got: [(name: String, value: [UInt8])]
    ) -> String? {
        let expected = EntryDifference.labels(dictionary(wanted).map { ($0.key, Array($0.value.utf8)) })
        let actual = EntryDifference.labels(got)
        return expected == actual ? nil : "\(what) \(actual), expected \(expected)"
    }
}
