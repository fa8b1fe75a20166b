import Glibc

/// The proxy that applies to one URL.
struct ProxyRoute {
    /// Empty means none; libcurl would otherwise ask the environment itself.
    let url: Secret

    /// What is reached without it.
    let noProxy: String
    let connectHeaders: [NamedSecret]

    /// Go never uses a proxy that came with a list of exceptions, or from the environment, for the machine itself.
    private static let local = "localhost,127.0.0.0/8,::1"

    /// `environment` looks a variable up; nil or empty means not set.
    init(
        _ options: ProxyOptions,
        isSecure: Bool,
        environment: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
    ) {
        switch options {
        case .none:
            url = Secret("")
            noProxy = ""
            connectHeaders = []
        case .fixed(let proxy, let exceptions, let headers):
            url = proxy
            noProxy = exceptions.map { $0.isEmpty ? "" : "\($0),\(Self.local)" } ?? ""
            connectHeaders = headers
        case .environment(let headers):
            let names = isSecure ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"]
            url = Secret(names.compactMap(environment).first { !$0.isEmpty } ?? "")
            let exceptions = ["NO_PROXY", "no_proxy"].compactMap(environment).first { !$0.isEmpty }
            noProxy = exceptions.map { "\($0),\(Self.local)" } ?? Self.local
            connectHeaders = headers
        }
    }
}
