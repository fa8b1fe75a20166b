extension JMESPathNode.Slice {
    /// The elements that the slice picks, as in Python; null for what is not an array.
    func elements(of value: JSONValue) throws(JMESPath.EvaluationError) -> JSONValue {
        guard case .array(let elements) = value else { return .null }
        let step = self.step ?? 1
        if step == 0 { throw JMESPath.EvaluationError("Invalid slice, step cannot be 0") }
        let count = elements.count
        var index = start.map { bounded($0, count, step) } ?? (step < 0 ? count - 1 : 0)
        let end = stop.map { bounded($0, count, step) } ?? (step < 0 ? -1 : count)
        var picked: [JSONValue] = []
        while step > 0 ? index < end : index > end {
            picked.append(elements[index])
            let (next, overflow) = index.addingReportingOverflow(step)
            if overflow { break }
            index = next
        }
        return .array(picked)
    }

    /// A bound as a place in the array: counted from the end when negative, and kept inside.
    private func bounded(_ bound: Int, _ count: Int, _ step: Int) -> Int {
        if bound < 0 { return max(bound + count, step < 0 ? -1 : 0) }
        return bound < count ? bound : step < 0 ? count - 1 : count
    }
}
