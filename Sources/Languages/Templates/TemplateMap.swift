/// A Go map with text keys; shared by reference, since `set` and `unset` change it in place.
final class TemplateMap {
    enum Element: String {
        case any = "interface {}"
        case string
    }

    private(set) var members: [[UInt8]: TemplateValue]
    let element: Element
    /// How deep the members were when they were stored.
    private(set) var depth: Int

    init(_ members: [[UInt8]: TemplateValue] = [:], of element: Element = .any) {
        self.members = members
        self.element = element
        depth = 1 + members.values.reduce(0) { max($0, $1.depth) }
    }

    var count: Int { members.count }

    /// As Go prints and ranges over maps.
    var sortedKeys: [[UInt8]] { members.keys.sorted { $0.lexicographicallyPrecedes($1) } }

    subscript(key: [UInt8]) -> TemplateValue? { members[key] }

    func set(_ key: [UInt8], to value: TemplateValue) {
        members[key] = value
        depth = max(depth, 1 + value.depth)
    }

    func remove(_ key: [UInt8]) { members[key] = nil }
}
