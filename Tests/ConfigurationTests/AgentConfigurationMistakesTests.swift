import Testing

@testable import Configuration

struct AgentConfigurationMistakesTests {
    /// One mistake: its place and message.
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let expected: String
        var testDescription: String { expected }

        init(_ text: String, _ expected: String) {
            self.text = text
            self.expected = expected
        }
    }

    static func heads(_ text: String) -> [String] {
        AgentConfiguration.load(text: text, file: "f", environment: { _ in nil }).diagnostics.all.map { diagnostic in
            let place = diagnostic.position.map { "\($0.line):\($0.column): " } ?? ""
            return "\(place)\(diagnostic.severity): \(diagnostic.message)"
        }
    }

    @Test(arguments: [
        Case("server: {disabled: true}", "2:10: error: server: unknown option 'disabled'; did you mean 'disable'?"),
        Case("server: {log_level: loud}", "2:21: error: server: 'log_level' takes debug, info, warn or error"),
        Case(
            "server: {http_listen_port: 70000}",
            "2:28: error: server: 'http_listen_port' is no port: ports go from 0 to 65535"
        ),
        Case("server: {disable: 'true'}", "2:19: error: server: 'disable' takes true or false"),
        Case("server: [a]", "2:9: error: 'server' takes a mapping, not a list"),
        Case("scrape_config: []", "2:1: error: unknown option 'scrape_config'; did you mean 'scrape_configs'?"),
        Case("options: {stream_lag_labels: a}", "2:11: error: options: unknown option 'stream_lag_labels'"),
        Case("positions: {sync_period: 0}", "2:26: error: positions: 'sync_period' must be longer than 0s"),
        Case(
            "positions: {sync_period: 10}",
            "2:26: warning: positions: 'sync_period' has no unit and counts nanoseconds"
        ),
        Case(
            "target_config: {sync_period: 1d}",
            "2:30: error: target_config: 'sync_period' takes a duration such as 10s, 250ms or 1h30m"
        ),
        Case(
            "global: {file_watch_config: {min_poll_frequency: 1s}}",
            "2:50: error: file_watch_config: 'min_poll_frequency' makes max_poll_frequency "
                + "shorter than min_poll_frequency"
        ),
        Case(
            "limits_config: {max_line_size: 23QB}",
            "2:32: error: limits_config: 'max_line_size' takes a size such as 512KB or 1MB"
        ),
        Case(
            "wal: {enabled: true}",
            "2:16: warning: wal: 'enabled' has no effect: positions move only when Loki has taken the entries"
        ),
        Case("scrape_configs: [{job_name: a}]", "2:18: error: scrape_configs: no kind of source"),
        Case("scrape_configs: [{journal: {labels: {a: b}}}]", "2:18: error: scrape_configs: 'job_name' is missing"),
        Case(
            "scrape_configs: [{job_name: a, journal: {labels: {a: b}}, static_configs: []}]",
            "2:41: warning: scrape_configs: 'journal' is ignored: 'static_configs' "
                + "in the same scrape config comes first"
        ),
        Case(
            "scrape_configs: [{job_name: a, journal: {max_age: 7, labels: {a: b}}}]",
            "2:51: error: journal: 'max_age' takes a duration such as 10s, 250ms or 1h30m"
        ),
        Case(
            "scrape_configs: [{job_name: a, journal: {matches: x, labels: {a: b}}}]",
            "2:51: error: journal: 'matches' takes FIELD=value, separated by spaces, each with one '='"
        ),
        Case(
            "scrape_configs: [{job_name: a, syslog: {listen_address: x, listen_protocol: sctp}}]",
            "2:77: error: syslog: 'listen_protocol' takes tcp or udp"
        ),
        Case(
            "scrape_configs: [{job_name: a, file_sd_configs: [{files: ['a*/b.json']}]}]",
            "2:59: error: file_sd_configs: 'files' has a path that cannot be used"
        ),
        Case(
            "scrape_configs: [{job_name: a, file_sd_configs: [{files: [a.yml], refresh_interval: 1.5m}]}]",
            "2:85: error: file_sd_configs: 'refresh_interval' takes a duration such as 30s, 5m or 1d12h"
        ),
        Case("scrape_configs: [{job_name: a, kafka: {topics: [a]}}]", "2:39: error: kafka: 'brokers' is missing"),
        Case(
            "scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pods}]}]",
            "2:63: error: kubernetes_sd_configs: 'role' takes pod, service, endpoints, "
                + "endpointslice, node or ingress; did you mean 'pod'?"
        ),
        Case(
            "scrape_configs: [{job_name: a, static_configs: [{labels: {'': x}}]}]",
            "2:59: error: static_configs: 'labels' has an empty label name"
        ),
        Case(
            "scrape_configs: [{job_name: a, static_configs: [], "
                + "relabel_configs: [{action: hashmod, target_label: x}]}]",
            "2:70: error: relabel_configs: 'hashmod' needs a 'modulus' above 0"
        ),
        Case(
            "scrape_configs: [{job_name: a, static_configs: [], relabel_configs: [{source_labels: [x]}]}]",
            "2:70: error: relabel_configs: 'replace' needs 'target_label'"
        ),
        Case(
            "scrape_configs: [{job_name: a, static_configs: [], "
                + "relabel_configs: [{action: labeldrop, target_label: x}]}]",
            "2:104: error: relabel_configs: 'target_label' does not go with action labeldrop"
        ),
    ])
    func areFoundInEverySection(_ c: Case) {
        #expect(Self.heads("clients: [{url: 'http://h/p'}]\n" + c.text) == [c.expected])
    }

    @Test(arguments: [
        Case("", "error: no client: nothing says where to push entries"),
        Case("clients: []", "1:10: error: no client: nothing says where to push entries"),
        Case("clients: [{}]", "1:11: error: clients: 'url' is missing"),
        Case("clients: [{url: 'h:3100'}]", "1:17: error: clients: 'url' is no http or https URL"),
        Case("clients: [{url: 'http://h'}]", "1:17: warning: clients: 'url' has no path, and none is added"),
        Case(
            "clients: [{url: 'http://h/p', batch_wait: 1s}]",
            "1:31: error: clients: unknown option 'batch_wait'; did you mean 'batchwait'?"
        ),
        Case(
            "clients: [{url: 'http://h/p', batchsize: 1MB}]",
            "1:42: error: clients: 'batchsize' takes a whole number"
        ),
        Case("clients: [{url: 'http://h/p', timeout: 0}]", "1:40: error: clients: 'timeout' must be longer than 0s"),
        Case(
            "clients: [{url: 'http://h/p', encoding: xml}]",
            "1:41: error: clients: 'encoding' takes protobuf or json"
        ),
        Case(
            "clients: [{url: 'http://h/p', basic_auth: {username: a}, oauth2: {client_id: a, token_url: b}}]",
            "1:66: error: clients: 'oauth2' is given together with 'basic_auth': at most one of them counts"
        ),
        Case(
            "clients: [{url: 'http://h/p', authorization: {type: Basic}}]",
            "1:53: error: authorization: 'type' cannot be basic"
        ),
        Case("clients: [{url: 'http://h/p', oauth2: {client_id: a}}]", "1:39: error: oauth2: 'token_url' is missing"),
        Case(
            "clients: [{url: 'http://h/p', tls_config: {cert_file: a}}]",
            "1:43: error: tls_config: a certificate needs 'key' or 'key_file' too"
        ),
        Case(
            "clients: [{url: 'http://h/p', tls_config: {min_version: TLS9}}]",
            "1:57: error: tls_config: 'min_version' takes TLS10, TLS11, TLS12 or TLS13"
        ),
        Case(
            "clients: [{url: 'http://h/p', http_headers: {Authorization: {}}}]",
            "1:46: error: http_headers: 'Authorization' cannot be set here"
        ),
        Case(
            "clients: [{url: 'http://h/p', name: a}, {url: 'http://g/p', name: a}]",
            "1:67: error: clients: name 'a' is already used in line 1"
        ),
        Case(
            "clients: [{url: 'http://h/p'}, {url: 'http://h/p'}]",
            "1:32: error: clients: the same client as in line 1"
        ),
        Case("clients: [5]", "1:11: error: clients: takes a mapping of options, not a number"),
        Case("[a]", "1:1: error: a configuration is a mapping of options, not a list"),
    ])
    func areFoundInClients(_ c: Case) {
        #expect(Self.heads(c.text) == [c.expected])
    }

    @Test func allAreReportedAtOnceAndInOrder() {
        let text = """
            clients:
              - url: http://h/p
                batchwait: 1d
            scrape_configs:
              - job_name: same
                static_configs: [{labels: {a: b}}]
              - job_name: same
                static_configs: [{label: {}}]
            server: {disable: maybe}
            server: {}
            """
        #expect(
            Self.heads(text) == [
                "3:16: error: clients: 'batchwait' takes a duration such as 10s, 250ms or 1h30m",
                "7:15: error: scrape_configs: job_name 'same' is already used in line 5",
                "8:23: error: static_configs: unknown option 'label'; did you mean 'labels'?",
                "9:19: error: server: 'disable' takes true or false",
                "10:1: error: 'server' is set twice; the first time in line 9",
            ]
        )
    }

    @Test func aReferenceInAFileWithMistakesBringsAHint() {
        #expect(
            Self.heads("clients: [{url: '${URL}'}]") == [
                "warning: the file holds '${', which is taken literally",
                "1:17: error: clients: 'url' is no http or https URL",
            ]
        )
    }

    @Test func secretsStayHidden() {
        let text = """
            clients:
              - url: http://canary:canary@h/p
                bearer_token: canary
                basic_auth: {username: a, password: canary, passwort: canary}
                headers: {X: canary, "": canary}
                timeout: canary
            """.replacing("timeout: canary", with: "timeout: 5d")
        let loaded = AgentConfiguration.load(text: text, file: "f", environment: { _ in nil })
        #expect(loaded.diagnostics.hasErrors)
        #expect(!loaded.diagnostics.render(source: text).contains("canary"))
    }
}
