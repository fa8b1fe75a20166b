/// Where a client pushes to: an HTTP URL, used as written, nothing appended.
package struct PushURL: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The whole URL; may hold a password.
    package let text: String
    package let isSecure: Bool
    /// Host, and port if one is written.
    package let host: String
    /// From the first slash on, without query; empty when there is none.
    package let path: String
    private let hasUser: Bool

    /// Nil unless `text` is an http or https URL with a host.
    package init?(_ text: String) {
        let lowered = text.prefix(8).lowercased()
        isSecure = lowered.hasPrefix("https://")
        guard isSecure || lowered.hasPrefix("http://") else { return nil }
        guard !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) else { return nil }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let hostPart = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard !hostPart.isEmpty, !hostPart.hasPrefix(":") else { return nil }
        self.text = text
        host = String(hostPart)
        hasUser = hostPart.count < authority.count
        path = String(rest.dropFirst(authority.count).prefix { $0 != "?" && $0 != "#" })
    }

    /// The URL with `********` for user and password, and without its query.
    package var description: String {
        "\(isSecure ? "https" : "http")://\(hasUser ? "********@" : "")\(host)\(path)"
    }

    package var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}
