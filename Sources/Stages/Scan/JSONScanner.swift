import CBytes
import Entries
import Glibc

/// One pass over a JSON line: finds the wanted values and the values to redact, decodes nothing.
///
/// Decides what is well-formed as Promtail's parser does (stages.md 4.4). Owns its tables; freed with ``deallocate()``.
/// - Complexity: O(bytes), no allocation after the first lines.
struct JSONScanner {
    /// Objects and arrays inside each other that are accepted, as in Promtail.
    static let depthLimit = 10_000

    private struct Frame {
        var start: UnsafePointer<UInt8>
        var node: Int16
        var isObject: Bool
        /// Where the finished container goes as a value; -1: nowhere.
        var result: Int32
    }

    /// The wanted values of the last scan, by result number.
    let results: UnsafeMutablePointer<Value>
    /// What the last scan found to redact.
    var ranges = MaskRanges()

    private let tree: PathTree
    private let resultCount: Int
    private let rules: RedactionRules?
    private let hasRules: Bool
    private let keys = KeyTable(unknown: KeyVerdict.nothing)
    private let text: TextScanner?
    private var frames: UnsafeMutablePointer<Frame>
    private var frameCapacity = 64
    /// What the tree says about its nodes, laid flat: the result of a node, and where those below it stand in `below`.
    private struct FlatNode {
        let result: Int32
        let belowStart: Int32
        let belowCount: Int32
    }
    private let nodes: UnsafeMutablePointer<FlatNode>
    private let below: UnsafeMutablePointer<Int32>

    init(paths tree: PathTree, rules: RedactionRules?) {
        self.tree = tree
        resultCount = tree.resultCount
        self.rules = rules
        hasRules = rules != nil
        text = rules.map { TextScanner(rules: $0) }
        results = .allocate(capacity: max(tree.resultCount, 1))
        results.initialize(repeating: .null, count: max(tree.resultCount, 1))
        frames = .allocate(capacity: frameCapacity)
        nodes = .allocate(capacity: tree.nodes.count)
        below = .allocate(capacity: max(tree.nodes.reduce(0) { $0 + $1.below.count }, 1))
        var next = 0
        for (index, node) in tree.nodes.enumerated() {
            (nodes + index).initialize(
                to: FlatNode(
                    result: Int32(node.result), belowStart: Int32(next), belowCount: Int32(node.below.count)))
            for result in node.below {
                (below + next).initialize(to: Int32(result))
                next += 1
            }
        }
    }

    func deallocate() {
        results.deallocate()
        frames.deallocate()
        nodes.deallocate()
        below.deallocate()
        ranges.deallocate()
        keys.deallocate()
        text?.deallocate()
    }

    /// Scans `line`; true when it is one JSON object (or `null`), as the json stage demands.
    ///
    /// When it is not, `ranges` holds what the rules for free text find, so that a damaged line leaks nothing.
    mutating func scan(_ line: Bytes) -> Bool {
        for index in 0..<resultCount { results[index] = .null }
        ranges.removeAll()
        if scanDocument(line) { return true }
        for index in 0..<resultCount { results[index] = .null }
        ranges.removeAll()
        text?.scan(line, isEscaped: false, into: &ranges)
        return false
    }

    private mutating func scanDocument(_ line: Bytes) -> Bool {
        var cursor = JSONCursor(line)
        cursor.skipBlanks()
        if cursor.take(UInt8(ascii: "{")) {
            guard scanObject(&cursor) else { return false }
        } else {
            guard cursor.takeWord("null") else { return false }
        }
        cursor.skipBlanks()
        return cursor.isAtEnd
    }

    /// Scans behind the opening brace of the outermost object up to its end.
    private mutating func scanObject(_ cursor: inout JSONCursor) -> Bool {
        var depth = 0
        // Depth of the container that is being redacted as a whole; below it nothing is looked at any more.
        var maskedDepth = Int.max
        frames[0] = Frame(start: cursor.next - 1, node: 0, isObject: true, result: -1)
        var isFirst = true
        while true {
            cursor.skipBlanks()
            let frame = frames + depth
            if isFirst ? cursor.take(frame.pointee.isObject ? 0x7D : 0x5D) : !cursor.take(0x2C) {
                if !isFirst, !cursor.take(frame.pointee.isObject ? 0x7D : 0x5D) { return false }
                if frame.pointee.result >= 0 {
                    results[Int(frame.pointee.result)] = Value(.json, Bytes(from: frame.pointee.start, to: cursor.next))
                }
                if depth == maskedDepth {
                    ranges.append(frame.pointee.start, cursor.next, .value)
                    maskedDepth = .max
                }
                if depth == 0 { return true }
                depth -= 1
                isFirst = false
                continue
            }
            if !isFirst { cursor.skipBlanks() }
            isFirst = false
            var verdict = KeyVerdict.nothing
            if frame.pointee.isObject {
                guard let key = scanKey(&cursor, below: frame.pointee.node) else { return false }
                verdict = key
            }
            let isMasked = depth >= maskedDepth
            let opener = cursor.peek
            if opener == 0x7B || opener == 0x5B {
                depth += 1
                guard depth < Self.depthLimit else { return false }
                if depth == frameCapacity { growFrames() }
                frames[depth] = Frame(
                    start: cursor.next, node: opener == 0x7B ? verdict.node : -1, isObject: opener == 0x7B,
                    result: verdict.node >= 0 ? nodes[Int(verdict.node)].result : -1)
                if verdict.isSecret, !isMasked { maskedDepth = depth }
                cursor.next += 1
                isFirst = true
            } else if !scanScalar(&cursor, opener, verdict, isMasked: isMasked) {
                return false
            }
        }
    }

    /// Scans a key, the colon and the blanks behind it; nil when malformed.
    @inline(__always)
    private func scanKey(_ cursor: inout JSONCursor, below node: Int16) -> KeyVerdict? {
        guard let token = cursor.string() else { return nil }
        cursor.skipBlanks()
        guard cursor.take(0x3A) else { return nil }
        cursor.skipBlanks()
        if !hasRules, node < 0 { return .nothing }
        let verdict =
            token.hasEscape
            ? judgeEscaped(token.content, below: node)
            : keys.verdict(token.content, readableTo: cursor.end, below: node) { judge($0, below: $1) }
        if verdict.node >= 0 { setBack(verdict.node) }
        return verdict
    }

    private func judge(_ key: Bytes, below node: Int16) -> KeyVerdict {
        KeyVerdict(node: tree.child(of: node, key: key), isSecret: rules?.names(key) ?? false)
    }

    private func judgeEscaped(_ key: Bytes, below node: Int16) -> KeyVerdict {
        Bytes.with(JSONEscapes.decoded(key)) { judge($0, below: node) }
    }

    /// A key that comes again replaces what it said before, below it too.
    @inline(__always)
    private func setBack(_ node: Int16) {
        let first = nodes[Int(node)].belowStart
        for index in first..<(first + nodes[Int(node)].belowCount) { results[Int(below[Int(index)])] = .null }
    }

    /// Scans a string, number or word and files it where the verdict on its key says.
    @inline(__always)
    private mutating func scanScalar(
        _ cursor: inout JSONCursor, _ opener: UInt8, _ verdict: KeyVerdict, isMasked: Bool
    ) -> Bool {
        let start = cursor.next
        let result = verdict.node >= 0 ? Int(nodes[Int(verdict.node)].result) : -1
        if opener == 0x22 {
            guard let token = cursor.string() else { return false }
            if result >= 0 { results[result] = Value(token.hasEscape ? .escapedString : .string, token.content) }
            if isMasked || !hasRules { return true }
            if verdict.isSecret {
                if !token.content.isEmpty { ranges.append(token.content.start, token.content.end, .content) }
            } else if token.hasSeparator || token.hasEscape {
                text?.scan(token.content, isEscaped: true, into: &ranges)
            }
            return true
        }
        guard let kind = cursor.scalar(opener) else { return false }
        if result >= 0 {
            results[result] = kind == .null ? .null : Value(kind, Bytes(from: start, to: cursor.next))
        }
        // A null names no secret; everything else does.
        if verdict.isSecret, !isMasked, kind != .null { ranges.append(start, cursor.next, .value) }
        return true
    }

    private mutating func growFrames() {
        let larger = UnsafeMutablePointer<Frame>.allocate(capacity: frameCapacity * 4)
        larger.moveInitialize(from: frames, count: frameCapacity)
        frames.deallocate()
        frames = larger
        frameCapacity *= 4
    }
}
