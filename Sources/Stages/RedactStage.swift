import CBytes
import Configuration
import Entries
import Glibc
import Languages

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
                "keys", .stringList, "Words that make a key secret. Default: password, apiKey, token, secret, authorization."),
            .optional("allow", .stringList, "Whole names of keys that are never masked, e.g. tokens_total."),
            .optional("replacement", .string, default: "[REDACTED]", "What stands in for each value."),
            .optional("mode", .string, default: "mask", "mask, or hash: HMAC-SHA-256, equal values stay recognisable."),
            .optional("hash_key_file", .string, "File with the key for mode hash, at least 16 bytes."),
            .optional("hash_key_env", .string, "Environment variable with the key for mode hash."),
        ],
        isStrict: true,
        examples: [
            StageExample(
                "- redact:", input: [#"{"user":"ann","password":"hunter2"}"#],
                output: [#"{"user":"ann","password":"[REDACTED]"}"#]),
            StageExample(
                "- redact: {allow: [tokens_total]}", input: ["GET /?access_token=abc&x=1 tokens_total=5"],
                output: ["GET /?access_token=[REDACTED]&x=1 tokens_total=5"]),
        ]
    )

    private let rules: RedactionRules
    private let mask: Mask
    private let line: LineScan
    /// Scans values that do not stand in the line.
    private let values: UnsafeMutablePointer<JSONScanner>
    private let labelSets: LabelSets
    private var secretSlots: UnsafeMutableBufferPointer<Bool>?
    private var secretLabels: [Bool] = []
    private let counter: RedactionCounter

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        rules = RedactionRules(
            keys: options.strings("keys") ?? RedactionRules.defaultKeys, allow: options.strings("allow") ?? [])
        guard rules.shortestWord < Int.max else {
            throw options.mistake("keys", "names no key", help: "leave it out for the default keys")
        }
        mask = try Mask(options)
        if compiler.lineScan.claim(rules) {
            line = compiler.lineScan
        } else {
            line = LineScan()
            _ = line.claim(rules)
            line.prepare()
        }
        values = .allocate(capacity: 1)
        values.initialize(to: JSONScanner(paths: PathTree(), rules: rules))
        labelSets = compiler.labelSets
        counter = compiler.redactionCounter
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        _ = line.scan(entry)
        let ranges = line.ranges
        maskRegisters(entry, ranges)
        maskLabels(&entry)
        maskMetadata(entry)
        if !ranges.isEmpty {
            counter.add(ranges.count)
            entry.replaceLine(with: mask.apply(ranges, to: entry.line, entry.arena))
        }
        return .keep
    }

    // MARK: - Extracted values, labels, metadata

    private mutating func maskRegisters(_ entry: Entry, _ ranges: MaskRanges) {
        let secret = secretSlots ?? findSecretNames()
        for index in 0..<entry.registerCount {
            let value = entry.registers[index]
            guard value.kind != .absent, value.kind != .null else { continue }
            if secret[index] {
                entry.registers[index] = .string(mask.replacement(for: value.raw, entry.arena))
            } else if value.raw.start >= entry.line.start, value.raw.end <= entry.line.end {
                guard !ranges.isEmpty, let text = mask.clip(ranges, to: value.raw, entry.arena) else { continue }
                entry.registers[index] = Value(value.kind == .escapedString ? .escapedString : .string, text)
            } else if let text = masked(value.raw, entry.arena) {
                entry.registers[index] = .string(text)
            }
        }
    }

    /// The text with its secrets masked; nil when it has none.
    private func masked(_ text: Bytes, _ arena: ByteArena) -> Bytes? {
        // Every rule looks for a key and a separator: most values have none.
        guard cbytes_find_separator(text.start, text.end) < text.end else { return nil }
        _ = values.pointee.scan(text)
        let ranges = values.pointee.ranges
        guard !ranges.isEmpty else { return nil }
        counter.add(ranges.count)
        return mask.apply(ranges, to: text, arena)
    }

    private func maskLabels(_ entry: inout Entry) {
        for index in 0..<entry.labelCount {
            guard let text = entry.label(LabelSlot(index: index)), !text.isEmpty else { continue }
            if secretLabels[index] {
                counter.add(1)
                entry.setLabel(LabelSlot(index: index), to: mask.replacement(for: text, entry.arena))
            } else if let changed = masked(text, entry.arena) {
                entry.setLabel(LabelSlot(index: index), to: changed)
            }
        }
    }

    private func maskMetadata(_ entry: Entry) {
        for index in 0..<entry.metadata.count {
            let pair = entry.metadata[index]
            if rules.names(pair.name) {
                counter.add(1)
                entry.metadata[index] = .init(name: pair.name, value: mask.replacement(for: pair.value, entry.arena))
            } else if let changed = masked(pair.value, entry.arena) {
                entry.metadata[index] = .init(name: pair.name, value: changed)
            }
        }
    }

    /// Judges all names once; only now are all stages compiled and all slots known.
    private mutating func findSecretNames() -> UnsafeMutableBufferPointer<Bool> {
        let names = labelSets.registerNames
        let table = UnsafeMutableBufferPointer<Bool>.allocate(capacity: max(names.count, 1))
        table.initialize(repeating: false)
        for (index, name) in names.enumerated() { table[index] = isSecret(name) }
        secretSlots = table
        secretLabels = labelSets.touchedNames.map { isSecret($0) }
        return table
    }

    private func isSecret(_ name: String) -> Bool { Bytes.with(Array(name.utf8)) { rules.names($0) } }
}
