import Entries

/// The one pass over the line that the json and redact stages of a pipeline share.
///
/// While the pipeline is compiled stages say what they want; when it runs, the first stage that needs the line scanned
/// has it done for all, and the others find the result as long as the line is the same.
final class LineScan {
    private var tree = PathTree()
    private var rules: RedactionRules?
    /// Behind a pointer, so that asking it copies no struct and counts no references.
    private var scanner: UnsafeMutablePointer<JSONScanner>
    private var scannedVersion: UInt64 = .max
    private var isObject = false

    init() {
        scanner = .allocate(capacity: 1)
        scanner.initialize(to: JSONScanner(paths: tree, rules: nil))
    }

    /// A scan that only looks for secrets, ready to run.
    convenience init(_ rules: RedactionRules) {
        self.init()
        _ = claim(rules)
        prepare()
    }

    deinit {
        scanner.pointee.deallocate()
        scanner.deinitialize(count: 1)
        scanner.deallocate()
    }

    /// Asks for the value at `path`; gives the number to look it up by, nil when there are too many paths.
    func want(_ path: [[UInt8]]) -> Int? { tree.add(path) }

    /// Has secrets looked for in the same pass; false when another stage with other rules has done so already.
    func claim(_ rules: RedactionRules) -> Bool {
        guard self.rules == nil else { return false }
        self.rules = rules
        return true
    }

    /// Makes the tables, once all stages are compiled.
    func prepare() {
        scanner.pointee.deallocate()
        scanner.pointee = JSONScanner(paths: tree, rules: rules)
    }

    /// Whether the line is one JSON object.
    @inline(__always)
    func scan(_ entry: inout Entry) -> Bool {
        if entry.lineVersion == scannedVersion { return isObject }
        isObject = scanner.pointee.scan(entry.line)
        scannedVersion = entry.lineVersion
        return isObject
    }

    /// Scans a text that is not the line, with a scan that is never asked about lines; whether it is one JSON object.
    func scan(_ text: Bytes) -> Bool { scanner.pointee.scan(text) }

    /// The values of the line scanned last, by number.
    @inline(__always)
    var results: UnsafeMutablePointer<Value> { scanner.pointee.results }

    /// What is to be masked in the line scanned last.
    @inline(__always)
    var ranges: MaskRanges { scanner.pointee.ranges }
}
