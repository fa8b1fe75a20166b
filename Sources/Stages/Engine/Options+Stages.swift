import Configuration
import Entries
import Languages

/// What several stages read from their options in the same way.
extension Options {
    /// The slot of the optional `source`; an empty text is a mistake.
    func sourceSlot(_ compiler: PipelineCompiler, _ name: String = "source") throws(Diagnostic) -> Slot? {
        guard let text = string(name) else { return nil }
        guard !text.isEmpty else { throw mistake(name, "is empty", help: "leave it out to work on the line") }
        return compiler.slot(text)
    }

    /// The name in the optional `source`, as what values are made from.
    var sourceNames: [String] { [string("source")].compactMap(\.self) }

    /// The slot of a `source` that must be given.
    func requiredSlot(_ compiler: PipelineCompiler, _ name: String = "source") throws(Diagnostic) -> Slot {
        guard let text = string(name), !text.isEmpty else {
            throw mistake(name, "is empty", help: "name an extracted value")
        }
        return compiler.slot(text)
    }

    /// The regular expression in the required `name`, which must not be empty.
    func requiredPattern(_ name: String) throws(Diagnostic) -> Pattern {
        guard string(name)?.isEmpty == false, let pattern = try pattern(name) else { throw mistake(name, "is empty") }
        return pattern
    }

    /// The regular expression in `name`; nil when it is not given.
    func pattern(_ name: String) throws(Diagnostic) -> Pattern? {
        guard let text = string(name) else { return nil }
        do { return try Pattern(text) } catch { throw mistake(name, compiling: error) }
    }

    /// A text of `name` that does not compile, shown at the place where its language says.
    func mistake(_ name: String, compiling error: LanguageError) -> Diagnostic {
        mistake(name, "does not compile: \(error.message)", offset: error.offset, help: error.help)
    }

    /// The number of the reason that `drop_counter_reason` gives, its default when that is empty.
    func dropID(_ compiler: PipelineCompiler, usual: String) -> DropID {
        let text = string("drop_counter_reason") ?? ""
        return compiler.dropID(DropReason(stage: subject, reason: text.isEmpty ? usual : text))
    }
}
