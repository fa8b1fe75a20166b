import Testing

@testable import Configuration

/// Sections of sources that cannot be read are checked like all others.
struct ForeignSourcesTests {
    typealias Case = AgentConfigurationMistakesTests.Case

    /// The section stands in line 4 and its keys begin in column 17.
    private static func heads(_ section: String) -> [String] {
        let client = "clients: [{url: 'http://h/x'}]\n"
        return AgentConfigurationMistakesTests.heads(client + "scrape_configs:\n  - job_name: a\n    \(section)\n")
    }

    @Test(arguments: [
        Case(
            "consul_sd_configs: [{servr: a}]",
            "4:26: error: consul_sd_configs: unknown option 'servr'; did you mean 'server'?"
        ),
        Case(
            "consul_sd_configs: [{http_headers: {Host: {values: [a]}}}]",
            "4:41: error: http_headers: 'Host' cannot be set here"
        ),
        Case(
            "consulagent_sd_configs: [{tls_config: {ca_fil: a}}]",
            "4:44: error: tls_config: unknown option 'ca_fil'; did you mean 'ca_file'?"
        ),
        Case("dns_sd_configs: [{type: A}]", "4:22: error: dns_sd_configs: 'names' is missing"),
        Case(
            "dns_sd_configs: [{names: [a], type: AAA}]",
            "4:41: error: dns_sd_configs: 'type' takes A, AAAA, MX, NS or SRV; did you mean 'AAAA'?"
        ),
        Case(
            "digitalocean_sd_configs: [{refresh_interval: 60}]",
            "4:50: error: digitalocean_sd_configs: 'refresh_interval' takes a duration such as 30s, 5m or 1d12h, "
                + "not a number"
        ),
        Case(
            "dockerswarm_sd_configs: [{host: a, role: task}]",
            "4:46: error: dockerswarm_sd_configs: 'role' takes services, tasks or nodes; did you mean 'tasks'?"
        ),
        Case(
            "dockerswarm_sd_configs: [{host: a, role: tasks, filters: [{nam: a, values: [b]}]}]",
            "4:63: error: filters: 'name' is missing"
        ),
        Case("serverset_sd_configs: [{servers: [a]}]", "4:28: error: serverset_sd_configs: 'paths' is missing"),
        Case(
            "nerve_sd_configs: [{servers: [a], paths: [b], timeout: soon}]",
            "4:60: error: nerve_sd_configs: 'timeout' takes a duration such as 30s, 5m or 1d12h"
        ),
        Case("marathon_sd_configs: [{servers: []}]", "4:37: error: marathon_sd_configs: 'servers' must not be empty"),
        Case(
            "gce_sd_configs: [{project: a, zone: b, port: http}]",
            "4:50: error: gce_sd_configs: 'port' takes a whole number"
        ),
        Case(
            "openstack_sd_configs: [{role: instances, region: a}]",
            "4:35: error: openstack_sd_configs: 'role' takes hypervisor, instance or loadbalancer; "
                + "did you mean 'instance'?"
        ),
        Case(
            "azure_sd_configs: [{subscription_id: a, tenant: b}]",
            "4:45: error: azure_sd_configs: unknown option 'tenant'; did you mean 'tenant_id'?"
        ),
        Case(
            "triton_sd_configs: [{account: a, dns_suffix: b, endpoint: c, version: one}]",
            "4:75: error: triton_sd_configs: 'version' takes a whole number"
        ),
        Case(
            "kafka: {brokers: [a], topics: [b], authentication: {type: tls}}",
            "4:63: error: authentication: 'type' takes none, ssl or sasl"
        ),
        Case(
            "kafka: {brokers: [a], topics: [b], authentication: {sasl_config: {usr: a}}}",
            "4:71: error: sasl_config: unknown option 'usr'; did you mean 'user'?"
        ),
        Case("kafka: {brokers: [a], topics: []}", "4:35: error: kafka: 'topics' must not be empty"),
        Case(
            "gcplog: {subscription_type: pul}",
            "4:33: error: gcplog: 'subscription_type' takes pull or push; did you mean 'pull'?"
        ),
    ])
    func mistakeIsTold(_ one: Case) { #expect(Self.heads(one.text).first == one.expected) }

    @Test(arguments: [
        "consul_sd_configs: [{server: 'a:8500', services: [b], node_meta: {c: d}, basic_auth: {username: e}}]",
        "dns_sd_configs: [{names: [a], type: A, port: 80, refresh_interval: 1m}]",
        "openstack_sd_configs: [{role: instance, region: a, tls_config: {insecure_skip_verify: true}}]",
        "kafka: {brokers: [a], topics: [b], authentication: {type: sasl, sasl_config: {mechanism: PLAIN, user: c}}}",
        "gcplog: {subscription_type: push, server: {http_listen_port: 80}}",
    ])
    func whatIsRightIsNotTold(_ section: String) { #expect(Self.heads(section).isEmpty) }

    @Test func everyKindIsReadOrDeclared() {
        let sections = SourceKind.allCases.map { kind in
            Self.heads("\(kind.rawValue): \(kind.isList ? "[{no_such_key: a}]" : "{no_such_key: a}")")
        }
        let areTold = sections.map { heads in heads.contains { $0.contains("unknown option 'no_such_key'") } }
        #expect(areTold.allSatisfy { $0 })
    }
}
