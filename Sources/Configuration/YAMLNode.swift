/// One value of a YAML file with its place: a scalar, a sequence or a mapping.
///
/// Aliases share the node of their anchor, so a node may be met more than once in a tree.
package final class YAMLNode: Sendable {
    package enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// In file order; keys brought in by `<<` come last.
        case mapping([YAMLPair])
    }

    package let content: Content
    /// Where the value begins, behind anchor and tag.
    package let position: YAMLPosition
    /// Just behind the value; only meaningful for scalars.
    package let end: YAMLPosition
    let source: YAMLSource
    /// Index of the first scalar of the value in the parsed text, and of the one behind it.
    let range: Range<Int>
    /// How many nodes a walk over this one meets, aliases expanded.
    let weight: Int

    init(_ content: Content, range: Range<Int>, source: YAMLSource) {
        self.content = content
        self.range = range
        self.source = source
        position = source.position(at: range.lowerBound)
        end = source.position(at: range.upperBound)
        weight =
            switch content {
            case .scalar: 1
            case .sequence(let items): items.reduce(1) { Self.sum($0, $1.weight) }
            case .mapping(let pairs): pairs.reduce(1) { Self.sum($0, Self.sum($1.key.weight, $1.value.weight)) }
            }
    }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? Int.max : sum
    }

    package var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    package var items: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    package var pairs: [YAMLPair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// Whether the value is absent: nothing at all, `~` or `null`.
    package var isNull: Bool { scalar?.resolved == .null }

    /// The value of the key written exactly `key`; nil when this is no mapping or has no such key.
    package subscript(key: String) -> YAMLNode? { pairs?.first { $0.key.scalar?.text == key }?.value }

    /// What the value is, in a word with its article, for messages.
    package var kindName: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar): scalar.resolved.kindName
        }
    }

    /// How far an underline of this value reaches: to its end, or 1 when it spans lines or is no scalar.
    package var underline: Int {
        guard scalar != nil else { return 1 }
        return end.line == position.line ? max(1, end.column - position.column) : Int.max
    }

    /// A key of a mapping with its value.
    package struct YAMLPair: Sendable {
        package let key: YAMLNode
        package let value: YAMLNode
    }
}

package typealias YAMLPair = YAMLNode.YAMLPair
