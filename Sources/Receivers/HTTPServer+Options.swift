package import Configuration
package import HTTPServer

extension HTTPServer.Limits {
    /// The bounds that a `server` section gives: connections, and how long a peer may take.
    ///
    /// Go counts reading and writing apart from waiting; here a request has to come in within the longer of the two
    /// timeouts of reading, and a connection may be quiet as long as it may be idle.
    package init(_ options: ServerOptions) {
        self.init()
        if options.connectionLimit > 0 { connections = options.connectionLimit }
        requestSeconds = Self.seconds(max(options.readTimeout, options.readHeaderTimeout)) ?? requestSeconds
        idleSeconds = Self.seconds(options.idleTimeout) ?? idleSeconds
    }

    /// Whole seconds, at least one; nil for no time at all, which means the usual one.
    private static func seconds(_ duration: Duration) -> Int64? {
        guard duration > .zero else { return nil }
        let (seconds, attoseconds) = duration.components
        return max(1, attoseconds > 0 ? seconds + 1 : seconds)
    }
}

extension ServerOptions {
    /// The address to bind: all of the machine's, of the family that `http_listen_network` asks for, unless one is given.
    package var bindAddress: String {
        guard address.isEmpty else { return address }
        return network == "tcp4" ? "0.0.0.0" : ""
    }
}
