import Testing

@testable import Configuration

struct AgentConfigurationTests {
    static let client = "clients: [{url: 'http://h:3100/loki/api/v1/push'}]\n"

    static func load(_ text: String, _ arguments: [String] = []) throws -> AgentConfiguration.Loaded {
        let line = try CommandLine.parse(arguments)
        return AgentConfiguration.load(
            text: text,
            file: "f.yaml",
            expandEnvironment: line.expandsEnvironment,
            flags: line.flags,
            environment: { ["JOB": "from-env"][$0] }
        )
    }

    static func read(_ text: String, _ arguments: [String] = []) throws -> AgentConfiguration {
        let loaded = try load(text, arguments)
        return try #require(loaded.configuration, "\(loaded.diagnostics.render(source: loaded.source))")
    }

    @Test func defaultsAreThoseOfPromtail() throws {
        let configuration = try Self.read(Self.client)
        let server = configuration.server
        #expect(!server.isDisabled && !server.isReloadEnabled && server.registersInstrumentation)
        #expect(server.checksTargetHealth && server.port == 80 && server.address.isEmpty && server.network == "tcp")
        #expect(server.shutdownTimeout == .seconds(30) && server.idleTimeout == .seconds(120))
        #expect(server.logLevel == "info" && server.logFormat == "logfmt" && server.pathPrefix.isEmpty)
        let client = try #require(configuration.clients.first)
        #expect(client.batchWait == .seconds(1) && client.batchBytes == 1_048_576 && client.timeout == .seconds(10))
        #expect(client.backoff.minimumPeriod == .milliseconds(500) && client.backoff.maximumPeriod == .seconds(300))
        #expect(client.backoff.maximumRetries == 10 && !client.backoff.isMaxRetriesGiven)
        #expect(client.encoding == .protobuf && client.http.followsRedirects && client.http.authorization == nil)
        #expect(configuration.positions.file == "/var/log/positions.yaml")
        #expect(configuration.positions.syncPeriod == .seconds(10))
        #expect(configuration.targets.syncPeriod == .seconds(10) && !configuration.targets.readsStandardInput)
        #expect(configuration.targets.minimumPollPeriod == .milliseconds(250))
        let limits = configuration.limits
        #expect(limits.readRate == 10_000 && limits.readBurst == 10_000 && limits.dropsAboveReadRate)
        #expect(limits.maxLineBytes == 0 && limits.maxInFlightBytes == 16 << 20)
        #expect(limits.shutdownTimeout == .seconds(30))
        #expect(configuration.scrapeConfigs.isEmpty && configuration.tests == nil)
    }

    @Test func scrapeConfigsAreRead() throws {
        let text =
            Self.client + """
                scrape_configs:
                  - job_name: 123
                    pipeline_stages: [{json: {expressions: {a: }}}, {labels: {a: }}]
                    static_configs: [{targets: [a, b], labels: {job: 5, __path__: /x}}, {}]
                    relabel_configs: [{source_labels: [a], target_label: b, action: Replace}]
                    encoding: utf-16le
                    decompression: {enabled: true, format: gz, initial_delay: 2s}
                  - job_name: j
                    journal: {max_age: 1h, matches: A=b C=d, labels: {x: y}}
                  - job_name: s
                    syslog: {listen_address: ':1514', tls_config: {cert_file: c, key_file: k, ca_file: a}}
                  - job_name: p
                    loki_push_api: {server: {http_listen_port: 3500}, labels: {a: b}}
                  - job_name: d
                    docker_sd_configs: [{host: 'unix:///x', filters: [{name: label, values: [a]}]}]
                  - job_name: k
                    kubernetes_sd_configs: [{role: pod, namespaces: {names: [n]}}]
                  - job_name: g
                    gelf: {}
                """
        let configs = try Self.read(text).scrapeConfigs
        #expect(configs.map(\.jobName) == ["123", "j", "s", "p", "d", "k", "g"])
        #expect(configs[0].pipelineStages.count == 2)
        #expect(configs[0].staticGroups.map(\.targets) == [["a", "b"], ["localhost"]])
        #expect(configs[0].staticGroups[0].labels == ["job": "5", "__path__": "/x"])
        #expect(configs[0].relabelRules.first?.action == .replace)
        #expect(configs[0].relabelRules.first?.regex == "(.*)")
        #expect(configs[0].encoding == "utf-16le" && configs[0].decompression?.format == .gz)
        #expect(configs[1].journal?.maxAge == .seconds(3600))
        #expect(configs[1].journal?.matches.map(\.field) == ["A", "C"])
        #expect(configs[2].syslog?.tls?.clientAuthType == "RequireAndVerifyClientCert")
        #expect(configs[2].syslog?.maxMessageBytes == 8192)
        #expect(configs[3].pushAPI?.server.port == 3500)
        #expect(configs[4].docker.first?.refreshInterval == .seconds(60))
        #expect(configs[5].kubernetes.first?.namespaces == ["n"])
        #expect(configs[6].kinds == [.gelf] && configs[6].unsupportedKinds.isEmpty)
        #expect(configs.flatMap(\.unsupportedKinds) == [])
    }

    @Test func explicitFlagsOverrideTheFile() throws {
        let text = Self.client + "server: {log_level: warn, http_listen_port: 1}\npositions: {filename: a}\n"
        let configuration = try Self.read(
            text,
            ["-server.http-listen-port=9080", "-positions.file=b", "-stdin", "-max-line-size=1KB"]
        )
        #expect(configuration.server.port == 9080 && configuration.server.logLevel == "warn")
        #expect(configuration.positions.file == "b" && configuration.targets.readsStandardInput)
        #expect(configuration.limits.maxLineBytes == 1024)
    }

    @Test func theDeprecatedClientIsAppended() throws {
        let url = "-client.url=http://flag/loki/api/v1/push"
        let only = try Self.read("", [url, "-client.max-retries=3"])
        #expect(only.clients.map(\.url?.host) == ["flag"])
        #expect(only.clients[0].backoff.isMaxRetriesGiven && only.clients[0].backoff.maximumRetries == 3)
        #expect(!only.clients[0].http.followsRedirects)
        let text = Self.client + "client: {url: 'http://block/x', timeout: 3s, external_labels: {a: block}}\n"
        let both = try Self.read(text, [url])
        #expect(both.clients.map(\.url?.host) == ["h:3100", "flag"])
        #expect(both.clients[1].timeout == .seconds(3) && both.clients[1].http.followsRedirects)
        #expect(both.clients[0].externalLabels == ["a": "block"])
    }

    @Test func externalLabelsOfTheFlagYieldToThoseOfTheClient() throws {
        let text = "clients: [{url: 'http://h/p', external_labels: {a: own}}]\n"
        let configuration = try Self.read(text, ["-client.external-labels=a=flag,b=flag"])
        #expect(configuration.clients[0].externalLabels == ["a": "own", "b": "flag"])
    }

    @Test func theEnvironmentIsExpandedOnlyOnDemand() throws {
        let text = Self.client + "positions: {filename: '${JOB}'}\n"
        #expect(try Self.read(text, ["-config.expand-env=true"]).positions.file == "from-env")
        #expect(try Self.read(text).positions.file == "${JOB}")
    }

    @Test func httpOptionsAreRead() throws {
        let text = """
            clients:
              - url: https://h/p
                name: a
                headers: {X-A: b}
                basic_auth: {username: u, password_file: /f}
                tls_config: {ca_file: c, insecure_skip_verify: true, min_version: TLS12}
                proxy_url: http://proxy
                backoff_config: {max_retries: 0}
              - url: https://h/p
                bearer_token: t
                encoding: json
              - url: https://h/p
                oauth2: {client_id: i, client_secret: s, token_url: u, scopes: [x]}
            """
        let clients = try Self.read(text).clients
        #expect(clients[0].http.authorization == .basic(username: .inline(Secret("u")), password: .file("/f")))
        #expect(clients[0].headers.map(\.name) == ["X-A"])
        #expect(clients[0].http.tls?.skipsVerification == true)
        #expect(clients[0].backoff.isMaxRetriesGiven && clients[0].backoff.maximumRetries == 0)
        #expect(clients[0].backoff.minimumPeriod == .milliseconds(500))
        #expect(clients[1].http.authorization == .header(type: "Bearer", credentials: .inline(Secret("t"))))
        #expect(clients[1].encoding == .json)
        guard case .oauth2(let oauth2) = clients[2].http.authorization else {
            Issue.record("no oauth2")
            return
        }
        #expect(oauth2.scopes == ["x"])
        #expect(!"\(clients)".contains("Secret(\"t\")"))
    }

    @Test func filesThatCannotBeReadAreDiagnostics() {
        let missing = AgentConfiguration.load("/nonexistent/a.yaml,/nonexistent/b.yaml")
        #expect(missing.configuration == nil)
        #expect(
            missing.diagnostics.render(source: "") == """
                /nonexistent/a.yaml,/nonexistent/b.yaml: error: the file does not exist
                      = help: look at the spelling; a path without '/' in front begins at the folder sluice is started in

                """
        )
        #expect(
            AgentConfiguration.load("/nonexistent/a.yaml,/").diagnostics.render(source: "")
                == "/: error: is a folder, not a configuration file\n      = help: name a file in it\n"
        )
        #expect(AgentConfiguration.load("").diagnostics.hasErrors)
    }
}
