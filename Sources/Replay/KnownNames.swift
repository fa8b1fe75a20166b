/// Names that may be set at some point of a pipeline: exact, or unknown when something may set any name.
struct KnownNames {
    private(set) var names: Set<String>
    /// Whether any name at all may be set, so that nothing can be said.
    private(set) var isOpen: Bool

    init(_ names: some Sequence<String>, isOpen: Bool = false) {
        self.names = Set(names)
        self.isOpen = isOpen
    }

    /// Whether it is certain that nothing sets `name`.
    func lacks(_ name: String) -> Bool { !isOpen && !names.contains(name) }

    mutating func add(_ more: some Sequence<String>) { names.formUnion(more) }
    mutating func open() { isOpen = true }
}
