/// The kinds of source a scrape config can have, by their key; where several are given the first of this order counts.
package enum SourceKind: String, CaseIterable, Sendable {
    case staticFiles = "static_configs"
    case fileDiscovery = "file_sd_configs"
    case kubernetes = "kubernetes_sd_configs"
    case consul = "consul_sd_configs"
    case consulAgent = "consulagent_sd_configs"
    case dns = "dns_sd_configs"
    case digitalOcean = "digitalocean_sd_configs"
    case dockerSwarm = "dockerswarm_sd_configs"
    case serverSet = "serverset_sd_configs"
    case nerve = "nerve_sd_configs"
    case marathon = "marathon_sd_configs"
    case gce = "gce_sd_configs"
    case openStack = "openstack_sd_configs"
    case azure = "azure_sd_configs"
    case triton = "triton_sd_configs"
    case journal = "journal"
    case syslog = "syslog"
    case gcplog = "gcplog"
    case pushAPI = "loki_push_api"
    case windowsEvents = "windows_events"
    case kafka = "kafka"
    case azureEventHubs = "azure_event_hubs"
    case gelf = "gelf"
    case cloudflare = "cloudflare"
    case docker = "docker_sd_configs"
    case heroku = "heroku_drain"

    /// Whether targets of this kind are files, named by the label `__path__`.
    package var findsFiles: Bool {
        switch self {
        case .staticFiles, .fileDiscovery, .kubernetes, .consul, .consulAgent, .dns, .digitalOcean, .dockerSwarm,
            .serverSet, .nerve, .marathon, .gce, .openStack, .azure, .triton:
            true
        default: false
        }
    }

    /// Whether this version reads entries of this kind; the rest is checked and then refused.
    package var isSupported: Bool {
        switch self {
        case .staticFiles, .fileDiscovery, .journal, .syslog, .pushAPI, .gelf, .docker,
            .kubernetes:
            true
        default: false
        }
    }

    /// Whether the section is a list of mappings rather than one mapping.
    var isList: Bool { rawValue.hasSuffix("_configs") }

    /// `static_configs, file_sd_configs ...`, for the sentence that refuses the others.
    package static var supportedNames: String {
        allCases.filter(\.isSupported).map(\.rawValue).joined(separator: ", ")
    }
}
