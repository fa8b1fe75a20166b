package import Configuration
package import Receivers

/// What the reader of an engine needs to know, and whom it tells.
package struct ContainerSource: Sendable {
    package let options: DockerOptions
    package let rules: [RelabelRule]
    /// Bytes of a line; the rest is left out, and counted.
    package let longestLine: Int
    package let sink: any MessageSink
    package let counts: ContainerCounts
    package let tell: @Sendable (ContainerNotice) -> Void

    /// - Precondition: the rules compile.
    package init(
        _ options: DockerOptions,
        rules: [RelabelRule],
        longestLine: Int,
        sink: any MessageSink,
        counts: ContainerCounts,
        tell: @escaping @Sendable (ContainerNotice) -> Void
    ) {
        self.options = options
        self.rules = rules
        self.longestLine = longestLine
        self.sink = sink
        self.counts = counts
        self.tell = tell
    }

    /// Whether requests can be made as the options ask for; otherwise a sentence about what is missing.
    package static func problem(_ options: DockerOptions) -> String? {
        if options.http.authorization != nil || !options.http.headers.isEmpty {
            return
                "docker_sd_configs: a login or headers cannot be used with an engine yet; use a unix socket or tls_config"
        }
        guard Endpoint(engine: options.host, tls: options.http.tls) != nil else {
            return "docker_sd_configs: 'host' takes unix:///path, tcp://host:port, http:// or https://"
        }
        return nil
    }
}
