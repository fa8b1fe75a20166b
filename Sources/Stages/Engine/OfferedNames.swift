import Entries

/// Names of the extracted map that a stage sets in passing, such as the parts of a container runtime's line.
///
/// A name has a register only where another stage asks for it; so what nobody reads costs nothing, here and in the
/// stages that go through all registers.
struct OfferedNames {
    private let names: [String]
    private let labelSets: LabelSets
    private var slots: StageTable<Slot?>

    init(_ names: [String], _ compiler: PipelineCompiler) {
        self.names = names
        labelSets = compiler.labelSets
        slots = StageTable(names.map { _ in nil })
        compiler.offer(names)
    }

    /// Finds the registers; to be called from ``Stage/prepare()``.
    mutating func prepare() { slots = StageTable(names.map { labelSets.register(named: $0) }) }

    /// The register of the name with that number; nil when nobody asked for it.
    @inline(__always)
    subscript(number: Int) -> Slot? { slots.items[number] }

    /// Whether any of the names is asked for.
    var isAnyAsked: Bool { slots.items.contains { $0 != nil } }
}
