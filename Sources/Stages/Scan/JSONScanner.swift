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

    private struct Frame: BitwiseCopyable {
        var start: UnsafePointer<UInt8>
        var node: Int16
        var isObject: Bool
        /// Where the finished container goes as a value; -1: nowhere.
        var result: Int32
    }

    /// What the tree says about its nodes, laid flat: the result of a node, and where those below it stand in `below`.
    private struct FlatNode: BitwiseCopyable {
        let result: Int32
        let belowStart: Int32
        let belowCount: Int32
    }

    /// The wanted values of the last scan, by result number.
    let results: UnsafeMutablePointer<Value>
    /// What the last scan found to redact.
    var ranges = MaskRanges()

    private let resultCount: Int
    private let hasRules: Bool
    private let keys = KeySequence()
    private let judge: KeyJudge
    private let text: TextScanner?
    private var frames: UnsafeMutablePointer<Frame>
    private var frameCapacity = 64
    private let nodes: UnsafeMutablePointer<FlatNode>
    private let below: UnsafeMutablePointer<Int32>

    init(paths tree: PathTree, rules: RedactionRules?) {
        judge = KeyJudge(tree: tree, rules: rules)
        resultCount = tree.resultCount
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
                    result: Int32(node.result),
                    belowStart: Int32(next),
                    belowCount: Int32(node.below.count)
                )
            )
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
    /// `ranges` holds what is to be masked. In a line that is no JSON at all the rules for free text find it, so that a
    /// damaged line leaks nothing.
    mutating func scan(_ line: Bytes) -> Bool {
        clear()
        switch scanDocument(line) {
        case .object: return true
        case .otherValue: return false
        case .malformed:
            clear()
            text?.scan(line, into: &ranges)
            return false
        }
    }

    private enum Shape {
        /// One object, or `null`.
        case object
        /// Any other JSON value.
        case otherValue
        case malformed
    }

    @inline(__always)
    private mutating func clear() {
        for index in 0..<resultCount { results[index] = .null }
        ranges.removeAll()
    }

    private mutating func scanDocument(_ line: Bytes) -> Shape {
        var cursor = JSONCursor(line)
        cursor.skipBlanks()
        var shape = Shape.object
        switch cursor.peek {
        case UInt8(ascii: "{"):
            guard scanContainer(&cursor, isObject: true) else { return .malformed }
        case UInt8(ascii: "["):
            guard scanContainer(&cursor, isObject: false) else { return .malformed }
            shape = .otherValue
        case UInt8(ascii: "\""):
            guard scanScalar(&cursor, UInt8(ascii: "\""), .nothing, isMasked: false) else { return .malformed }
            shape = .otherValue
        default:
            guard cursor.takeWord("null") else { return .malformed }
        }
        cursor.skipBlanks()
        return cursor.isAtEnd ? shape : .malformed
    }

    /// Scans the outermost object or array from its bracket to its end.
    private mutating func scanContainer(_ start: inout JSONCursor, isObject: Bool) -> Bool {
        // A local copy stays in registers.
        var cursor = start
        var depth = 0
        // Depth of the container that is being redacted as a whole; below it nothing is looked at any more.
        var maskedDepth = Int.max
        var place = keys.beginning
        var frame = Frame(start: cursor.next, node: isObject ? 0 : -1, isObject: isObject, result: -1)
        frames[0] = frame
        cursor.next += 1
        cursor.skipBlanks()
        var expectsItem = cursor.peek != (isObject ? 0x7D : 0x5D)
        while true {
            if expectsItem {
                var verdict = KeyVerdict.nothing
                if frame.isObject {
                    let key = cursor.next
                    guard scanKey(&cursor, below: frame.node, behind: &place, &verdict) else { return false }
                    if verdict.mayHoldPair, depth < maskedDepth { redactKey(at: key, cursor.end) }
                }
                let opener = cursor.peek
                if opener == 0x7B || opener == 0x5B {
                    depth += 1
                    guard depth < Self.depthLimit else { return false }
                    if depth == frameCapacity { growFrames() }
                    frame = Frame(
                        start: cursor.next,
                        node: opener == 0x7B ? verdict.node : -1,
                        isObject: opener == 0x7B,
                        result: verdict.node >= 0 ? nodes[Int(verdict.node)].result : -1
                    )
                    frames[depth] = frame
                    if verdict.isSecret, depth <= maskedDepth { maskedDepth = depth }
                    cursor.next += 1
                    cursor.skipBlanks()
                    expectsItem = cursor.peek != (frame.isObject ? 0x7D : 0x5D)
                    continue
                }
                guard scanScalar(&cursor, opener, verdict, isMasked: depth >= maskedDepth) else { return false }
                cursor.skipBlanks()
            }
            if cursor.take(0x2C) {
                cursor.skipBlanks()
                expectsItem = true
                continue
            }
            guard cursor.take(frame.isObject ? 0x7D : 0x5D) else { return false }
            if frame.result >= 0 {
                results[Int(frame.result)] = Value(.json, Bytes(from: frame.start, to: cursor.next))
            }
            if depth == maskedDepth {
                ranges.append(MaskRange(frame.start, cursor.next, .plain, quote: Self.quote))
                maskedDepth = .max
            }
            if depth == 0 {
                start = cursor
                return true
            }
            depth -= 1
            frame = frames[depth]
            cursor.skipBlanks()
            expectsItem = false
        }
    }

    /// Scans a key, the colon and the blanks behind it; false when malformed.
    ///
    /// Mutating like the rest of the scan, or each call would work on a copy of the whole struct.
    @inline(__always)
    private mutating func scanKey(
        _ cursor: inout JSONCursor,
        below node: Int16,
        behind place: inout UnsafeMutablePointer<KeySequence.Place>,
        _ verdict: inout KeyVerdict
    ) -> Bool {
        guard cursor.peek == 0x22 else { return false }
        if let known = keys.expected(at: cursor.next + 1, readableTo: cursor.end, below: node, behind: &place) {
            cursor.next += known.length + 2
            verdict = known.verdict
        } else {
            guard scanUnexpectedKey(&cursor, below: node, behind: &place, &verdict) else { return false }
        }
        cursor.skipBlanks()
        guard cursor.take(0x3A) else { return false }
        cursor.skipBlanks()
        if verdict.node >= 0 { setBack(verdict.node) }
        return true
    }

    /// Scans a key that is not the one which came here the last time.
    @inline(never)
    private mutating func scanUnexpectedKey(
        _ cursor: inout JSONCursor,
        below node: Int16,
        behind place: inout UnsafeMutablePointer<KeySequence.Place>,
        _ verdict: inout KeyVerdict
    ) -> Bool {
        guard let token = cursor.string() else { return false }
        if !hasRules, node < 0 {
            verdict = .nothing
        } else if token.hasEscape {
            verdict = Bytes.with(JSONEscapes.decoded(token.content)) { judge.verdict(on: $0, below: node) }
            verdict.mayHoldPair = hasRules
        } else {
            verdict = keys.verdict(token.content, below: node, behind: &place) { [judge] key, node in
                judge.verdict(on: key, below: node)
            }
        }
        return true
    }

    /// A key that comes again replaces what it said before, below it too.
    @inline(__always)
    private mutating func setBack(_ node: Int16) {
        let first = nodes[Int(node)].belowStart
        for index in first..<(first &+ nodes[Int(node)].belowCount) { results[Int(below[Int(index)])] = .null }
    }

    /// Scans a string, number or word and files it where the verdict on its key says.
    @inline(__always)
    private mutating func scanScalar(
        _ cursor: inout JSONCursor,
        _ opener: UInt8,
        _ verdict: KeyVerdict,
        isMasked: Bool
    ) -> Bool {
        let start = cursor.next
        let result = verdict.node >= 0 ? Int(nodes[Int(verdict.node)].result) : -1
        if opener == 0x22 {
            guard let token = cursor.string() else { return false }
            if result >= 0 { results[result] = Value(token.hasEscape ? .escapedString : .string, token.content) }
            if hasRules, !isMasked { redact(token, isSecret: verdict.isSecret) }
            return true
        }
        guard let kind = cursor.scalar(opener) else { return false }
        if result >= 0 {
            results[result] = kind == .null ? .null : Value(kind, Bytes(from: start, to: cursor.next))
        }
        // A null names no secret; everything else does.
        if verdict.isSecret, !isMasked, kind != .null {
            ranges.append(MaskRange(start, cursor.next, .plain, quote: Self.quote))
        }
        return true
    }

    /// Takes down what is secret of a string: the whole of it, or pairs of key and value inside.
    @inline(__always)
    private mutating func redact(_ token: JSONCursor.StringToken, isSecret: Bool) {
        if isSecret {
            if !token.content.isEmpty { ranges.append(MaskRange(token.content.start, token.content.end, .string)) }
        } else if token.hasSeparator || token.hasEscape {
            text?.scanString(token.content, hasEscape: token.hasEscape, into: &ranges)
        }
    }

    /// Looks for pairs inside of the key at `start`, which may be a URL with a query.
    @inline(never)
    private mutating func redactKey(at start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) {
        var cursor = JSONCursor(Bytes(from: start, to: end))
        guard let token = cursor.string() else { return }
        text?.scanString(token.content, hasEscape: token.hasEscape, into: &ranges)
    }

    /// What makes a string of the replacement for a value that is none.
    private static var quote: Bytes { Bytes(quoteSign.utf8Start, count: 1) }
    private static let quoteSign: StaticString = "\""

    @inline(never)
    private mutating func growFrames() {
        let larger = UnsafeMutablePointer<Frame>.allocate(capacity: frameCapacity * 4)
        larger.moveInitialize(from: frames, count: frameCapacity)
        frames.deallocate()
        frames = larger
        frameCapacity *= 4
    }
}

/// Says of a key that is not remembered what it leads to, and whether it names a secret.
final class KeyJudge {
    private let tree: PathTree
    private let rules: RedactionRules?

    init(tree: PathTree, rules: RedactionRules?) {
        self.tree = tree
        self.rules = rules
    }

    /// The verdict on `key`, escapes decoded, in an object at `node`.
    func verdict(on key: Bytes, below node: Int16) -> KeyVerdict {
        var verdict = KeyVerdict.nothing
        verdict.node = tree.child(of: node, key: key)
        if let rules {
            verdict.isSecret = rules.names(key)
            verdict.mayHoldPair = cbytes_find_separator(key.start, key.end) < key.end
        }
        return verdict
    }
}
