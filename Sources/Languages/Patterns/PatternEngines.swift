import CPatterns
import Entries

/// The compiled forms of one expression: RE2 always, machine code of PCRE2 for the texts on which both surely agree.
final class PatternEngines {
    enum Outcome {
        case match, noMatch
        /// PCRE2 gave up: the answer is RE2's to give.
        case limit
    }

    /// 0.11 ms at most on the machine where it was measured, against 12.9 ms with PCRE2's default.
    private static let matchLimit: UInt32 = 100_000
    /// The match limit does not count steps inside `x*`: `\w+\d+x` takes 2 ms on 4 KiB of digits and 31 ms on 16 KiB.
    private static let jitBytesLimit = 4 << 10

    /// Begin and end of the groups of the last match.
    let offsets: UnsafeMutablePointer<Int>
    private let captures: OpaquePointer
    private let linear: OpaquePointer
    private let ascii: cpatterns_jit?
    private let utf8: cpatterns_jit?
    /// Bytes that every match contains; empty when there is nothing to gain.
    private let literal: Bytes
    private let literalMemory: UnsafeMutableBufferPointer<UInt8>

    init(_ syntax: PatternSyntax, isLinear: Bool) throws(LanguageError) {
        let pairs = UInt32(syntax.groupCount + 1)
        guard let captures = cpatterns_captures_create(pairs),
            let linear = Self.withText(syntax.linear, { cpatterns_re2_create($0, $1) })
        else { throw LanguageError("error parsing regexp: expression too large") }
        self.captures = captures
        self.linear = linear
        offsets = cpatterns_captures_offsets(captures)
        ascii = isLinear ? nil : syntax.ascii.flatMap { Self.jit($0, utf: false, pairs: pairs) }
        utf8 = isLinear ? nil : syntax.utf8.flatMap { Self.jit($0, utf: true, pairs: pairs) }
        literalMemory = .allocate(capacity: syntax.literal.count)
        _ = literalMemory.initialize(from: syntax.literal)
        literal = literalMemory.baseAddress.map { Bytes($0, count: syntax.literal.count) } ?? .empty
        // All stored properties are set, so deinit frees them when this throws.
        if let message = cpatterns_re2_error(linear) {
            throw LanguageError("error parsing regexp: " + String(cString: message))
        }
        guard cpatterns_re2_group_count(linear) == syntax.groupCount else {
            throw LanguageError("error parsing regexp: invalid capture group")
        }
    }

    deinit {
        if var ascii { cpatterns_jit_free(&ascii) }
        if var utf8 { cpatterns_jit_free(&utf8) }
        literalMemory.deallocate()
        cpatterns_re2_free(linear)
        cpatterns_captures_free(captures)
    }

    /// Searches well-formed text; offsets of groups 0 ..< pairs (or of all) are written on a match.
    func search(_ text: Bytes, isASCII: Bool, from: Int, pairs: Int) -> Outcome {
        if !literal.isEmpty, !text[from..<text.count].contains(literal) { return .noMatch }
        guard text.count <= Self.jitBytesLimit, let jit = isASCII ? ascii : utf8 else {
            return searchLinear(text, from: from, pairs: pairs) ? .match : .noMatch
        }
        let result = cpatterns_jit_match(jit, text.start, text.count, from, captures)
        return result > 0 ? .match : result == CPATTERNS_NO_MATCH ? .noMatch : .limit
    }

    /// The same by RE2 alone.
    func searchLinear(_ text: Bytes, from: Int, pairs: Int) -> Bool {
        cpatterns_re2_match(linear, text.start, text.count, from, offsets, Int32(pairs))
    }

    /// Whether RE2 takes `text`, a part of an expression.
    static func compiles(_ text: ArraySlice<UInt8>) -> Bool {
        guard let pattern = withText(Array(text), { cpatterns_re2_create($0, $1) }) else { return false }
        defer { cpatterns_re2_free(pattern) }
        return cpatterns_re2_error(pattern) == nil
    }

    private static func jit(_ text: [UInt8], utf: Bool, pairs: UInt32) -> cpatterns_jit? {
        var result = cpatterns_jit()
        let isReady = withText(text) { cpatterns_jit_create(&result, $0, $1, utf, pairs, matchLimit) }
        return isReady ? result : nil
    }

    private static func withText<Result>(_ text: [UInt8], _ body: (UnsafePointer<CChar>?, Int) -> Result) -> Result {
        text.withUnsafeBytes { body($0.bindMemory(to: CChar.self).baseAddress, $0.count) }
    }
}
