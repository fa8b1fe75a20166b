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
        /// Where the finished container goes as a value; -1: nowhere.
        var result: Int32
        var node: Int16
        /// The bracket that ends it.
        var closer: UInt8

        @inline(__always) var isObject: Bool { closer == UInt8(ascii: "}") }
    }

    /// What the tree says about its nodes, laid flat: the result of a node, and where those further down stand in
    /// `below`.
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
            // A node's own value is replaced anyway.
            let set = node.below.filter { $0 != node.result }
            (nodes + index).initialize(
                to: FlatNode(result: Int32(node.result), belowStart: Int32(next), belowCount: Int32(set.count))
            )
            for result in set {
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
        let end = line.end
        let start = cbytes_json_behind_blanks(line.start, end)
        guard start < end else { return .malformed }
        var shape = Shape.otherValue
        var next: UnsafePointer<UInt8>?
        switch start.pointee {
        case UInt8(ascii: "{"):
            next = scanContainer(start, end)
            shape = .object
        case UInt8(ascii: "["): next = scanContainer(start, end)
        case UInt8(ascii: "\""): next = scanString(start, end, .nothing, isMasked: false)
        case UInt8(ascii: "n"):
            next = scanScalar(start, end, .nothing, isMasked: false)
            shape = .object
        default: break
        }
        guard let next, cbytes_json_behind_blanks(next, end) == end else { return .malformed }
        return shape
    }

    // Every function below that scans something gets the place where it begins and the end of the text, and gives the
    // place behind it, nil when it is malformed. Places are passed from hand to hand, never by reference, so that they
    // stay in registers.

    /// Scans the outermost object or array from its bracket to its end.
    private mutating func scanContainer(
        _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8>? {
        var depth = 0
        // Depth of the container that is being redacted as a whole; below it nothing is looked at any more.
        var maskedDepth = Int.max
        var place = keys.beginning
        let isObject = start.pointee == UInt8(ascii: "{")
        var frame = Frame(start: start, result: -1, node: isObject ? 0 : -1, closer: start.pointee &+ 2)
        frames[0] = frame
        var next = cbytes_json_behind_blanks(start + 1, end)
        var expectsItem = next < end && next.pointee != frame.closer
        while true {
            if expectsItem {
                var verdict = KeyVerdict.nothing
                if frame.isObject {
                    guard let key = scanKey(next, end, below: frame.node, behind: place) else { return nil }
                    if _slowPath(key.verdict.mayHoldPair), depth < maskedDepth { redactKey(at: next, end) }
                    place = key.place
                    verdict = key.verdict
                    next = key.next
                }
                guard next < end else { return nil }
                let opener = next.pointee
                if opener == UInt8(ascii: "\"") {
                    guard let behind = scanString(next, end, verdict, isMasked: depth >= maskedDepth) else {
                        return nil
                    }
                    next = behind
                } else if opener == UInt8(ascii: "{") || opener == UInt8(ascii: "[") {
                    depth += 1
                    guard depth < Self.depthLimit else { return nil }
                    if depth == frameCapacity { growFrames() }
                    let node = verdict.node
                    frame = Frame(
                        start: next,
                        result: node >= 0 ? nodes[Int(node)].result : -1,
                        node: opener == UInt8(ascii: "{") ? node : -1,
                        closer: opener &+ 2
                    )
                    frames[depth] = frame
                    if _slowPath(verdict.isSecret), depth <= maskedDepth { maskedDepth = depth }
                    next = cbytes_json_behind_blanks(next + 1, end)
                    expectsItem = next < end && next.pointee != frame.closer
                    continue
                } else {
                    guard let behind = scanScalar(next, end, verdict, isMasked: depth >= maskedDepth) else {
                        return nil
                    }
                    next = behind
                }
                next = cbytes_json_behind_blanks(next, end)
            }
            guard next < end else { return nil }
            if next.pointee == UInt8(ascii: ",") {
                next = cbytes_json_behind_blanks(next + 1, end)
                expectsItem = true
                continue
            }
            guard next.pointee == frame.closer else { return nil }
            next += 1
            if frame.result >= 0 { results[Int(frame.result)] = Value(.json, Bytes(from: frame.start, to: next)) }
            if depth == maskedDepth {
                ranges.append(MaskRange(frame.start, next, .plain, quote: Self.quote))
                maskedDepth = .max
            }
            if depth == 0 { return next }
            depth -= 1
            frame = frames[depth]
            next = cbytes_json_behind_blanks(next, end)
            expectsItem = false
        }
    }

    /// A key that was scanned, with the colon and the blanks behind it.
    private struct ScannedKey: BitwiseCopyable {
        var next: UnsafePointer<UInt8>
        var place: UnsafeMutablePointer<KeySequence.Place>
        var verdict: KeyVerdict
    }

    /// Mutating like the rest of the scan, or each call would work on a copy of the whole struct.
    @inline(__always)
    private mutating func scanKey(
        _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>,
        below node: Int16,
        behind place: UnsafeMutablePointer<KeySequence.Place>
    ) -> ScannedKey? {
        guard start < end, start.pointee == UInt8(ascii: "\"") else { return nil }
        var key: ScannedKey
        var isBehindColon = false
        if let known = keys.expected(at: start + 1, before: end, below: node, behind: place) {
            isBehindColon = known.pointee.hasColon
            key = ScannedKey(
                next: start + Int(known.pointee.length) + 1,
                place: known,
                verdict: known.pointee.verdict
            )
        } else {
            guard let unexpected = scanUnexpectedKey(start, end, below: node, behind: place) else { return nil }
            key = unexpected
        }
        if !isBehindColon {
            key.next = cbytes_json_behind_blanks(key.next, end)
            guard key.next < end, key.next.pointee == UInt8(ascii: ":") else { return nil }
            key.next += 1
        }
        key.next = cbytes_json_behind_blanks(key.next, end)
        if key.verdict.node >= 0 { setBack(key.verdict.node) }
        return key
    }

    /// Scans a key that is not the one which came here the last time.
    @inline(never)
    private mutating func scanUnexpectedKey(
        _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>,
        below node: Int16,
        behind place: UnsafeMutablePointer<KeySequence.Place>
    ) -> ScannedKey? {
        var cursor = JSONCursor(Bytes(from: start, to: end))
        guard let token = cursor.string() else { return nil }
        var key = ScannedKey(next: cursor.next, place: place, verdict: .nothing)
        if !hasRules, node < 0 { return key }
        if token.hasEscape {
            key.verdict = Bytes.with(JSONEscapes.decoded(token.content)) { judge.verdict(on: $0, below: node) }
            key.verdict.mayHoldPair = hasRules
        } else {
            let hasColon = cursor.next < end && cursor.next.pointee == UInt8(ascii: ":")
            key.verdict = keys.verdict(token.content, hasColon: hasColon, below: node, behind: &key.place) {
                [judge] key, node in judge.verdict(on: key, below: node)
            }
        }
        return key
    }

    /// A key that comes again replaces what it said before, below it too.
    @inline(__always)
    private mutating func setBack(_ node: Int16) {
        let first = nodes[Int(node)].belowStart
        for index in first..<(first &+ nodes[Int(node)].belowCount) { results[Int(below[Int(index)])] = .null }
    }

    /// Scans a string and files it where the verdict on its key says.
    @inline(__always)
    private mutating func scanString(
        _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>,
        _ verdict: KeyVerdict,
        isMasked: Bool
    ) -> UnsafePointer<UInt8>? {
        var seen: UInt32 = 0
        let stop = cbytes_json_stop(start + 1, end, &seen)
        guard stop < end, stop.pointee == UInt8(ascii: "\"") else {
            return scanEscapedString(start, end, verdict, isMasked: isMasked)
        }
        let content = Bytes(from: start + 1, to: stop)
        if verdict.node >= 0 { file(Value(.string, content), at: verdict.node) }
        if hasRules, !isMasked {
            if verdict.isSecret {
                if !content.isEmpty { ranges.append(MaskRange(content.start, content.end, .string)) }
            } else if seen != 0 {
                text?.scanString(content, hasEscape: false, into: &ranges)
            }
        }
        return stop + 1
    }

    /// Scans a string that has escapes, or is malformed.
    @inline(never)
    private mutating func scanEscapedString(
        _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>,
        _ verdict: KeyVerdict,
        isMasked: Bool
    ) -> UnsafePointer<UInt8>? {
        var cursor = JSONCursor(Bytes(from: start, to: end))
        guard let token = cursor.string() else { return nil }
        if verdict.node >= 0 { file(Value(.escapedString, token.content), at: verdict.node) }
        if hasRules, !isMasked {
            if verdict.isSecret {
                ranges.append(MaskRange(token.content.start, token.content.end, .string))
            } else {
                text?.scanString(token.content, hasEscape: true, into: &ranges)
            }
        }
        return cursor.next
    }

    /// Scans a number or word and files it where the verdict on its key says.
    @inline(__always)
    private mutating func scanScalar(
        _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>,
        _ verdict: KeyVerdict,
        isMasked: Bool
    ) -> UnsafePointer<UInt8>? {
        // Most are integers; what is special about the others is looked at elsewhere.
        let next = cbytes_behind_digits(start, end)
        let isUsual =
            next > start && start.pointee != UInt8(ascii: "0") && next < end && next - start <= JSONCursor.safeNumber
        guard isUsual, next.pointee != UInt8(ascii: "."), next.pointee | 0x20 != UInt8(ascii: "e"), !verdict.isSecret
        else { return scanUnusualScalar(start, end, verdict, isMasked: isMasked) }
        if verdict.node >= 0 { file(Value(.number, Bytes(from: start, to: next)), at: verdict.node) }
        return next
    }

    @inline(never)
    private mutating func scanUnusualScalar(
        _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>,
        _ verdict: KeyVerdict,
        isMasked: Bool
    ) -> UnsafePointer<UInt8>? {
        var cursor = JSONCursor(Bytes(from: start, to: end))
        guard let kind = cursor.scalar(cursor.peek) else { return nil }
        if verdict.node >= 0 {
            file(kind == .null ? .null : Value(kind, Bytes(from: start, to: cursor.next)), at: verdict.node)
        }
        // A null names no secret; everything else does.
        if verdict.isSecret, !isMasked, kind != .null {
            ranges.append(MaskRange(start, cursor.next, .plain, quote: Self.quote))
        }
        return cursor.next
    }

    @inline(__always)
    private mutating func file(_ value: Value, at node: Int16) {
        let result = nodes[Int(node)].result
        if result >= 0 { results[Int(result)] = value }
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
