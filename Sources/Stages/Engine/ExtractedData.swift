import Entries
import Languages

/// Which registers a template reads: bound once, when the pipeline is compiled.
struct TemplateSlots {
    /// By number of the template's field; nil for names that the stage itself answers for.
    let byField: [Slot?]
    private let labelSets: LabelSets

    /// Binds the fields of `template`; `own` are names that the stage itself answers for.
    init(_ template: GoTemplate, own: Set<String>, _ compiler: PipelineCompiler) {
        byField = template.fieldNames.map { own.contains($0) ? nil : compiler.slot($0) }
        labelSets = compiler.labelSets
        if template.usesWholeMap { compiler.keepAllNames() }
    }

    /// The names of all registers, by slot.
    var names: [String] { labelSets.registerNames }
}

/// The extracted map of an entry as a template sees it: texts; values without a text are left out (stages.md 2.1).
struct ExtractedData: TemplateData {
    let entry: Entry
    let slots: TemplateSlots
    /// Names that hide those of the extracted map: `Value`, and `Entry` in the template stage.
    let own: [(name: String, value: [UInt8]?)]

    func value(_ name: String) -> [UInt8]? {
        if let hit = own.first(where: { $0.name == name }) { return hit.value }
        guard let index = slots.names.firstIndex(of: name) else { return nil }
        return entry.text(Slot(index: index))?.array
    }

    func value(ofField index: Int, named name: String) -> [UInt8]? {
        guard let slot = slots.byField[index] else { return value(name) }
        return entry.text(slot)?.array
    }

    func all() -> [(String, [UInt8])] {
        var pairs: [(String, [UInt8])] = own.compactMap { pair in pair.value.map { (pair.name, $0) } }
        for (index, name) in slots.names.enumerated() where !own.contains(where: { $0.name == name }) {
            if let text = entry.text(Slot(index: index)) { pairs.append((name, text.array)) }
        }
        return pairs.sorted { Array($0.0.utf8).lexicographicallyPrecedes(Array($1.0.utf8)) }
    }
}
