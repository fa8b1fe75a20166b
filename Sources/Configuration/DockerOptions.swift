/// Containers of a Docker or Podman daemon: an item of `docker_sd_configs`.
package struct DockerOptions: Hashable, Sendable {
    package struct Filter: Hashable, Sendable {
        package let name: String
        package let values: [String]
    }

    /// `unix:///var/run/docker.sock`, `tcp://...` or `http://...`.
    package let host: String
    /// Port of containers that publish none.
    package let port: Int
    package let filters: [Filter]
    package let hostNetworkingHost: String
    package let matchesFirstNetwork: Bool
    package let refreshInterval: Duration
    package let http: HTTPClientOptions

    private static let specs: [OptionSpec] =
        [
            .required("host", .string, "Address of the daemon, such as unix:///var/run/docker.sock."),
            .optional("port", .integer, default: "80", "Port of containers that publish none."),
            .optional("filters", .mappings, "Which containers."),
            .optional("host_networking_host", .string, default: "localhost", "Host name of host networking."),
            .optional("match_first_network", .bool, default: "true", "Takes only the first network of a container."),
            .optional("refresh_interval", .prometheusDuration, default: "60s", "How often containers are listed."),
        ] + HTTPClientOptions.specs
    private static let filterSpecs: [OptionSpec] = [
        .required("name", .string, "Name of the filter."),
        .required("values", .stringList, "Values of the filter."),
    ]

    init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "docker_sd_configs", specs: Self.specs, diagnostics: &diagnostics)
        host = options.text("host")
        port = options.count("port")
        hostNetworkingHost = options.text("host_networking_host")
        matchesFirstNetwork = options.isTrue("match_first_network")
        refreshInterval = options.time("refresh_interval")
        filters = options.each("filters", &diagnostics) { node, diagnostics in
            let one = Options(section: node, "filters", specs: Self.filterSpecs, diagnostics: &diagnostics)
            return Filter(name: one.text("name"), values: one.strings("values") ?? [])
        }
        http = HTTPClientOptions(options, into: &diagnostics)
        options.checkIsNotEmpty("host", &diagnostics)
        options.checkPort("port", &diagnostics)
        options.checkIsPositive("refresh_interval", &diagnostics)
        if options.isGiven("host"), !host.isEmpty, !host.contains("://") {
            diagnostics.add(options.mistake("host", "is no URL", help: "write it like unix:///var/run/docker.sock"))
        }
    }
}
