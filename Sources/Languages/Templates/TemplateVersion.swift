/// A version as `semver` and `semverCompare` read it: `v1.2.3-rc.1+build`, of which all but the first number may be left
/// out (semver.org, and the leniency of the library that sprig uses).
struct TemplateVersion: Equatable {
    var major: UInt64
    var minor: UInt64 = 0
    var patch: UInt64 = 0
    var prerelease = ""
    var metadata = ""

    /// Nil for what is no version.
    init?(_ text: some StringProtocol) {
        guard let parts = Parts(text), let major = parts.major else { return nil }
        guard !parts.hasWildcard else { return nil }
        self.major = major
        minor = parts.minor ?? 0
        patch = parts.patch ?? 0
        prerelease = parts.prerelease
        metadata = parts.metadata
    }

    /// -1, 0 or 1; build metadata does not count (semver.org, 10 and 11).
    func compare(_ other: TemplateVersion) -> Int {
        for (own, others) in [(major, other.major), (minor, other.minor), (patch, other.patch)] where own != others {
            return own < others ? -1 : 1
        }
        if prerelease == other.prerelease { return 0 }
        // A version is newer than its candidates.
        if prerelease.isEmpty { return 1 }
        if other.prerelease.isEmpty { return -1 }
        return Self.compare(prerelease.split(separator: "."), other.prerelease.split(separator: "."))
    }

    private static func compare(_ left: [Substring], _ right: [Substring]) -> Int {
        for (own, others) in zip(left, right) where own != others {
            switch (UInt64(own), UInt64(others)) {
            case (let one?, let other?): return one < other ? -1 : 1
            case (_?, nil): return -1
            case (nil, _?): return 1
            case (nil, nil): return own < others ? -1 : 1
            }
        }
        return left.count == right.count ? 0 : left.count < right.count ? -1 : 1
    }

    /// The parts of a version, or of one in a constraint, where `x`, `X` and `*` stand for any number.
    struct Parts {
        var major: UInt64?
        var minor: UInt64?
        var patch: UInt64?
        var prerelease = ""
        var metadata = ""
        var hasWildcard = false

        init?(_ text: some StringProtocol) {
            var rest = Substring(text)
            if rest.first == "v" { rest = rest.dropFirst() }
            if let plus = rest.firstIndex(of: "+") {
                metadata = String(rest[rest.index(after: plus)...])
                rest = rest[..<plus]
                guard Self.areIdentifiers(metadata) else { return nil }
            }
            if let dash = rest.firstIndex(of: "-") {
                prerelease = String(rest[rest.index(after: dash)...])
                rest = rest[..<dash]
                guard Self.areIdentifiers(prerelease) else { return nil }
            }
            let numbers = rest.split(separator: ".", omittingEmptySubsequences: false)
            guard (1...3).contains(numbers.count) else { return nil }
            for (index, text) in numbers.enumerated() {
                if ["x", "X", "*"].contains(text) {
                    hasWildcard = true
                    continue
                }
                guard !text.isEmpty, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let number = UInt64(text) else {
                    return nil
                }
                switch index {
                case 0: major = number
                case 1: minor = number
                default: patch = number
                }
            }
        }

        private static func areIdentifiers(_ text: String) -> Bool {
            text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x2D }
            }
        }
    }
}

/// What `semverCompare` asks of a version: `>= 1.2, < 2.0 || ^3.1`, `~1.2.x`, `1.2 - 1.4`.
struct TemplateVersionConstraint {
    fileprivate struct Test {
        let operation: Substring
        let version: TemplateVersion
        /// Numbers that are left out, or stand for any: all of them, one of them, and so on.
        let isAny: Bool
        let isDirty: Bool
        let isMinorDirty: Bool
        let isPatchDirty: Bool
    }

    /// Any of these must hold, with all of their tests.
    private let alternatives: [[Test]]

    private static let operations = ["=>", "=<", "!=", ">=", "<=", "~>", "=", ">", "<", "~", "^"]

    /// Nil for what is no constraint.
    init?(_ text: String) {
        var alternatives: [[Test]] = []
        for part in Self.withoutRanges(text).split(separator: "|", omittingEmptySubsequences: false).enumerated() {
            // Between two bars of `||` stands nothing.
            if part.offset % 2 == 1 {
                guard part.element.isEmpty else { return nil }
                continue
            }
            guard let tests = Self.tests(part.element) else { return nil }
            alternatives.append(tests)
        }
        self.alternatives = alternatives
    }

    /// `1.2 - 1.4` says `>= 1.2, <= 1.4`.
    private static func withoutRanges(_ text: String) -> String {
        var words = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        var index = 1
        while index + 1 < words.count {
            if words[index] == "-" {
                words.replaceSubrange(
                    (index - 1)...(index + 1),
                    with: [">=\(words[index - 1])", "<=\(words[index + 1])"]
                )
            }
            index += 1
        }
        return words.joined(separator: " ")
    }

    private static func tests(_ text: Substring) -> [Test]? {
        var tests: [Test] = []
        var rest = text
        while true {
            rest = rest.drop { $0 == " " || $0 == "," }
            if rest.isEmpty { return tests.isEmpty ? nil : tests }
            let operation = operations.first { rest.hasPrefix($0) } ?? ""
            rest = rest.dropFirst(operation.count).drop { $0 == " " }
            let word = rest.prefix { $0 != " " && $0 != "," }
            rest = rest.dropFirst(word.count)
            guard let parts = TemplateVersion.Parts(word) else { return nil }
            let isMinorDirty = parts.major == nil || parts.minor == nil
            let isDirty = isMinorDirty || parts.patch == nil
            let number = "\(parts.major ?? 0).\(parts.minor ?? 0).\(parts.patch ?? 0)"
            let suffix = parts.prerelease.isEmpty ? "" : "-\(parts.prerelease)"
            guard let version = TemplateVersion(number + suffix) else { return nil }
            // `*` asks for nothing, but behind `^`, where nothing is good enough for the library.
            let any = parts.major == nil && ["", "=", "~", "~>"].contains(operation)
            tests.append(
                Test(
                    operation: any ? ">=" : Substring(operation),
                    version: version,
                    isAny: parts.major == nil,
                    isDirty: isDirty,
                    isMinorDirty: isMinorDirty,
                    isPatchDirty: isDirty
                )
            )
        }
    }

    func holds(_ version: TemplateVersion) -> Bool {
        alternatives.contains { $0.allSatisfy { $0.holds(version) } }
    }
}

extension TemplateVersionConstraint.Test {
    fileprivate func holds(_ version: TemplateVersion) -> Bool {
        // Candidates count only where the constraint names one, or asks for anything but one version.
        let isExclusion = operation == "!=" && !isDirty
        if !version.prerelease.isEmpty, self.version.prerelease.isEmpty, !isExclusion { return false }
        switch operation {
        case "!=": return differs(version)
        case ">": return isGreater(version)
        case "<": return version.compare(self.version) < 0
        case ">=", "=>": return version.compare(self.version) >= 0
        case "<=", "=<": return isAtMost(version)
        case "~", "~>": return isNear(version)
        case "^": return isCompatible(version)
        default: return isDirty ? isNear(version) : version.compare(self.version) == 0
        }
    }

    private func differs(_ version: TemplateVersion) -> Bool {
        guard isDirty else { return version.compare(self.version) != 0 }
        if version.major != self.version.major { return true }
        if isMinorDirty { return false }
        return version.minor != self.version.minor
    }

    private func isGreater(_ version: TemplateVersion) -> Bool {
        guard isDirty else { return version.compare(self.version) > 0 }
        if version.major != self.version.major { return version.major > self.version.major }
        return !isMinorDirty && version.minor > self.version.minor
    }

    private func isAtMost(_ version: TemplateVersion) -> Bool {
        guard isDirty else { return version.compare(self.version) <= 0 }
        if version.major != self.version.major { return version.major < self.version.major }
        return isMinorDirty || version.minor <= self.version.minor
    }

    private func isNear(_ version: TemplateVersion) -> Bool {
        if version.compare(self.version) < 0 { return false }
        let isZero = self.version.major == 0 && self.version.minor == 0 && self.version.patch == 0
        if isZero, !isDirty { return true }
        return version.major == self.version.major && (isMinorDirty || version.minor == self.version.minor)
    }

    private func isCompatible(_ version: TemplateVersion) -> Bool {
        if isAny || version.compare(self.version) < 0 || version.major != self.version.major { return false }
        if self.version.major > 0 || isMinorDirty { return true }
        if version.minor != self.version.minor { return false }
        if self.version.minor > 0 || isPatchDirty { return true }
        return version.patch == self.version.patch
    }
}
