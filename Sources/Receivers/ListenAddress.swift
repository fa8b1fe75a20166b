/// `host:port`, as `listen_address` has it; without a host all addresses of the machine.
struct ListenAddress {
    let host: String
    let port: Int

    /// Nil when there is no port.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        self.host = host.isEmpty ? "::" : String(host)
        self.port = port
    }
}

/// Why a receiver cannot be started, in one sentence.
package struct ReceiverError: Error, CustomStringConvertible {
    package let description: String
}
