/// Which keys of a configuration hold secrets, and where a secret may stand in a line of it.
enum SecretKeys {
    private static let names: Set<String> = [
        "password", "bearer_token", "credentials", "client_secret", "secret", "secrets", "token", "api_token",
        "auth_token", "connection_string", "authorization_header", "client_certificate_key", "sasl_password",
        "application_credential_secret",
    ]
    /// Mappings whose values are all secret.
    private static let holders: Set<String> = ["headers", "http_headers", "proxy_connect_header", "endpoint_params"]

    /// Whether the value at the end of a path of keys is secret, or part of a secret.
    static func isSecret(_ path: [String]) -> Bool {
        let keys = path.map { $0.lowercased() }
        if keys.contains(where: names.contains) || keys.dropLast().contains(where: holders.contains) { return true }
        return keys.last == "key" && keys.contains { $0.hasSuffix("tls_config") }
    }

    /// Whether a line that is nested in `parents` is part of a secret from its first letter on.
    static func hidesWholeLine(_ line: [Unicode.Scalar], parents: [String]) -> Bool {
        parents.contains(where: names.contains) || (parents.contains(where: holders.contains) && keys(in: line).isEmpty)
    }

    /// From the value of the first secret key of a line to the line's end, so that no quoting can mislead.
    static func firstValue(in line: [Unicode.Scalar], parents: [String]) -> Range<Int>? {
        var areAllSecret = parents.contains(where: holders.contains)
        let isInTLS = parents.contains { $0.hasSuffix("tls_config") }
        for (key, valueStart) in keys(in: line) {
            let isSecret = areAllSecret || names.contains(key) || (isInTLS && key == "key")
            if isSecret, valueStart < line.count { return valueStart..<line.count }
            if holders.contains(key) { areAllSecret = true }
        }
        return nil
    }

    /// The part between `://` and the last `@` before the path of a URL.
    static func userInformation(in line: [Unicode.Scalar]) -> Range<Int>? {
        guard line.count > 3 else { return nil }
        for index in 0..<(line.count - 3) where line[index...].starts(with: [":", "/", "/"]) {
            let start = index + 3
            let rest = line[start...].prefix {
                !$0.properties.isWhitespace && !["/", "?", "#", "'", "\""].contains($0)
            }
            if let at = rest.lastIndex(of: "@"), at > start { return start..<at }
        }
        return nil
    }

    /// The key that a line begins with, behind dashes.
    static func key(atStartOf line: ArraySlice<Unicode.Scalar>) -> String? {
        keys(in: Array(line)).first?.key
    }

    /// Words followed by a colon, each with the index where its value starts.
    private static func keys(in line: [Unicode.Scalar]) -> [(key: String, valueStart: Int)] {
        var found: [(key: String, valueStart: Int)] = []
        for colon in line.indices where line[colon] == ":" {
            let next = colon + 1
            guard next == line.count || [" ", "\t", "\"", "'"].contains(line[next]) else { continue }
            let isQuote: (Unicode.Scalar) -> Bool = { $0 == "'" || $0 == "\"" }
            let before = line[..<colon].reversed().drop { isQuote($0) || $0 == " " }
            let word = before.prefix {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || "_-.".unicodeScalars.contains($0)
            }
            let key = String(String.UnicodeScalarView(word.reversed())).lowercased()
            let blanks = line[next...].prefix { $0 == " " || $0 == "\t" }.count
            if !key.isEmpty { found.append((key, next + blanks)) }
        }
        return found
    }
}
