import Configuration
import Glibc

/// How the API server is reached: as the configuration says, by a kubeconfig file, or as the cluster tells every pod.
struct KubernetesAccess {
    /// What a pod finds of its service account.
    private static let account = "/var/run/secrets/kubernetes.io/serviceaccount"

    let endpoint: Endpoint
    /// Of this program; nil outside of a cluster.
    let ownNamespace: String?

    struct Problem: Error { let text: String }

    init(_ options: KubernetesOptions) throws(Problem) {
        ownNamespace = Self.read("\(Self.account)/namespace")
        var endpoint: Endpoint
        if let server = options.apiServer {
            endpoint = Endpoint(base: server.hasSuffix("/") ? String(server.dropLast()) : server)
        } else if let path = options.kubeconfigFile {
            let file: Kubeconfig
            do throws(Diagnostic) {
                file = try Kubeconfig.load(path)
            } catch {
                throw Problem(text: "\(path): \(error.message)")
            }
            endpoint = try Self.endpoint(file)
        } else {
            endpoint = try Self.cluster()
        }
        endpoint.use(options.http.tls)
        if let authorization = options.http.authorization {
            guard case .header(let type, let credentials) = authorization else {
                throw Problem(text: "takes 'authorization' or 'bearer_token_file', no other kind of login")
            }
            endpoint.authorization = {
                switch credentials {
                case .inline(let secret): "\(type) \(secret.revealed)"
                case .file(let path): Self.read(path).map { "\(type) \($0)" }
                case nil: nil
                }
            }
        }
        self.endpoint = endpoint
    }

    private static func cluster() throws(Problem) -> Endpoint {
        guard let host = variable("KUBERNETES_SERVICE_HOST"), let port = variable("KUBERNETES_SERVICE_PORT") else {
            throw Problem(
                text: "this program runs in no cluster (KUBERNETES_SERVICE_HOST is not set); give 'api_server' or "
                    + "'kubeconfig_file'"
            )
        }
        let name = host.contains(":") ? "[\(host)]" : host
        var endpoint = Endpoint(base: "https://\(name):\(port)", authority: .file("\(account)/ca.crt"))
        // Kubernetes changes the token every hour.
        endpoint.authorization = { read("\(account)/token").map { "Bearer \($0)" } }
        return endpoint
    }

    private static func endpoint(_ file: Kubeconfig) throws(Problem) -> Endpoint {
        var endpoint = Endpoint(base: file.server)
        endpoint.authority = try material(file.authority)
        endpoint.certificate = try material(file.certificate)
        endpoint.key = try material(file.key)
        endpoint.checksCertificate = !file.skipsVerification
        switch file.token {
        case .inline(let token): endpoint.authorization = { "Bearer \(token)" }
        case .file(let path): endpoint.authorization = { read(path).map { "Bearer \($0)" } }
        case nil: break
        }
        return endpoint
    }

    private static func material(_ material: Kubeconfig.Material?) throws(Problem) -> Endpoint.Material? {
        switch material {
        case nil: return nil
        case .file(let path): return .file(path)
        case .base64(let text):
            guard let bytes = Base64.decoded(text) else { throw Problem(text: "kubeconfig: data that is no Base64") }
            return .text(bytes)
        }
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A small file without white space around it; nil if it cannot be read or is empty.
    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = Glibc.read(file, &bytes, bytes.count)
        let text = String(decoding: bytes[..<max(0, count)], as: UTF8.self)
        let trimmed = text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
        return trimmed.isEmpty ? nil : String(trimmed)
    }
}

/// RFC 4648, section 4.
enum Base64 {
    /// Line breaks are passed over; nil for other bytes that do not belong there.
    static func decoded(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for byte in text.utf8 {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "): continue
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}
