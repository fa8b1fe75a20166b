/// Reads an expression by the rules of Go's regexp/syntax, so that what is refused, and in which words, is the same.
///
/// The nesting is kept on a stack of its own: depth is bounded as in Go (1,000), not by the thread's stack.
struct PatternParser {
    private static let heightLimit = 1000
    static let repeatLimit = 1000

    let source: [UInt8]
    /// The next byte to read.
    var place = 0
    var flags: PatternFlags = []
    var stack: [PatternNode] = []
    private(set) var groupCount = 0
    private(set) var groupNames: [(index: Int, name: String)] = []
    var hasFoldedLetters = false
    var hasPlainLetters = false
    /// Where the operator before this place began, if one ended right here: `a**` is an error.
    private var operatorStart: Int?
    /// Parts of the source that RE2 wants to read differently.
    private var rewrites: [(range: Range<Int>, text: String)] = []

    init(_ source: String) { self.source = Array(source.utf8) }

    /// The source as RE2 takes it.
    var linear: [UInt8] {
        var text: [UInt8] = []
        var copied = 0
        for rewrite in rewrites {
            text += source[copied..<rewrite.range.lowerBound]
            text += rewrite.text.utf8
            copied = rewrite.range.upperBound
        }
        return text + source[copied...]
    }

    mutating func parse() throws(LanguageError) -> PatternNode {
        while place < source.count {
            let previous = operatorStart
            operatorStart = nil
            try parseNext(after: previous)
        }
        let node = closeBranches()
        guard stack.isEmpty else { throw error("missing closing )", 0..<source.count) }
        return node
    }

    /// Go's sentence with the part of the expression that is at fault.
    func error(_ what: String, _ range: Range<Int>, at place: Int? = nil) -> LanguageError {
        let fragment = String(decoding: source[range], as: UTF8.self)
        return LanguageError("error parsing regexp: \(what): `\(fragment)`", at: place ?? range.lowerBound)
    }

    func peek(_ ahead: Int = 0) -> UInt8? {
        place + ahead < source.count ? source[place + ahead] : nil
    }

    mutating func nextScalar() -> Unicode.Scalar? {
        let scalar = scalar(at: place)
        place += scalar.map { UTF8.width($0) } ?? 0
        return scalar
    }

    private func scalar(at place: Int) -> Unicode.Scalar? {
        guard place < source.count else { return nil }
        var decoder = UTF8()
        var bytes = source[place...].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return nil }
        return scalar
    }

    private mutating func parseNext(after previous: Int?) throws(LanguageError) {
        switch source[place] {
        case UInt8(ascii: "("): try openGroup()
        case UInt8(ascii: ")"): try closeGroup()
        case UInt8(ascii: "|"):
            closeSequence()
            stack.append(PatternNode(kind: .bar))
            place += 1
        case UInt8(ascii: "^"):
            place += 1
            push(flags.contains(.multiline) ? .zeroWidth("(?m:^)") : .beginText)
        case UInt8(ascii: "$"):
            place += 1
            push(.zeroWidth(flags.contains(.multiline) ? "(?m:$)" : #"\z"#))
        case UInt8(ascii: "."):
            place += 1
            push(.atom(flags.contains(.dotAll) ? "." : #"\N"#))
        case UInt8(ascii: "["): push(try parseClass())
        case UInt8(ascii: "*"): try parseOperator(0, nil, length: 1, after: previous)
        case UInt8(ascii: "+"): try parseOperator(1, nil, length: 1, after: previous)
        case UInt8(ascii: "?"): try parseOperator(0, 1, length: 1, after: previous)
        case UInt8(ascii: "{"): try parseCount(after: previous)
        case UInt8(ascii: "\\"): try parseBackslash()
        default: if let scalar = nextScalar() { pushLiteral(scalar) }
        }
    }

    mutating func push(_ node: PatternNode) { stack.append(node) }

    /// A character that stands for itself.
    mutating func pushLiteral(_ scalar: Unicode.Scalar) {
        let isLetter = scalar.properties.isCased || !scalar.isASCII
        if isLetter && flags.contains(.fold) { hasFoldedLetters = true }
        if isLetter && !flags.contains(.fold) { hasPlainLetters = true }
        push(.literal(scalar, isFolded: isLetter && flags.contains(.fold)))
    }

    // MARK: Groups

    private mutating func openGroup() throws(LanguageError) {
        guard peek(1) == UInt8(ascii: "?") else {
            open(isCapture: true)
            place += 1
            return
        }
        let start = place
        let isPython = peek(2) == UInt8(ascii: "P") && peek(3) == UInt8(ascii: "<") && place + 4 < source.count
        let isShort = peek(2) == UInt8(ascii: "<") && place + 3 < source.count
        guard isPython || isShort else { return try parseFlags() }
        let nameStart = start + (isPython ? 4 : 3)
        guard let end = source[start...].firstIndex(of: UInt8(ascii: ">")) else {
            throw error("invalid named capture", start..<source.count)
        }
        let name = source[nameStart..<end]
        guard !name.isEmpty, name.allSatisfy({ $0.isWord }) else {
            throw error("invalid named capture", start..<end + 1)
        }
        let text = String(decoding: name, as: UTF8.self)
        open(isCapture: true)
        groupNames.append((groupCount, text))
        // Without the name: RE2 refuses `(?<` and a name used twice, and Go takes both.
        rewrites.append((start..<end + 1, "("))
        place = end + 1
    }

    private mutating func open(isCapture: Bool) {
        if isCapture { groupCount += 1 }
        stack.append(PatternNode(kind: .group(PatternGroup(isCapture: isCapture, flags: flags))))
    }

    private mutating func closeGroup() throws(LanguageError) {
        let node = closeBranches()
        guard case .group(let group)? = stack.last?.kind else {
            throw error("unexpected )", 0..<source.count, at: place)
        }
        stack.removeLast()
        flags = group.flags
        guard node.height < Self.heightLimit else {
            throw error("expression nests too deeply", 0..<source.count)
        }
        push(node.enclosed(group.isCapture ? "(" : "(?:"))
        place += 1
    }

    /// `(?flags)` and `(?flags:`.
    private mutating func parseFlags() throws(LanguageError) {
        let start = place
        place += 2
        var changed = flags
        var isNegative = false
        var sawFlag = false
        scan: while let scalar = nextScalar() {
            let flag: PatternFlags
            switch scalar {
            case "i": flag = .fold
            case "m": flag = .multiline
            case "s": flag = .dotAll
            case "U": flag = .lazy
            case "-":
                if isNegative { break scan }
                isNegative = true
                sawFlag = false
                continue
            case ":", ")":
                if isNegative && !sawFlag { break scan }
                if scalar == ":" { open(isCapture: false) }
                flags = changed
                return
            default: break scan
            }
            sawFlag = true
            if isNegative { changed.remove(flag) } else { changed.insert(flag) }
        }
        throw error("invalid or unsupported Perl syntax", start..<place)
    }

    /// Joins what stands after the last bar or parenthesis.
    private mutating func closeSequence() {
        var start = stack.count
        while start > 0, stack[start - 1].isOperand { start -= 1 }
        let node = PatternNode.concatenation(stack[start...])
        stack.removeSubrange(start...)
        stack.append(node)
    }

    /// Joins what stands after the last parenthesis, takes it off the stack.
    private mutating func closeBranches() -> PatternNode {
        closeSequence()
        var branches: [PatternNode] = []
        while let node = stack.last {
            if case .group = node.kind { break }
            if node.isOperand { branches.append(node) }
            stack.removeLast()
        }
        return .alternation(branches.reversed())
    }

    // MARK: Repetition

    /// `{n}`, `{n,}`, `{n,m}`; anything else that begins with a brace is a literal.
    private mutating func parseCount(after previous: Int?) throws(LanguageError) {
        let start = place
        place += 1
        guard let low = parseNumber(), let high = parseCountEnd(low), peek() == UInt8(ascii: "}") else {
            place = start + 1
            return pushLiteral("{")
        }
        let length = place + 1 - start
        place = start
        let isRange = high.isBounded ? low <= high.value : true
        guard low <= Self.repeatLimit, !high.isBounded || high.value <= Self.repeatLimit, isRange else {
            throw error("invalid repeat count", start..<start + length)
        }
        try parseOperator(low, high.isBounded ? high.value : nil, length: length, after: previous)
    }

    private mutating func parseCountEnd(_ low: Int) -> (isBounded: Bool, value: Int)? {
        guard peek() == UInt8(ascii: ",") else { return (true, low) }
        place += 1
        if peek() == UInt8(ascii: "}") { return (false, 0) }
        return parseNumber().map { (true, $0) }
    }

    /// A decimal number without a leading zero; over the limit it stays just over it.
    private mutating func parseNumber() -> Int? {
        let start = place
        var number = 0
        while let byte = peek(), byte.isDigit {
            number = min(10 * number + Int(byte - UInt8(ascii: "0")), Self.repeatLimit + 1)
            place += 1
        }
        let hasLeadingZero = place > start + 1 && source[start] == UInt8(ascii: "0")
        return place == start || hasLeadingZero ? nil : number
    }

    private mutating func parseOperator(
        _ low: Int,
        _ high: Int?,
        length: Int,
        after previous: Int?
    ) throws(LanguageError) {
        let start = place
        place += length
        let text = start..<place
        var isLazy = flags.contains(.lazy)
        if peek() == UInt8(ascii: "?") {
            place += 1
            isLazy.toggle()
        }
        if let previous { throw error("invalid nested repetition operator", previous..<place) }
        guard let operand = stack.last, operand.isOperand else {
            throw error("missing argument to repetition operator", text)
        }
        var node = operand.repeated(low, high, suffix: Self.suffix(low, high) + (isLazy ? "?" : ""))
        if length > 1 {
            node.repeats = max(1, high ?? low) * operand.repeats
            if high == 0 { node.repeats = 1 }
            guard node.repeats <= Self.repeatLimit else { throw error("invalid repeat count", text) }
        }
        guard node.height <= Self.heightLimit else {
            throw error("expression nests too deeply", 0..<source.count)
        }
        stack[stack.count - 1] = node
        operatorStart = start
    }

    private static func suffix(_ low: Int, _ high: Int?) -> String {
        switch (low, high) {
        case (0, nil): "*"
        case (1, nil): "+"
        case (0, 1): "?"
        case (_, nil): "{\(low),}"
        case (_, let high?): low == high ? "{\(low)}" : "{\(low),\(high)}"
        }
    }
}
