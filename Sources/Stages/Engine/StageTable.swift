import Entries

/// A table that a stage makes once and reads for every entry.
///
/// Raw memory with plain elements, so that reading it counts no references; freed with the stage.
struct StageTable<Element: BitwiseCopyable> {
    let items: UnsafeMutableBufferPointer<Element>
    private let owner: Owner

    private final class Owner {
        let items: UnsafeMutableBufferPointer<Element>
        let objects: [AnyObject]

        init(_ items: UnsafeMutableBufferPointer<Element>, _ objects: [AnyObject]) {
            self.items = items
            self.objects = objects
        }

        deinit { items.deallocate() }
    }

    /// Keeps `objects`, which the elements point to, as long as the table lives.
    init(_ list: [Element], keeping objects: [AnyObject] = []) {
        items = .allocate(capacity: list.count)
        _ = items.initialize(from: list)
        owner = Owner(items, objects)
    }

    var isEmpty: Bool { items.isEmpty }
}

/// A text of the configuration as bytes, which live as long as this does.
final class StageText {
    let bytes: Bytes
    private let memory: UnsafeMutableBufferPointer<UInt8>

    /// Zeroes behind the text, so that 16 bytes a step may look past its end.
    private static let slack = 64

    init(_ text: [UInt8]) {
        memory = .allocate(capacity: text.count + Self.slack)
        _ = memory.initialize(from: text + [UInt8](repeating: 0, count: Self.slack))
        bytes = memory.baseAddress.map { Bytes($0, count: text.count) } ?? .empty
    }

    convenience init(_ text: String) { self.init(Array(text.utf8)) }

    deinit { memory.deallocate() }
}
