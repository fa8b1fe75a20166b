/// Kinds that find targets by asking a service; the keys are those of Prometheus.
extension ForeignSources {
    private static let refresh = OptionSpec.optional(
        "refresh_interval",
        .prometheusDuration,
        "How often targets are listed."
    )
    private static let port = OptionSpec.optional("port", .integer, "Port of the targets.")
    private static let tls = ["tls_config": ForeignSection([], family: .tls)]

    private static let zooKeeper = ForeignSection(
        [
            .required("servers", .stringList, "Addresses of ZooKeeper."),
            .required("paths", .stringList, "Paths to look at."),
        ] + OptionSpec.ignored(.prometheusDuration, "timeout")
    )

    /// What Consul's catalogue and its agents share.
    private static let consulSpecs =
        [refresh] + OptionSpec.ignored(.string, "server", "datacenter", "tag_separator", "scheme", "username")
        + OptionSpec.ignored(.secret, "token", "password") + OptionSpec.ignored(.bool, "allow_stale")
        + OptionSpec.ignored(.stringList, "services", "tags") + OptionSpec.ignored(.stringMap, "node_meta")

    private static let swarmFilters = ForeignSection([
        .required("name", .string, "Name of the filter."),
        .required("values", .stringList, "Values of the filter."),
    ])

    private static let openStackSpecs =
        [
            refresh, port, .required("role", .string, "hypervisor, instance or loadbalancer."),
            .required("region", .string, "Region of OpenStack."),
        ]
        + OptionSpec.ignored(.string, "identity_endpoint", "username", "userid", "project_name", "project_id")
        + OptionSpec.ignored(.string, "domain_name", "domain_id", "availability")
        + OptionSpec.ignored(.string, "application_credential_name", "application_credential_id")
        + OptionSpec.ignored(.secret, "password", "application_credential_secret")
        + OptionSpec.ignored(.bool, "all_tenants") + OptionSpec.ignored(.mapping, "tls_config")

    static let discoveries: [(SourceKind, ForeignSection)] = [
        (
            .consul,
            ForeignSection(
                consulSpecs + OptionSpec.ignored(.string, "path_prefix", "namespace", "partition", "filter"),
                words: ["scheme": ["http", "https"]],
                family: .http
            )
        ),
        (
            .consulAgent,
            ForeignSection(
                consulSpecs + OptionSpec.ignored(.mapping, "tls_config"),
                words: ["scheme": ["http", "https"]],
                sections: tls
            )
        ),
        (
            .dns,
            ForeignSection(
                [refresh, port, .required("names", .stringList, "Names to ask for.")]
                    + OptionSpec.ignored(.string, "type"),
                words: ["type": ["A", "AAAA", "MX", "NS", "SRV"]]
            )
        ),
        (.digitalOcean, ForeignSection([refresh, port], family: .http)),
        (
            .dockerSwarm,
            ForeignSection(
                [
                    refresh, port, .required("host", .string, "Address of the daemon."),
                    .required("role", .string, "services, tasks or nodes."),
                ] + OptionSpec.ignored(.mappings, "filters"),
                words: ["role": ["services", "tasks", "nodes"]],
                sections: ["filters": swarmFilters],
                family: .http
            )
        ),
        (.serverSet, zooKeeper), (.nerve, zooKeeper),
        (
            .marathon,
            ForeignSection(
                [refresh, .required("servers", .stringList, "URLs of Marathon.")]
                    + OptionSpec.ignored(.secret, "auth_token") + OptionSpec.ignored(.string, "auth_token_file"),
                family: .http
            )
        ),
        (
            .gce,
            ForeignSection(
                [
                    refresh, port, .required("project", .string, "Project of Google Cloud."),
                    .required("zone", .string, "Zone of the targets."),
                ] + OptionSpec.ignored(.string, "filter", "tag_separator")
            )
        ),
        (
            .openStack,
            ForeignSection(
                openStackSpecs,
                words: [
                    "role": ["hypervisor", "instance", "loadbalancer"],
                    "availability": ["public", "admin", "internal"],
                ],
                sections: tls
            )
        ),
        (
            .azure,
            ForeignSection(
                [refresh, port, .required("subscription_id", .string, "Subscription of Azure.")]
                    + OptionSpec.ignored(.string, "environment", "tenant_id", "client_id", "authentication_method")
                    + OptionSpec.ignored(.string, "resource_group") + OptionSpec.ignored(.secret, "client_secret"),
                words: ["authentication_method": ["OAuth", "ManagedIdentity", "SDK"]],
                family: .http
            )
        ),
        (
            .triton,
            ForeignSection(
                [
                    refresh, port, .required("account", .string, "Account to look at."),
                    .required("dns_suffix", .string, "Suffix of the targets' names."),
                    .required("endpoint", .string, "Address of Triton."),
                ] + OptionSpec.ignored(.string, "role") + OptionSpec.ignored(.integer, "version")
                    + OptionSpec.ignored(.stringList, "groups") + OptionSpec.ignored(.mapping, "tls_config"),
                words: ["role": ["container", "cn"]],
                sections: tls
            )
        ),
    ]
}
