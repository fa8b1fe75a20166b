/// A growing table of plain values that is asked once per line: owns its memory, counts no references, checks no bounds.
///
/// The owner keeps indices below ``count``. Belongs to one thread.
struct PlainTable<Element: BitwiseCopyable>: ~Copyable {
    private var memory: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 16) {
        self.capacity = max(capacity, 1)
        memory = .allocate(capacity: self.capacity)
    }

    deinit { memory.deallocate() }

    subscript(index: Int) -> Element {
        @inline(__always) get { memory[index] }
        @inline(__always) nonmutating set { memory[index] = newValue }
    }

    /// The element itself, until the table grows.
    @inline(__always)
    func pointer(to index: Int) -> UnsafeMutablePointer<Element> { memory + index }

    mutating func append(_ element: Element) {
        if count == capacity {
            let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: memory, count: count)
            memory.deallocate()
            memory = larger
            capacity *= 2
        }
        (memory + count).initialize(to: element)
        count += 1
    }

    mutating func removeAll() { count = 0 }
}
