/// Server and credentials of the current context of a kubeconfig file (kubernetes.io, "Organizing Cluster Access Using
/// kubeconfig Files").
package struct Kubeconfig: Sendable, Equatable {
    /// URL of the API server.
    package let server: String
    package let authority: Material?
    package let certificate: Material?
    package let key: Material?
    package let token: Token?
    package let skipsVerification: Bool

    /// PEM in a file, or in Base64.
    package enum Material: Sendable, Equatable {
        case file(String)
        case base64(String)
    }

    package enum Token: Sendable, Equatable {
        case inline(String)
        case file(String)
    }

    /// Reads the file.
    ///
    /// - Throws: a sentence about what is missing; never a credential.
    package static func load(_ path: String) throws(Diagnostic) -> Kubeconfig {
        let file = try ConfigurationFile(firstOf: path)
        return try Kubeconfig(text: file.text, file: path)
    }

    package init(text: String, file: String) throws(Diagnostic) {
        var diagnostics = Diagnostics(file: file)
        let root = YAMLParser.parse(YAMLSource(text, file: file), into: &diagnostics)
        if let first = diagnostics.all.first(where: { $0.severity == .error }) { throw first }
        func missing(_ what: String) -> Diagnostic {
            Diagnostic(file: file, position: nil, message: "kubeconfig: \(what)", help: "see 'kubectl config view'")
        }
        guard let context = root?["current-context"]?.scalar?.text, !context.isEmpty else {
            throw missing("there is no current-context")
        }
        guard let chosen = Self.find(context, in: root?["contexts"], "context") else {
            throw missing("there is no context '\(context)'")
        }
        guard let name = chosen["cluster"]?.scalar?.text,
            let cluster = Self.find(name, in: root?["clusters"], "cluster")
        else { throw missing("the context '\(context)' has no cluster") }
        guard let server = cluster["server"]?.scalar?.text, server.hasPrefix("http") else {
            throw missing("the cluster '\(name)' has no server")
        }
        self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
        authority = Self.material("certificate-authority", in: cluster)
        skipsVerification = cluster["insecure-skip-tls-verify"]?.scalar?.text == "true"
        let user = chosen["user"]?.scalar.flatMap { Self.find($0.text, in: root?["users"], "user") }
        if user?["exec"] != nil || user?["auth-provider"] != nil {
            throw missing("a user that asks a program for credentials cannot be used; give it a token or a certificate")
        }
        certificate = user.flatMap { Self.material("client-certificate", in: $0) }
        key = user.flatMap { Self.material("client-key", in: $0) }
        token =
            user?["tokenFile"]?.scalar.map { .file($0.text) } ?? user?["token"]?.scalar.map { .inline($0.text) }
    }

    private static func find(_ name: String, in list: YAMLNode?, _ key: String) -> YAMLNode? {
        list?.items?.first { $0["name"]?.scalar?.text == name }?[key]
    }

    private static func material(_ key: String, in node: YAMLNode) -> Material? {
        node["\(key)-data"]?.scalar.map { .base64($0.text) } ?? node[key]?.scalar.map { .file($0.text) }
    }
}
