import Entries

/// What a stage turns the labels of targets into, found by one comparison while entries of one target come in runs.
struct BaseVariant {
    private let stage: Int
    private var base = -1
    private var epoch = -1
    private var variant = -1

    /// Takes the number of the stage, which tells its variants from those of others.
    init(stage: Int) { self.stage = stage }

    /// Gives the entry, in place of the untouched labels of its target, what `change` makes of them; nil for the same.
    @inline(__always)
    mutating func apply(
        to entry: inout Entry,
        _ labelSets: LabelSets,
        _ change: ([(name: String, value: [UInt8])]) -> [(name: String, value: [UInt8])]?
    ) {
        // Numbers of targets that have gone are given out again with the next epoch.
        if base != entry.base || epoch != labelSets.epoch {
            base = entry.base
            epoch = labelSets.epoch
            variant = labelSets.variant(of: base, stage: stage, change)
        }
        if variant != entry.base { entry.replaceBase(with: variant) }
    }
}
