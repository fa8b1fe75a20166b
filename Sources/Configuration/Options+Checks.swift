/// Checks that several sections share; what is wrong goes to the diagnostics.
extension Options {
    /// At most one of `names` may be given; the second and later ones are mistakes.
    func checkAtMostOne(_ names: [String], _ diagnostics: inout Diagnostics) {
        let given = names.filter(isGiven)
        guard let first = given.first else { return }
        for name in given.dropFirst() {
            diagnostics.add(mistake(name, "is given together with '\(first)': at most one of them counts"))
        }
    }

    /// The text of `name`, if it has any, must be one of `words`.
    func check(_ name: String, isOneOf words: [String], _ diagnostics: inout Diagnostics) {
        guard isGiven(name), let text = string(name), !text.isEmpty, !words.contains(text) else { return }
        let question = Suggestion.question(text, among: words)
        diagnostics.add(mistake(name, "takes \(Self.alternatives(words))\(question)"))
    }

    /// `a, b or c`.
    static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return "\(words.dropLast().joined(separator: ", ")) or \(last)"
    }

    func checkPort(_ name: String, _ diagnostics: inout Diagnostics) {
        guard let port = integer(name), !(0...65_535).contains(port) else { return }
        diagnostics.add(mistake(name, "is no port: ports go from 0 to 65535"))
    }

    func checkIsPositive(_ name: String, _ diagnostics: inout Diagnostics) {
        guard let value = duration(name), value <= .zero else { return }
        diagnostics.add(mistake(name, "must be longer than 0s"))
    }

    func checkIsNotNegative(_ name: String, _ diagnostics: inout Diagnostics) {
        guard let value = duration(name), value < .zero else { return }
        diagnostics.add(mistake(name, "must not be negative"))
    }

    func checkIsNotEmpty(_ name: String, _ diagnostics: inout Diagnostics) {
        if isGiven(name), string(name)?.isEmpty == true || strings(name)?.isEmpty == true {
            diagnostics.add(mistake(name, "must not be empty"))
        }
    }
}
