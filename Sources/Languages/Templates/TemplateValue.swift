/// What a pipeline of a template yields: the Go values that a template over a map of texts can come across.
enum TemplateValue {
    /// nil, or a missing key.
    case null
    /// The map that the template was executed with, as long as nobody looks at it as a whole.
    case root
    case bool(Bool)
    /// `int`
    case int(Int)
    /// `int64`, which Go does not take for an `int` parameter.
    case int64(Int64)
    case float(Double)
    case string([UInt8])
    case list(TemplateList)
    case map(TemplateMap)
    case time(TemplateTime)

    static func text(_ text: String) -> TemplateValue { .string(Array(text.utf8)) }

    /// How many lists and maps stand inside each other.
    var depth: Int {
        switch self {
        case .list(let list): list.depth
        case .map(let map): map.depth
        default: 0
        }
    }

    /// Go's name of the type, as `%T` prints it.
    var typeName: String {
        switch self {
        case .null: "<nil>"
        case .root: "map[string]interface {}"
        case .bool: "bool"
        case .int: "int"
        case .int64: "int64"
        case .float: "float64"
        case .string: "string"
        case .list(let list): "[]" + list.element.rawValue
        case .map(let map): "map[string]" + map.element.rawValue
        case .time: "time.Time"
        }
    }

    /// Go's name of the kind.
    var kindName: String {
        switch self {
        case .null: "invalid"
        case .list: "slice"
        case .map, .root: "map"
        case .time: "struct"
        default: typeName
        }
    }

    /// What `if`, `and`, `or` and `not` go by.
    var isTrue: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .int64(let value): value != 0
        case .float(let value): value != 0
        case .string(let bytes): !bytes.isEmpty
        case .list(let list): !list.elements.isEmpty
        case .map(let map): map.count > 0
        case .root, .time: true
        }
    }

    /// What sprig's `default`, `empty` and `coalesce` take for nothing; a time never is.
    var isEmpty: Bool { !isTrue }
}

/// A Go slice, which never changes here: functions that add elements make another one.
final class TemplateList {
    enum Element: String {
        case any = "interface {}"
        case string
        case int
        case list = "[]interface {}"
    }

    let elements: [TemplateValue]
    let element: Element
    let depth: Int

    init(_ elements: [TemplateValue], of element: Element = .any) {
        self.elements = elements
        self.element = element
        depth = 1 + (element == .any || element == .list ? elements.reduce(0) { max($0, $1.depth) } : 0)
    }

    convenience init(strings: [[UInt8]]) {
        self.init(strings.map(TemplateValue.string), of: .string)
    }
}
