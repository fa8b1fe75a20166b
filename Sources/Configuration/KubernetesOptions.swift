/// Targets from the Kubernetes API: an item of `kubernetes_sd_configs`.
package struct KubernetesOptions: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable, CaseIterable {
        case pod, service, endpoints, endpointslice, node, ingress
    }

    package struct Selector: Hashable, Sendable {
        package let role: String
        package let label: String
        package let field: String
    }

    package let role: Role
    /// Nil: the cluster this program runs in.
    package let apiServer: String?
    package let kubeconfigFile: String?
    package let usesOwnNamespace: Bool
    /// Empty: all.
    package let namespaces: [String]
    package let selectors: [Selector]
    package let attachesNodeMetadata: Bool
    package let attachesNamespaceMetadata: Bool
    package let http: HTTPClientOptions

    private static let specs: [OptionSpec] =
        [
            .required("role", .string, "pod, service, endpoints, endpointslice, node or ingress."),
            .optional("api_server", .string, "URL of the API server."),
            .optional("kubeconfig_file", .string, "File with server and credentials."),
            .optional("namespaces", .mapping, "Namespaces to look at."),
            .optional("selectors", .mappings, "Label and field selectors by role."),
            .optional("attach_metadata", .mapping, "Labels of the objects around a target."),
        ] + HTTPClientOptions.specs
    private static let namespaceSpecs: [OptionSpec] = [
        .optional("own_namespace", .bool, default: "false", "The namespace this program runs in."),
        .optional("names", .stringList, "Names of namespaces."),
    ]
    private static let selectorSpecs: [OptionSpec] = [
        .optional("role", .string, default: "", "Role that the selector is for."),
        .optional("label", .string, default: "", "Label selector."),
        .optional("field", .string, default: "", "Field selector."),
    ]
    private static let metadataSpecs: [OptionSpec] = ["node", "namespace", "deployment", "job", "cronjob"].map {
        .optional($0, .bool, default: "false", "Attaches labels of the \($0).")
    }

    init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "kubernetes_sd_configs", specs: Self.specs, diagnostics: &diagnostics)
        role = Role(rawValue: options.text("role")) ?? .pod
        apiServer = options.string("api_server")
        kubeconfigFile = options.string("kubeconfig_file")
        let space = Options(
            section: options.node("namespaces"),
            "namespaces",
            specs: Self.namespaceSpecs,
            diagnostics: &diagnostics
        )
        usesOwnNamespace = space.isTrue("own_namespace")
        namespaces = space.strings("names") ?? []
        selectors = options.each("selectors", &diagnostics) { node, diagnostics in
            let one = Options(section: node, "selectors", specs: Self.selectorSpecs, diagnostics: &diagnostics)
            return Selector(role: one.text("role"), label: one.text("label"), field: one.text("field"))
        }
        let metadata = Options(
            section: options.node("attach_metadata"),
            "attach_metadata",
            specs: Self.metadataSpecs,
            diagnostics: &diagnostics
        )
        attachesNodeMetadata = metadata.isTrue("node")
        attachesNamespaceMetadata = metadata.isTrue("namespace")
        http = HTTPClientOptions(options, into: &diagnostics)
        options.check("role", isOneOf: Role.allCases.map(\.rawValue), &diagnostics)
        options.checkIsNotEmpty("role", &diagnostics)
        options.checkAtMostOne(["api_server", "kubeconfig_file"], &diagnostics)
    }
}
