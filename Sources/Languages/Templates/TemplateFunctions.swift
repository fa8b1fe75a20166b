/// All functions by name: Go's own, Promtail's and sprig's.
struct TemplateFunctions {
    private var functions: [String: TemplateFunction] = [:]

    // Written once, before the first template is parsed, and only read afterwards.
    static let table: [String: TemplateFunction] = {
        var all = TemplateFunctions()
        all.addComparisons()
        all.addCore()
        all.addStrings()
        all.addWords()
        all.addNumbers()
        all.addLists()
        all.addSlices()
        all.addMaps()
        all.addKinds()
        all.addEncodings()
        all.addPatterns()
        all.addPaths()
        all.addDates()
        // Promtail's own last: some take the place of others' functions of the same name.
        all.addPromtail()
        return all.functions
    }()

    /// Functions of sprig that a log shipper has no business running for each line: keys, certificates, passwords, DNS.
    static let leftOut: Set<String> = [
        "bcrypt", "htpasswd", "genPrivateKey", "derivePassword", "buildCustomCert", "genCA", "genCAWithKey",
        "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey", "encryptAES",
        "decryptAES", "getHostByName",
    ]

    mutating func add(_ name: String, _ count: Int, _ body: @escaping TemplateFunction.Body) {
        functions[name] = TemplateFunction(name: name, minimum: count, maximum: count, body: body)
    }

    mutating func add(_ name: String, _ counts: ClosedRange<Int>, _ body: @escaping TemplateFunction.Body) {
        functions[name] = TemplateFunction(
            name: name,
            minimum: counts.lowerBound,
            maximum: counts.upperBound,
            body: body
        )
    }

    mutating func add(_ name: String, _ counts: PartialRangeFrom<Int>, _ body: @escaping TemplateFunction.Body) {
        functions[name] = TemplateFunction(name: name, minimum: counts.lowerBound, maximum: nil, body: body)
    }

    /// The same function under other names.
    mutating func alias(_ name: String, _ others: String...) {
        guard let function = functions[name] else { return }
        for other in others {
            functions[other] = TemplateFunction(
                name: other,
                minimum: function.minimum,
                maximum: function.maximum,
                body: function.body
            )
        }
    }

    static func help(forUnknown name: String) -> String? {
        if leftOut.contains(name) {
            return "\(name) is left out on purpose: keys, passwords and look-ups have no place in a pipeline"
        }
        let wanted = Array(name.lowercased().utf8)
        let bound = max(1, min(3, wanted.count / 3))
        let nearest = table.keys.map { ($0, distance(wanted, Array($0.lowercased().utf8), bound: bound)) }
            .filter { $0.1 <= bound }.min { ($0.1, $0.0) < ($1.1, $1.0) }
        return nearest.map { "did you mean \($0.0)?" }
    }

    /// Levenshtein distance; more than `bound` where the lengths alone say so.
    private static func distance(_ left: [UInt8], _ right: [UInt8], bound: Int) -> Int {
        if abs(left.count - right.count) > bound { return bound + 1 }
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (byte == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
