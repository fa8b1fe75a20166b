/// Finds what a misspelt name was probably meant to be.
package enum Suggestion {
    /// The candidate nearest to `name`; nil when none is near enough to be worth naming.
    ///
    /// Case, underscores and hyphens do not count. Otherwise up to a third of the letters (at least one, at most
    /// three) may be wrong, missing, too many or swapped with their neighbour.
    package static func nearest(_ name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = folded(name)
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        let bound = min(3, max(1, wanted.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != name {
            let other = folded(candidate)
            // Each letter more or less is a step by itself.
            guard abs(other.count - wanted.count) <= bound else { continue }
            let distance = distance(wanted, other)
            if distance <= bound, distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.name ?? longer(name, among: candidates)
    }

    /// The only candidate that begins with `name` and a further word, where somebody has left the rest out.
    private static func longer(_ name: String, among candidates: some Sequence<String>) -> String? {
        guard name.utf8.count >= 4 else { return nil }
        let longer = candidates.filter { $0.hasPrefix(name.lowercased() + "_") }
        return longer.count == 1 ? longer[0] : nil
    }

    /// `; did you mean 'x'?`, or nothing, to end a message with.
    package static func question(_ name: String, among candidates: some Sequence<String>) -> String {
        nearest(name, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
    }

    private static func folded(_ name: String) -> [UInt8] {
        name.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    }

    /// Damerau-Levenshtein distance, restricted to one swap of two neighbours.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + [Int](repeating: 0, count: right.count)
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                current[column] = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    current[column] = min(current[column], beforeLast[column - 2] + 1)
                }
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
