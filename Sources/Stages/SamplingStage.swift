import Configuration
import Entries
import Languages

/// Keeps a share of the entries.
///
/// Each entry is decided by a random number of its own, as in Promtail, or, with `by`, by a hash of an extracted value:
/// all entries with the same value, say of one request, are kept or dropped together, on every host and by every
/// version. That hash is XXH64 with seed 0 over the bytes of the value; an entry is kept when it is below `rate` times
/// 2^64. An entry whose value is missing or empty is decided by a random number.
///
/// Beyond Promtail: `by`, `keep` and `rate_metadata`.
struct SamplingStage: Stage {
    static let spec = StageSpec(
        name: "sampling",
        summary: "Keeps a share of the entries, each for itself or all with the same value together.",
        options: [
            .optional("rate", .number, default: "0", "Share of the entries that is kept, from 0 to 1."),
            .optional(
                "by",
                .string,
                "Extracted value that decides: entries are kept where XXH64(value, seed 0) < rate * 2^64. Without a value chance decides."
            ),
            .optional(
                "keep",
                .mapping,
                "Extracted value: list of texts, whatever their case, e.g. level: [error, warn]. Such entries are always kept."
            ),
            .optional(
                "rate_metadata",
                .string,
                "Name in the structured metadata for the rate at which an entry was kept (1 by 'keep'), to scale counts back."
            ),
            .optional(
                "drop_counter_reason",
                .string,
                default: "sampling_stage",
                "Reason by which the drops are counted."
            ),
        ],
        isWeak: true,
        examples: [
            StageExample(
                """
                - logfmt: {mapping: {request: , level: }}
                - sampling: {rate: 0.5, by: request, keep: {level: [error]}}
                """,
                input: [
                    "request=a level=info", "request=b level=info", "request=b level=error",
                    "request=a level=info again",
                ],
                output: ["request=b level=info", "request=b level=error"]
            )
        ]
    )

    private struct AlwaysKept {
        let slot: Slot
        /// In lower case.
        let text: Bytes
    }

    private let sampler: Sampler
    private let by: Slot?
    private let alwaysKept: StageTable<AlwaysKept>
    private var random: RandomNumbers
    private let metadata: RateMetadata?
    /// What `metadata` points to.
    private let texts: [StageText]
    private let reason: DropID

    /// The pair that tells the rate.
    private struct RateMetadata: BitwiseCopyable {
        let name: Bytes
        let rate: Bytes
        /// The rate of what is always kept.
        let whole: Bytes
    }

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        let rate = options.number("rate") ?? 0
        guard rate >= 0, rate <= 1 else { throw options.mistake("rate", "must lie between 0 and 1") }
        if !options.isGiven("rate") {
            compiler.diagnostics.add(
                options.mistake("'rate' is missing, so all entries are dropped", help: "write 'rate: 0.1' for a tenth")
                    .asWarning
            )
        }
        sampler = Sampler(rate: rate)
        by = try options.sourceSlot(compiler, "by")
        alwaysKept = try Self.alwaysKept(options, compiler)
        random = compiler.randomNumbers()
        reason = options.dropID(compiler, usual: "sampling_stage")
        guard let name = options.string("rate_metadata") else {
            metadata = nil
            texts = []
            return
        }
        guard LabelName.isValid(name) else {
            throw options.mistake("rate_metadata", "is not a valid name", help: LabelName.rule)
        }
        texts = [StageText(name), StageText(GoNumber.decimal(rate)), StageText("1")]
        metadata = RateMetadata(name: texts[0].bytes, rate: texts[1].bytes, whole: texts[2].bytes)
    }

    private static func alwaysKept(
        _ options: Options,
        _ compiler: PipelineCompiler
    ) throws(Diagnostic) -> StageTable<AlwaysKept> {
        var list: [AlwaysKept] = []
        var texts: [StageText] = []
        for pair in options.node("keep")?.pairs ?? [] {
            guard let name = pair.key.scalar?.text, !name.isEmpty else {
                throw options.mistake("keep", at: pair.key, "takes names of extracted values")
            }
            let slot = compiler.slot(name)
            for item in pair.value.items ?? [pair.value] {
                guard let scalar = item.scalar, !item.isNull else {
                    throw options.mistake("keep", at: item, "takes a list of texts for '\(name)'")
                }
                let text = StageText(scalar.text.utf8.map { LetterCase.lowered($0) })
                texts.append(text)
                list.append(AlwaysKept(slot: slot, text: text.bytes))
            }
        }
        return StageTable(list, keeping: texts)
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        if isAlwaysKept(&entry) {
            if let metadata { _ = entry.metadata.append(metadata.name, metadata.whole) }
            return .keep
        }
        guard sampler.keeps(number(for: &entry)) else { return .drop(reason) }
        if let metadata { _ = entry.metadata.append(metadata.name, metadata.rate) }
        return .keep
    }

    private func isAlwaysKept(_ entry: inout Entry) -> Bool {
        for item in alwaysKept.items {
            if let text = entry.text(item.slot), LetterCase.isEqual(text, toLower: item.text) { return true }
        }
        return false
    }

    private mutating func number(for entry: inout Entry) -> UInt64 {
        if let by, let value = entry.text(by), !value.isEmpty { return Hashing.xxh64(value) }
        return random.next()
    }
}
