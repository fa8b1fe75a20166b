/// A shell pattern: `*`, `?`, `[a-z]`, `[^a]`, and `\` before what stands for itself.
struct Glob {
    private enum Part {
        case any
        case one
        case scalar(Unicode.Scalar)
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)

        func matches(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .any, .one: true
            case .scalar(let wanted): wanted == scalar
            case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
            }
        }

        var isAny: Bool { if case .any = self { true } else { false } }
    }

    private let parts: [Part]

    init(_ pattern: String) {
        var rest = Array(pattern.unicodeScalars)[...]
        var parts: [Part] = []
        while let next = rest.popFirst() {
            switch next {
            case "*": parts.append(.any)
            case "?": parts.append(.one)
            case "\\": parts.append(.scalar(rest.popFirst() ?? "\\"))
            case "[": parts.append(Self.set(&rest))
            default: parts.append(.scalar(next))
            }
        }
        self.parts = parts
    }

    /// The set behind a `[`, or the bracket itself when it is not closed.
    private static func set(_ rest: inout ArraySlice<Unicode.Scalar>) -> Part {
        guard let close = rest.dropFirst().firstIndex(of: "]") else { return .scalar("[") }
        var body = rest[..<close]
        rest = rest[(close + 1)...]
        let isNegated = body.first == "^" || body.first == "!"
        if isNegated { body = body.dropFirst() }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let low = body.popFirst() {
            if body.first == "-", let high = body.dropFirst().first, high >= low {
                ranges.append(low...high)
                body = body.dropFirst(2)
            } else {
                ranges.append(low...low)
            }
        }
        return .set(ranges, isNegated: isNegated)
    }

    /// Whether the whole of `text` matches; linear in text times pattern.
    func matches(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        var (part, index) = (0, text.startIndex)
        var retry: (part: Int, index: Int)?
        while index < text.endIndex {
            if part < parts.count, parts[part].isAny {
                retry = (part, index)
                part += 1
            } else if part < parts.count, parts[part].matches(text[index]) {
                part += 1
                index += 1
            } else if let last = retry {
                retry = (last.part, last.index + 1)
                (part, index) = (last.part + 1, last.index + 1)
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy(\.isAny)
    }

    /// `text` without the shortest or longest start or end that matches.
    func stripping(_ text: String, fromStart: Bool, isLongest: Bool) -> String {
        let scalars = Array(text.unicodeScalars)
        let lengths = Array(0...scalars.count)
        for length in isLongest ? lengths.reversed() : lengths {
            if matches(fromStart ? scalars.prefix(length) : scalars.suffix(length)) {
                let kept = fromStart ? scalars.dropFirst(length) : scalars.dropLast(length)
                return String(String.UnicodeScalarView(kept))
            }
        }
        return text
    }
}
