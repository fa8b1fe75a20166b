/// One place to push entries to: an item of `clients`, or the deprecated `client`.
package struct ClientOptions: Hashable, Sendable {
    /// The form of the push body.
    package enum Encoding: String, Hashable, Sendable { case protobuf, json }

    /// Nil when not given; the name shown is then made from the rest.
    package let name: String?
    package internal(set) var url: PushURL?
    /// Longest time an entry waits for its batch to fill.
    package internal(set) var batchWait: Duration
    package internal(set) var batchBytes: Int
    /// Headers of each push, in file order.
    package let headers: [Header]
    package internal(set) var backoff: BackoffOptions
    /// Labels that every stream gets unless it has them.
    package internal(set) var externalLabels: [String: String]
    package internal(set) var timeout: Duration
    package internal(set) var tenantID: String
    package internal(set) var dropsRateLimitedBatches: Bool
    package let encoding: Encoding
    package internal(set) var http: HTTPClientOptions

    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: Secret
    }

    static let specs: [OptionSpec] =
        [
            .optional("name", .string, "Name in metrics and logs; unique."),
            .optional("url", .secret, "Where to push, with its path: http://loki:3100/loki/api/v1/push."),
            .optional("batchwait", .duration, default: "1s", "Longest time before a batch is sent."),
            .optional("batchsize", .integer, default: "1048576", "Bytes of a full batch."),
            .optional("headers", .stringMap, "Headers of each push."),
            .optional("backoff_config", .mapping, "Waits between attempts."),
            .optional("external_labels", .labels, "Labels that every stream gets."),
            .optional("timeout", .duration, default: "10s", "Longest time one push may take."),
            .optional("tenant_id", .string, default: "", "X-Scope-OrgID of each push."),
            .optional("drop_rate_limited_batches", .bool, default: "false", "Drops what Loki answers with 429."),
            .optional("encoding", .string, default: "protobuf", "Body of the push: protobuf or json."),
        ] + HTTPClientOptions.specs

    init(_ node: YAMLNode?, section: String, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, section, specs: Self.specs, diagnostics: &diagnostics)
        name = options.string("name").flatMap { $0.isEmpty ? nil : $0 }
        url = options.string("url").flatMap(PushURL.init)
        batchWait = options.time("batchwait")
        batchBytes = options.count("batchsize")
        headers = (options.map("headers") ?? []).map { Header(name: $0.key, value: Secret($0.value ?? "")) }
        backoff = BackoffOptions(options.node("backoff_config"), into: &diagnostics)
        externalLabels = options.labels("external_labels")
        timeout = options.time("timeout")
        tenantID = options.text("tenant_id")
        dropsRateLimitedBatches = options.isTrue("drop_rate_limited_batches")
        encoding = Encoding(rawValue: options.text("encoding")) ?? .protobuf
        http = HTTPClientOptions(options, into: &diagnostics)
        Self.check(options, url, &diagnostics)
    }

    /// What only `-client.url` asks for: defaults, and no redirects (as Promtail, where the file would set them).
    init(url: PushURL) {
        var unused = Diagnostics(file: "")
        self.init(nil, section: "client", into: &unused)
        self.url = url
        http.followsRedirects = false
    }

    private static func check(_ options: Options, _ url: PushURL?, _ diagnostics: inout Diagnostics) {
        if options.isGiven("url") {
            if url == nil {
                let example = "http://loki:3100/loki/api/v1/push"
                diagnostics.add(options.mistake("url", "is no http or https URL", help: "write it like \(example)"))
            } else if url?.path == "" || url?.path == "/" {
                var warning = options.mistake(
                    "url",
                    "has no path, and none is added",
                    help: "end it in /loki/api/v1/push"
                )
                warning.severity = .warning
                diagnostics.add(warning)
            }
        } else if options.subject == "clients", options.isReadable {
            diagnostics.add(options.mistake("'url' is missing", help: "name Loki's push endpoint"))
        }
        options.check("encoding", isOneOf: ["protobuf", "json"], &diagnostics)
        options.checkIsPositive("timeout", &diagnostics)
        options.checkIsNotNegative("batchwait", &diagnostics)
        for header in options.map("headers") ?? [] {
            let isToken = !header.key.isEmpty && header.key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
            if !isToken { diagnostics.add(Diagnostic(at: header.keyNode, "clients: 'headers' has an invalid name")) }
            if header.value?.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) == true {
                diagnostics.add(Diagnostic(at: header.keyNode, "clients: 'headers' has a line break in a value"))
            }
        }
    }
}
