package import Configuration
import Entries
import Languages

/// `relabel_configs`, ready to run: makes the labels of a target out of those that it was found with.
///
/// As Prometheus does, whose code Promtail runs: rules work in their order, each on what the one before left, and a label
/// without a value does not exist. Unlike there, a name that `labelmap` makes is left out when it is empty; Loki would
/// refuse every line of such a target.
package struct Relabelling {
    fileprivate struct Step {
        let rule: RelabelRule
        /// Fits the whole text or nothing.
        let pattern: Pattern
    }

    private let steps: [Step]

    /// Compiles the rules.
    ///
    /// - Throws: what is wrong with the first rule whose regular expression does not compile, at its place.
    package init(_ rules: [RelabelRule]) throws(Diagnostic) {
        var steps: [Step] = []
        for rule in rules {
            do throws(LanguageError) {
                steps.append(Step(rule: rule, pattern: try Pattern.anchored(rule.regex)))
            } catch {
                let message = "does not compile: \(error.message)"
                throw rule.options.mistake("regex", message, offset: error.offset, help: error.help)
            }
        }
        self.steps = steps
    }

    /// What the rules make of the labels of a target; nil when one of them drops it.
    ///
    /// Names that begin with `__` are still there: they say what to read, and only the caller knows how.
    package func labels(of target: [String: String]) -> [String: String]? {
        var labels = LabelList(target)
        for step in steps {
            guard step.apply(to: &labels) else { return nil }
        }
        return labels.dictionary
    }
}

extension Relabelling.Step {
    /// Changes the labels; false when the target is dropped.
    fileprivate func apply(to labels: inout LabelList) -> Bool {
        let source = Array(rule.sourceLabels.map { labels[$0] }.joined(separator: rule.separator).utf8)
        switch rule.action {
        case .keep: return fits(source)
        case .drop: return !fits(source)
        case .keepequal: return Array(labels[rule.targetLabel].utf8) == source
        case .dropequal: return Array(labels[rule.targetLabel].utf8) != source
        case .replace: replace(source, in: &labels)
        case .lowercase: labels[rule.targetLabel] = Self.text(TemplateText.lower(source))
        case .uppercase: labels[rule.targetLabel] = Self.text(TemplateText.upper(source))
        case .hashmod: labels[rule.targetLabel] = "\(Self.hash(source) % UInt64(rule.modulus))"
        case .labelmap:
            for (name, value) in labels.all where fits(Array(name.utf8)) {
                let mapped = replaced(name)
                if !mapped.isEmpty { labels[mapped] = value }
            }
        case .labeldrop: for (name, _) in labels.all where fits(Array(name.utf8)) { labels[name] = "" }
        case .labelkeep: for (name, _) in labels.all where !fits(Array(name.utf8)) { labels[name] = "" }
        }
        return true
    }

    private func fits(_ text: [UInt8]) -> Bool { Bytes.with(text) { pattern.matches($0) } }

    private func replace(_ source: [UInt8], in labels: inout LabelList) {
        var target: [UInt8] = []
        var value: [UInt8] = []
        let hasMatched = Bytes.with(source) { text in
            guard pattern.firstMatch(in: text, from: 0) else { return false }
            Bytes.with(Array(rule.targetLabel.utf8)) { pattern.expand($0, in: text, into: &target) }
            Bytes.with(Array(rule.replacement.utf8)) { pattern.expand($0, in: text, into: &value) }
            return true
        }
        if hasMatched, !target.isEmpty { labels[Self.text(target)] = Self.text(value) }
    }

    private func replaced(_ name: String) -> String {
        Bytes.with(Array(name.utf8)) { name in
            Self.text(Bytes.with(Array(rule.replacement.utf8)) { pattern.replaceAll(in: name, template: $0) })
        }
    }

    /// The last eight bytes of the MD5 sum, big endian.
    private static func hash(_ text: [UInt8]) -> UInt64 {
        Bytes.with(text) { Hashing.md5($0) }.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Labels in the order in which Prometheus goes through them: those of the target by name, then those that rules set.
///
/// The order decides which of several labels wins that `labelmap` gives one name.
private struct LabelList {
    private var found: [(name: String, value: String)]
    private var made: [(name: String, value: String)] = []

    init(_ labels: [String: String]) {
        found = labels.filter { !$0.value.isEmpty }.map { (name: $0.key, value: $0.value) }
        found.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    var all: [(name: String, value: String)] { found + made }

    var dictionary: [String: String] { Dictionary(all.map { ($0.name, $0.value) }) { _, last in last } }

    /// The value of a label, empty where there is none; setting it to nothing takes the label away.
    subscript(name: String) -> String {
        get { all.first { $0.name == name }?.value ?? "" }
        set {
            found.removeAll { $0.name == name }
            if newValue.isEmpty {
                made.removeAll { $0.name == name }
            } else if let index = made.firstIndex(where: { $0.name == name }) {
                made[index].value = newValue
            } else {
                made.append((name: name, value: newValue))
            }
        }
    }
}
