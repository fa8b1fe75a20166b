import NIOCore
package import NIOSSL

/// Certificates of a server, read and ready to use.
package struct ServerTLS: Sendable {
    /// Where a certificate or key comes from, as PEM.
    package enum Source: Sendable {
        case text(String)
        case file(String)
    }

    /// Which certificates clients must show; Go's names for it.
    package enum ClientPolicy: String, Sendable {
        case none = "NoClientCert"
        case requested = "RequestClientCert"
        case any = "RequireAnyClientCert"
        case verifiedIfGiven = "VerifyClientCertIfGiven"
        case verified = "RequireAndVerifyClientCert"
    }

    private let context: NIOSSLContext
    private let takesAnyCertificate: Bool

    /// Reads everything; TLS 1.2 and later is spoken, as Go does.
    ///
    /// - Throws: what cannot be used, in one sentence.
    package init(
        certificate: Source,
        key: Source,
        clientAuthority: Source?,
        policy: ClientPolicy
    ) throws(HTTPServer.StartError) {
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try Self.certificates(certificate).map { .certificate($0) },
                privateKey: .privateKey(try Self.privateKey(key))
            )
            configuration.minimumTLSVersion = .tlsv12
            if let clientAuthority {
                configuration.trustRoots = .certificates(try Self.certificates(clientAuthority))
            }
            switch policy {
            case .none, .requested: configuration.certificateVerification = .none
            case .verifiedIfGiven: configuration.certificateVerification = .optionalVerification
            case .any, .verified: configuration.certificateVerification = .noHostnameVerification
            }
            context = try NIOSSLContext(configuration: configuration)
        } catch let error as HTTPServer.StartError {
            throw error
        } catch {
            throw HTTPServer.StartError(description: "the certificates cannot be used: \(error)")
        }
        takesAnyCertificate = policy == .any
    }

    /// The handler that encrypts one connection.
    package func makeHandler() -> NIOSSLServerHandler {
        guard takesAnyCertificate else { return NIOSSLServerHandler(context: context) }
        return NIOSSLServerHandler(
            context: context,
            customVerificationCallback: { _, promise in
                promise.succeed(.certificateVerified)
            }
        )
    }

    private static func certificates(_ source: Source) throws -> [NIOSSLCertificate] {
        do {
            let found: [NIOSSLCertificate]
            switch source {
            case .text(let text): found = try NIOSSLCertificate.fromPEMBytes(Array(text.utf8))
            case .file(let path): found = try NIOSSLCertificate.fromPEMFile(path)
            }
            guard !found.isEmpty else {
                throw HTTPServer.StartError(description: "\(source.name) holds no certificate")
            }
            return found
        } catch let error as HTTPServer.StartError {
            throw error
        } catch {
            throw HTTPServer.StartError(description: "\(source.name) cannot be read as a certificate")
        }
    }

    private static func privateKey(_ source: Source) throws -> NIOSSLPrivateKey {
        do {
            switch source {
            case .text(let text): return try NIOSSLPrivateKey(bytes: Array(text.utf8), format: .pem)
            case .file(let path): return try NIOSSLPrivateKey(file: path, format: .pem)
            }
        } catch {
            throw HTTPServer.StartError(description: "\(source.name) cannot be read as a key")
        }
    }
}

extension ServerTLS.Source {
    /// For messages, which must not show a key.
    fileprivate var name: String {
        switch self {
        case .text: "what the configuration holds"
        case .file(let path): "'\(path)'"
        }
    }
}
