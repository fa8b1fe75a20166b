import CBytes
package import Entries
import Glibc

/// Every label set that entries of one pipeline have, numbered in order of appearance.
///
/// A label set is a *base* (the labels of a target, or what `labelallow` left of them) and the values of the labels
/// that stages touch. The number is found by one hash over the latter; what depends on the labels (stream text, push
/// header, counters) is kept by others in arrays indexed by that number and made once.
///
/// Bounded: at ``limit`` sets or ``byteLimit`` bytes of values, or when many targets have gone, numbering starts anew (``epoch`` grows) and whoever
/// indexes by number starts anew too. Belongs to the thread of its pipeline.
package final class LabelSets {
    /// Label sets remembered at a time.
    package static let limit = 16_384
    /// Bytes of label values remembered at a time.
    private static let byteLimit = 4 * 1024 * 1024

    /// Grows when all numbers become void.
    package private(set) var epoch = 0
    /// How many label sets have been numbered since the start; a value far above ``limit`` means a label of high cardinality.
    package private(set) var created = 0
    /// Names of the labels that stages touch, by ``LabelSlot``.
    package private(set) var touchedNames: [String] = []
    /// Names of the extracted map that have a register, by ``Slot``.
    package private(set) var registerNames: [String] = []

    private var bases: [LabelBase?] = []
    /// The images of `bases`, without references to count.
    private var images = UnsafeMutablePointer<LabelBase.Images>.allocate(capacity: 16)
    private var imageCapacity = 16
    private var freeBases: [Int] = []
    private var retiredBases: [Int] = []
    private var variants: [VariantKey: Int] = [:]
    /// For each variant the base it was made from.
    private var origins: [Int: Int] = [:]
    /// For each register the slot of the label of the same name; -1 where stages touch no such label.
    private var labelOfRegister: UnsafeMutablePointer<Int32>?

    private struct VariantKey: Hashable {
        let base: Int
        let stage: Int
    }

    private struct Record {
        let hash: UInt64
        let base: Int
        /// The digests of the values: the start of the block that also holds the values and their texts, so that
        /// comparing them takes one miss of the cache.
        let digests: UnsafeMutablePointer<ValueDigest>
        let values: UnsafeMutablePointer<Value>
    }
    private let records = UnsafeMutablePointer<Record>.allocate(capacity: LabelSets.limit)
    private var recordCount = 0
    private var recordBytes = 0
    private let table = UnsafeMutablePointer<Int32>.allocate(capacity: LabelSets.limit * 2)
    private var last = -1
    /// The digests of the values that are being looked up.
    private var sought = UnsafeMutablePointer<ValueDigest>.allocate(capacity: 0)
    private var soughtCapacity = 0

    package init() { table.initialize(repeating: -1, count: Self.limit * 2) }

    deinit {
        forgetRecords()
        for base in bases { base?.deallocate() }
        table.deallocate()
        records.deallocate()
        images.deallocate()
        sought.deallocate()
        labelOfRegister?.deallocate()
    }

    // MARK: - Compiling

    /// The slot of a label that a stage reads or writes.
    func labelSlot(_ name: String) -> LabelSlot {
        if let index = touchedNames.firstIndex(of: name) { return LabelSlot(index: index) }
        touchedNames.append(name)
        return LabelSlot(index: touchedNames.count - 1)
    }

    /// The register of a name of the extracted map.
    func slot(_ name: String) -> Slot {
        if let index = registerNames.firstIndex(of: name) { return Slot(index: index) }
        registerNames.append(name)
        return Slot(index: registerNames.count - 1)
    }

    /// The register of a name; nil when no stage has asked for it.
    func register(named name: String) -> Slot? {
        registerNames.firstIndex(of: name).map { Slot(index: $0) }
    }

    // MARK: - Bases

    /// Takes the labels of a target; called after compiling, since the images depend on all slots.
    package func addBase(_ labels: [(name: String, value: [UInt8])]) -> Int {
        let base = LabelBase(labels, touched: touchedNames, registers: registerNames)
        if let free = freeBases.popLast() {
            bases[free] = base
            images[free] = base.images
            return free
        }
        bases.append(base)
        if bases.count > imageCapacity {
            let larger = UnsafeMutablePointer<LabelBase.Images>.allocate(capacity: imageCapacity * 2)
            larger.moveInitialize(from: images, count: bases.count - 1)
            images.deallocate()
            images = larger
            imageCapacity *= 2
        }
        (images + bases.count - 1).initialize(to: base.images)
        return bases.count - 1
    }

    /// Forgets a target's labels once nothing of it is in the pipeline any more.
    package func removeBase(_ number: Int) {
        retire(number)
        if retiredBases.count >= 256 { startAnew() }
    }

    private func retire(_ number: Int) {
        retiredBases.append(number)
        for (key, variant) in variants where key.base == number {
            variants[key] = nil
            origins[variant] = nil
            if variant != number { retire(variant) }
        }
    }

    func base(_ number: Int) -> LabelBase {
        guard let base = bases[number] else { preconditionFailure("base \(number) was removed") }
        return base
    }

    /// Fills the register and label files with what an entry of this base starts with.
    @inline(__always)
    func layOut(_ number: Int, in files: UnsafeMutablePointer<Value>) { images[number].copy(to: files) }

    /// Gives an entry that was just laid out the number of its label set, which holds until a stage touches its labels.
    @inline(__always)
    func numberUntouched(_ entry: inout Entry) {
        let known = images[entry.base].untouchedSet
        entry.labelSet = Int(known)
        if known < 0 {
            let base = entry.base
            images[base].untouchedSet = Int32(truncatingIfNeeded: number(of: &entry))
        }
    }

    /// Copies the labels that the entry has now into its extracted map, as at the start of every nested pipeline
    /// (stages.md 0.2): they take the place of extracted values of the same name.
    func copyLabels(into entry: inout Entry) {
        let slots = labelOfRegister ?? findLabelsOfRegisters()
        let untouched = images[entry.base].registers
        for index in 0..<entry.registerCount {
            let slot = Int(slots[index])
            let value = slot >= 0 ? entry.labels[slot] : untouched[index]
            if value.isPresent { entry.registers[index] = value }
        }
    }

    /// Made once all stages are compiled and all names are known.
    private func findLabelsOfRegisters() -> UnsafeMutablePointer<Int32> {
        let slots = UnsafeMutablePointer<Int32>.allocate(capacity: max(registerNames.count, 1))
        slots.initialize(repeating: -1, count: max(registerNames.count, 1))
        for (index, name) in registerNames.enumerated() {
            if let slot = touchedNames.firstIndex(of: name) { slots[index] = Int32(slot) }
        }
        labelOfRegister = slots
        return slots
    }

    /// The number of what a stage makes of the labels of base `number`.
    ///
    /// Made by `change` once and then remembered; `number` itself where `change` gives nil. `stage` tells several such
    /// stages apart.
    func variant(
        of number: Int,
        stage: Int,
        _ change: ([(name: String, value: [UInt8])]) -> [(name: String, value: [UInt8])]?
    ) -> Int {
        let key = VariantKey(base: number, stage: stage)
        if let known = variants[key] { return known }
        let made = change(base(number).labels).map { addBase($0) } ?? number
        variants[key] = made
        origins[made] = origins[number] ?? number
        return made
    }

    /// Labels of the entry's target that have no register: the extracted map holds them all the same.
    func unregisteredLabels(of entry: Entry) -> [(name: String, value: [UInt8])] {
        base(origins[entry.base] ?? entry.base).labels.filter { register(named: $0.name) == nil }
    }

    // MARK: - Label sets

    /// The number of the entry's label set; remembered in the entry until its labels change.
    @inline(__always)
    package func number(of entry: inout Entry) -> Int {
        // By way of a copy: numbering may start anew, which resets `last`.
        var guess = last
        let found = number(of: &entry, guess: &guess)
        last = guess
        return found
    }

    /// The same for a stage, whose entries have other labels than those that leave the pipeline; `guess` is what the
    /// stage was told last, -1 at first.
    @inline(__always)
    func number(of entry: inout Entry, guess: inout Int) -> Int {
        if entry.labelSet >= 0 { return entry.labelSet }
        let hash = digest(entry.base, entry.labels, entry.labelCount)
        let isGuessed = guess >= 0 && guess < recordCount && matches(guess, &entry, hash)
        let found = isGuessed ? guess : find(&entry, hash)
        guess = found
        entry.labelSet = found
        return found
    }

    /// Digests the values of an entry's labels into `sought`; gives a hash over all of them.
    @inline(__always)
    private func digest(_ base: Int, _ labels: UnsafeMutablePointer<Value>, _ count: Int) -> UInt64 {
        if count > soughtCapacity { growSought(to: count) }
        let sought = self.sought
        var hash = UInt64(bitPattern: Int64(base)) &* 0x9E37_79B9_7F4A_7C15
        for slot in 0..<count {
            let digest = ValueDigest(labels[slot])
            sought[slot] = digest
            hash = digest.mixed(into: hash)
        }
        return hash
    }

    private func growSought(to count: Int) {
        sought.deallocate()
        sought = .allocate(capacity: count)
        soughtCapacity = count
    }

    /// Whether the entry, whose digests are in `sought`, has the label set of that number.
    @inline(__always)
    private func matches(_ index: Int, _ entry: inout Entry, _ hash: UInt64) -> Bool {
        let record = records + index
        guard record.pointee.hash == hash, record.pointee.base == entry.base else { return false }
        let digests = record.pointee.digests
        var isLong = false
        for slot in 0..<entry.labelCount {
            guard digests[slot].isSame(as: sought[slot]) else { return false }
            isLong = isLong || digests[slot].isLong
        }
        return !isLong || matchesInFull(record, &entry)
    }

    @inline(never)
    private func matchesInFull(_ record: UnsafeMutablePointer<Record>, _ entry: inout Entry) -> Bool {
        for slot in 0..<entry.labelCount
        where !record.pointee.values[slot].hasSameText(as: entry.labels[slot]) { return false }
        return true
    }

    /// The number of the label set whose digests are in `sought`; a new one where it is not known.
    @inline(never)
    private func find(_ entry: inout Entry, _ hash: UInt64) -> Int {
        let mask = Self.limit * 2 - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while table[place] >= 0 {
            let index = Int(table[place])
            if matches(index, &entry, hash) { return index }
            place = (place + 1) & mask
        }
        if recordCount >= Self.limit || recordBytes > Self.byteLimit {
            startAnew()
            return find(&entry, hash)
        }
        table[place] = Int32(recordCount)
        (records + recordCount).initialize(to: record(of: &entry, hash: hash))
        recordCount += 1
        created += 1
        return recordCount - 1
    }

    private func record(of entry: inout Entry, hash: UInt64) -> Record {
        let count = entry.labelCount
        let total = (0..<count).reduce(0) { $0 + entry.labels[$1].raw.count }
        recordBytes += total
        let digestBytes = count * MemoryLayout<ValueDigest>.stride
        let valueBytes = count * MemoryLayout<Value>.stride
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: digestBytes + valueBytes + total,
            alignment: MemoryLayout<ValueDigest>.alignment
        )
        let digests = block.bindMemory(to: ValueDigest.self, capacity: count)
        let values = (block + digestBytes).bindMemory(to: Value.self, capacity: count)
        var next = (block + digestBytes + valueBytes).bindMemory(to: UInt8.self, capacity: total)
        for slot in 0..<count {
            let value = entry.labels[slot]
            memcpy(next, value.raw.start, value.raw.count)
            (digests + slot).initialize(to: sought[slot])
            (values + slot).initialize(to: Value(value.kind, Bytes(next, count: value.raw.count)))
            next += value.raw.count
        }
        return Record(hash: hash, base: entry.base, digests: digests, values: values)
    }

    private func startAnew() {
        forgetRecords()
        for number in retiredBases {
            bases[number]?.deallocate()
            bases[number] = nil
            freeBases.append(number)
        }
        retiredBases.removeAll()
        for number in bases.indices { images[number].untouchedSet = -1 }
        table.update(repeating: -1, count: Self.limit * 2)
        last = -1
        epoch += 1
    }

    private func forgetRecords() {
        for index in 0..<recordCount { UnsafeMutableRawPointer(records[index].digests).deallocate() }
        recordCount = 0
        recordBytes = 0
    }

    /// All labels of a numbered set, sorted by name bytewise; a label without a name or value set stays out.
    package func labels(of number: Int) -> [(name: String, value: [UInt8])] {
        let record = records[number]
        var all = base(record.base).labels.filter { !touchedNames.contains($0.name) }
        for (slot, name) in touchedNames.enumerated() where record.values[slot].isPresent {
            all.append((name, record.values[slot].raw.array))
        }
        return all.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
    }
}

extension Entry {
    /// A number that differs where the target or a label differs, chance aside.
    var labelHash: UInt64 { Self.labelHash(base, labels, labelCount) }

    /// The same from the parts: a call on an entry copies all of it first.
    @inline(__always)
    static func labelHash(_ base: Int, _ labels: UnsafeMutablePointer<Value>, _ count: Int) -> UInt64 {
        var hash = UInt64(bitPattern: Int64(base)) &* 0x9E37_79B9_7F4A_7C15
        for slot in 0..<count {
            let text = labels[slot].raw
            hash = cbytes_hash(text.start, text.end, hash ^ UInt64(labels[slot].kind.rawValue))
        }
        return hash
    }
}
