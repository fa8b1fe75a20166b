import Configuration
import Entries
import Languages

/// A folder with a pipeline, an input and the entries that must come out of it.
///
/// The pipeline is `pipeline.yaml`, or the file that the text file `pipeline` names relative to the folder. Other text
/// files are for what the pipeline needs: `job` names the scrape config when there are several, `filename` is the path
/// that entries come from (default `input.log`), and with `environment` references to variables are expanded, to the
/// values that its lines `NAME=VALUE` give and to no others.
struct FixtureTest {
    static let inputName = "input.log"
    static let expectedName = "expected.ndjson"

    let folder: String

    static func isFixture(_ folder: String) -> Bool { TextFile.exists("\(folder)/\(inputName)") }

    /// Runs the fixture; with `isUpdating` it writes what came out as what is expected.
    func run(isUpdating: Bool) -> TestOutcome {
        do throws(InputError) {
            let entries = try replayed()
            let path = "\(folder)/\(Self.expectedName)"
            guard isUpdating else {
                guard TextFile.exists(path) else {
                    throw InputError(
                        "has no \(Self.expectedName); 'sluice test --update \(folder)' writes what comes out now, "
                            + "for you to read"
                    )
                }
                return Self.outcome(of: entries, against: try TextFile.read(path))
            }
            let text = entries.flatMap { $0.json(isExact: false) + [UInt8(ascii: "\n")] }
            if TextFile.exists(path), try TextFile.read(path) == text { return .passed }
            try TextFile.write(text, to: path)
            return .updated
        } catch {
            return .failed(error.message)
        }
    }

    private func replayed() throws(InputError) -> [ReplayedEntry] {
        var file = try PipelineFile(try pipelinePath(), environment: try environment())
        let jobs = try file.jobs(named: try content("job"))
        guard !file.diagnostics.hasErrors else { throw Self.mistakes(file) }
        guard jobs.count == 1, let job = jobs.first else {
            throw InputError("\(file.path) has \(jobs.count) jobs; name one in the file 'job' of the fixture")
        }
        guard let pipeline = file.compile(job) else { throw Self.mistakes(file) }
        let origin = try content("filename") ?? Self.inputName
        let labels = job.labels(for: origin).merging(["filename": origin]) { _, path in path }
        return try Replay.entries(
            of: pipeline,
            labels: labels,
            lines: try LineReader(path: "\(folder)/\(Self.inputName)")
        ).entries
    }

    private static func mistakes(_ file: PipelineFile) -> InputError {
        let first = file.rendered.split(separator: "\n").first.map(String.init)
        return InputError(first ?? "\(file.path): \(file.diagnostics.summary)")
    }

    private func pipelinePath() throws(InputError) -> String {
        let own = "\(folder)/pipeline.yaml"
        if TextFile.exists(own) { return own }
        guard let named = try content("pipeline"), !named.isEmpty else {
            throw InputError("\(folder): has neither pipeline.yaml nor a file 'pipeline' that names one")
        }
        return named.hasPrefix("/") ? named : "\(folder)/\(named)"
    }

    /// The variables to expand; nil when none are to be.
    private func environment() throws(InputError) -> ((String) -> String?)? {
        let path = "\(folder)/environment"
        guard TextFile.exists(path) else { return nil }
        var values: [String: String] = [:]
        for line in try TextFile.text(path).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw InputError("\(path): a line is not NAME=VALUE") }
            values[parts[0]] = parts[1]
        }
        return { values[$0] }
    }

    /// The first line of a text file of the fixture; nil when there is no such file.
    private func content(_ name: String) throws(InputError) -> String? {
        let path = "\(folder)/\(name)"
        guard TextFile.exists(path) else { return nil }
        return try TextFile.text(path).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }

    // MARK: - Comparing

    private static func outcome(of entries: [ReplayedEntry], against expected: [UInt8]) -> TestOutcome {
        var place = 0
        for (index, line) in expected.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        where !line.isEmpty {
            let name = "\(expectedName):\(index + 1)"
            guard case .object(let wanted)? = Bytes.with(Array(line), { JSONValue.parse($0) }) else {
                return .failed("\(name): not a JSON object")
            }
            guard place < entries.count else {
                return .failed("\(name): \(entries.count) entries came out, this one did not")
            }
            guard case .object(let got)? = Bytes.with(entries[place].json(isExact: false), { JSONValue.parse($0) })
            else { return .failed("\(name): the entry has no JSON form") }
            if let difference = difference(wanted, got) { return .failed("\(name): \(difference)") }
            place += 1
        }
        guard place == entries.count else {
            let line = EntryDifference.quoted(entries[place].line)
            return .failed("\(expectedName): \(entries.count) entries came out, \(place) expected; the next is \(line)")
        }
        return .passed
    }

    /// The first difference in words; an expected entry without `ts` may have any.
    private static func difference(_ wanted: JSONObject, _ got: JSONObject) -> String? {
        for name in ["line", "labels", "ts", "metadata", "tenant"] {
            let key = Array(name.utf8)
            let (expected, actual) = (wanted[key], got[key])
            if expected == actual || (name == "ts" && expected == nil) { continue }
            return "\(name) is \(text(actual)), expected \(text(expected))"
        }
        return nil
    }

    private static func text(_ value: JSONValue?) -> String {
        switch value {
        case nil: "missing"
        case .string(let text): EntryDifference.quoted(text)
        case .some(let value): EntryDifference.shortened(value.goJSON)
        }
    }
}
