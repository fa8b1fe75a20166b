import CBytes
import Configuration
import Entries

/// Masks the values of keys that name a secret, wherever they stand.
///
/// In JSON at any depth, in JSON inside of strings, in logfmt, in URL queries and in free text; in extracted values,
/// labels and structured metadata too. A key counts when one of `keys` stands in its name, whatever the case and
/// whatever `_`, `-`, `.` stand between. A line that is not valid JSON is treated as free text. Every other byte of the
/// line stays as it is. Promtail has no such stage.
struct RedactStage: Stage {
    static let spec = StageSpec(
        name: "redact",
        summary: "Masks the values of keys that name a secret.",
        options: [
            .optional(
                "keys",
                .stringList,
                "Words that make a key secret. Default: password, apiKey, token, secret, authorization."
            ),
            .optional("allow", .stringList, "Whole names of keys that are never masked, e.g. tokens_total."),
            .optional(
                "replacement",
                .string,
                default: "[REDACTED]",
                "What stands in for each value; no quotes, backslashes, control characters."
            ),
            .optional("mode", .string, default: "mask", "mask, or hash: HMAC-SHA-256, equal values stay recognisable."),
            .optional("hash_key_file", .string, "File with the key for mode hash, at least 16 bytes."),
            .optional("hash_key_env", .string, "Environment variable with the key for mode hash."),
        ],
        isStrict: true,
        examples: [
            StageExample(
                "- redact:",
                input: [#"{"user":"ann","password":"hunter2"}"#],
                output: [#"{"user":"ann","password":"[REDACTED]"}"#]
            ),
            StageExample(
                "- redact: {allow: [tokens_total]}",
                input: ["GET /?access_token=abc&x=1 tokens_total=5"],
                output: ["GET /?access_token=[REDACTED]&x=1 tokens_total=5"]
            ),
        ]
    )

    private let rules: RedactionRules
    private let mask: Mask
    private let line: LineScan
    /// Scans values that do not stand in the line.
    private let values: LineScan
    private let labelSets: LabelSets
    private let origins: ValueOrigins
    private let counter: RedactionCounter
    private var base: BaseVariant
    /// Whether the name of a register, by slot, says that it holds a secret.
    private var secretRegisters = StageTable<Bool>([])
    /// The same for labels.
    private var secretLabels = StageTable<Bool>([])
    /// Names of secrets that do not say so themselves.
    private var aliases: [[UInt8]] = []

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        rules = RedactionRules(
            keys: options.strings("keys") ?? RedactionRules.defaultKeys,
            allow: options.strings("allow") ?? []
        )
        guard rules.shortestWord < Int.max else {
            throw options.mistake("keys", "names no key", help: "leave it out for the default keys")
        }
        mask = try Mask(options)
        line = compiler.lineScan.claim(rules) ? compiler.lineScan : LineScan(rules)
        values = LineScan(rules)
        labelSets = compiler.labelSets
        origins = compiler.origins
        counter = compiler.redactionCounter
        base = BaseVariant(stage: compiler.stageNumber)
    }

    mutating func prepare() {
        secretRegisters = StageTable(labelSets.registerNames.map { origins.isSecret($0, rules) })
        secretLabels = StageTable(labelSets.touchedNames.map { origins.isSecret($0, rules) })
        aliases = origins.aliases(rules)
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        _ = line.scan(&entry)
        let ranges = line.ranges
        maskRegisters(&entry, ranges)
        maskLabels(&entry, ranges)
        maskTarget(&entry)
        if entry.metadata.count > 0 { maskMetadata(&entry, ranges) }
        if !ranges.isEmpty {
            counter.add(ranges.count)
            entry.replaceLine(with: mask.apply(ranges, to: entry.line, entry.arena))
        }
        return .keep
    }

    // MARK: - Extracted values, labels, metadata

    private func maskRegisters(_ entry: inout Entry, _ ranges: MaskRanges) {
        for index in 0..<secretRegisters.items.count {
            let value = entry.registers[index]
            guard value.kind != .absent, value.kind != .null, !value.raw.isEmpty else { continue }
            if secretRegisters.items[index] {
                let text = value.kind == .escapedString ? entry.text(Slot(index: index)) : value.raw
                entry.registers[index] = .string(mask.replacement(for: text ?? value.raw, entry.arena))
            } else if value.raw.lies(in: entry.line) {
                if !ranges.isEmpty { maskPart(value, ranges, &entry, index) }
            } else if let text = entry.text(Slot(index: index)), let masked = masked(text, entry.arena) {
                entry.registers[index] = .string(masked)
            }
        }
    }

    /// Masks a value that stands in the line as it is masked there.
    private func maskPart(_ value: Value, _ ranges: MaskRanges, _ entry: inout Entry, _ index: Int) {
        switch mask.clip(ranges, to: value.raw, entry.arena) {
        case .untouched: return
        case .replaced(let text): entry.registers[index] = .string(text)
        // What was JSON stays JSON: whole values in it were replaced.
        case .partly(let text): entry.registers[index] = Value(value.kind, text)
        }
    }

    private func maskLabels(_ entry: inout Entry, _ ranges: MaskRanges) {
        for index in 0..<secretLabels.items.count {
            guard let text = entry.label(LabelSlot(index: index)), !text.isEmpty,
                let masked = masked(text, isSecret: secretLabels.items[index], &entry, ranges)
            else { continue }
            entry.setLabel(LabelSlot(index: index), to: masked)
        }
    }

    /// Masks labels of the target that no stage touches; found once for each target.
    private mutating func maskTarget(_ entry: inout Entry) {
        let arena = entry.arena
        var base = base
        base.apply(to: &entry, labelSets) { labels in
            var isChanged = false
            let masked = labels.map { label in
                let value = Bytes.with(label.value) { value -> [UInt8]? in
                    guard !value.isEmpty else { return nil }
                    return origins.isSecret(label.name, rules)
                        ? mask.replacement(for: value, arena).array : self.masked(value, arena)?.array
                }
                isChanged = isChanged || value != nil
                return (label.name, value ?? label.value)
            }
            return isChanged ? masked : nil
        }
        self.base = base
    }

    private func maskMetadata(_ entry: inout Entry, _ ranges: MaskRanges) {
        for index in 0..<entry.metadata.count {
            let pair = entry.metadata[index]
            guard !pair.value.isEmpty else { continue }
            let isSecret = rules.names(pair.name) || aliases.contains { Bytes.with($0) { $0 == pair.name } }
            guard let value = masked(pair.value, isSecret: isSecret, &entry, ranges) else { continue }
            entry.metadata[index] = .init(name: pair.name, value: value)
        }
    }

    /// What to put in the place of a text; nil when there is nothing to mask in it.
    private func masked(_ text: Bytes, isSecret: Bool, _ entry: inout Entry, _ ranges: MaskRanges) -> Bytes? {
        if isSecret {
            counter.add(1)
            return mask.replacement(for: text, entry.arena)
        }
        guard text.lies(in: entry.line) else { return masked(text, entry.arena) }
        if ranges.isEmpty { return nil }
        switch mask.clip(ranges, to: text, entry.arena) {
        case .untouched: return nil
        case .replaced(let masked), .partly(let masked): return masked
        }
    }

    /// The text with its secrets masked; nil when it has none.
    private func masked(_ text: Bytes, _ arena: ByteArena) -> Bytes? {
        // Without a sign there is no pair; it may be written as an escape.
        guard cbytes_find_separator(text.start, text.end) < text.end || text.firstIndex(of: 0x5C) != nil else {
            return nil
        }
        _ = values.scan(text)
        let ranges = values.ranges
        guard !ranges.isEmpty else { return nil }
        counter.add(ranges.count)
        return mask.apply(ranges, to: text, arena)
    }
}
