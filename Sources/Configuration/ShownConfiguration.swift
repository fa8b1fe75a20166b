/// A configuration as text that may be shown: YAML with every secret hidden.
///
/// Shows what is given, with environment references expanded, and not the defaults of what is not.
struct ShownConfiguration {
    /// Bytes of text at most, for aliases can make a small file stand for a huge one: 1 MiB.
    private static let sizeLimit = 1 << 20
    private static let hidden = "<secret>"

    private(set) var text = ""
    private var isFull: Bool { text.utf8.count > Self.sizeLimit }

    init(_ root: YAMLNode?) {
        guard let root else { return }
        append(root, depth: 0, parents: [], isInItem: false)
        if isFull { text += "# and more, beyond 1 MiB\n" }
    }

    /// Appends a value that begins on a line of its own, or behind the dash of an item.
    private mutating func append(_ node: YAMLNode, depth: Int, parents: [String], isInItem: Bool) {
        switch node.content {
        case .scalar(let scalar):
            text += "\(isInItem ? "" : Self.indentation(depth))\(Self.shown(scalar, parents))\n"
        case .sequence(let items):
            for (index, item) in items.enumerated() where !isFull {
                text += "\(isInItem && index == 0 ? "" : Self.indentation(depth))- "
                append(item, depth: depth + 1, parents: parents, isInItem: true)
            }
            if items.isEmpty { text += "[]\n" }
        case .mapping(let pairs):
            for (index, pair) in pairs.enumerated() where !isFull {
                append(pair, indentation: isInItem && index == 0 ? "" : Self.indentation(depth), depth, parents)
            }
            if pairs.isEmpty { text += "{}\n" }
        }
    }

    private mutating func append(_ pair: YAMLPair, indentation: String, _ depth: Int, _ parents: [String]) {
        let name = pair.key.scalar?.text ?? ""
        text += "\(indentation)\(Self.quotedIfNeeded(name)):"
        let inner = parents + [name]
        if SecretKeys.isSecret(inner) {
            text += " \(Self.hidden)\n"
        } else if pair.value.isNull {
            text += "\n"
        } else if let scalar = pair.value.scalar {
            text += " \(Self.shown(scalar, inner))\n"
        } else if pair.value.items?.isEmpty ?? false {
            text += " []\n"
        } else if pair.value.pairs?.isEmpty ?? false {
            text += " {}\n"
        } else {
            text += "\n"
            append(pair.value, depth: depth + 1, parents: inner, isInItem: false)
        }
    }

    private static func indentation(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    private static func shown(_ scalar: YAMLScalar, _ parents: [String]) -> String {
        if SecretKeys.isSecret(parents) { return hidden }
        if scalar.resolved == .null { return "~" }
        var scalars = Array(scalar.text.unicodeScalars)
        if let user = SecretKeys.userInformation(in: scalars) {
            scalars.replaceSubrange(user, with: Array("********".unicodeScalars))
        }
        let text = String(String.UnicodeScalarView(scalars))
        return scalar.isQuoted ? quoted(text) : quotedIfNeeded(text)
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || "_-./".unicodeScalars.contains($0)
            }
        return isPlain && !text.hasPrefix("-") ? text : quoted(text)
    }

    /// In double quotes, with the escapes that YAML and JSON share.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
