import Configuration
import Entries
import Languages

/// A template over the extracted map, its names bound to registers.
///
/// Every value is text; names whose value has none (nil) are missing. `.Value` is what the stage works on.
struct EntryTemplate {
    /// What a name of the template means.
    fileprivate enum Binding: BitwiseCopyable {
        case line
        /// What the stage works on, else the extracted value of that name.
        case value(Slot)
        case extracted(Slot)
    }

    private let template: GoTemplate
    private let bindings: StageTable<Binding>
    private let labelSets: LabelSets
    private let hasLine: Bool
    /// The result where it is always the same.
    let constant: StageText?

    /// `hasLine`: whether `.Entry` is the line, as in the template stage.
    init(
        _ text: String,
        rootMap: GoTemplate.RootMap,
        hasLine: Bool,
        _ compiler: PipelineCompiler
    ) throws(LanguageError) {
        template = try GoTemplate(text, rootMap: rootMap)
        labelSets = compiler.labelSets
        self.hasLine = hasLine
        constant = template.constantText.map { StageText($0) }
        if template.usesWholeMap { compiler.keepAllNames() }
        bindings = StageTable(
            template.fieldNames.map { name in
                if hasLine, name == "Entry" { return .line }
                let slot = compiler.slot(name)
                return name == "Value" ? .value(slot) : .extracted(slot)
            }
        )
    }

    /// The names that the template reads.
    var fieldNames: [String] { template.fieldNames }

    /// The text for `entry`, nil when the template fails on its values.
    ///
    /// `value` is what the stage works on; nil when there is none.
    func text(_ entry: Entry, value: Bytes?) -> [UInt8]? {
        let data = Data(
            entry: entry,
            value: value,
            bindings: bindings.items,
            labelSets: labelSets,
            hasLine: hasLine
        )
        // Why it fails would have to name values of the line; as in Promtail the stage then does nothing.
        return try? template.execute(data)
    }

    private struct Data: TemplateData {
        let entry: Entry
        let value: Bytes?
        let bindings: UnsafeMutableBufferPointer<Binding>
        let labelSets: LabelSets
        let hasLine: Bool

        func value(ofField index: Int, named name: String) -> [UInt8]? {
            switch bindings[index] {
            case .line: entry.line.array
            case .value(let slot): value?.array ?? entry.text(slot)?.array
            case .extracted(let slot): entry.text(slot)?.array
            }
        }

        /// For names that are put together while the template runs.
        func value(_ name: String) -> [UInt8]? {
            if name == "Value", let value { return value.array }
            if name == "Entry", hasLine { return entry.line.array }
            if let slot = labelSets.register(named: name) { return entry.text(slot)?.array }
            return labelSets.unregisteredLabels(of: entry).first { $0.name == name }?.value
        }

        func all() -> [(String, [UInt8])] {
            var values: [String: [UInt8]] = [:]
            for label in labelSets.unregisteredLabels(of: entry) { values[label.name] = label.value }
            for (index, name) in labelSets.registerNames.enumerated() {
                values[name] = entry.text(Slot(index: index))?.array
            }
            if let value { values["Value"] = value.array }
            if hasLine { values["Entry"] = entry.line.array }
            return values.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
        }
    }
}
