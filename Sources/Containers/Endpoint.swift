import CEngineHTTP

/// Where requests of an ``EngineClient`` go, and what they show.
struct Endpoint {
    /// A certificate or key as PEM.
    enum Material: Equatable {
        case file(String)
        case text([UInt8])
    }

    /// What comes before the path of a request, without a final slash.
    var base: String
    /// Path of a unix socket, over which requests go.
    var socket: String?
    var authority: Material?
    var certificate: Material?
    var key: Material?
    var checksCertificate = true
    /// The value of `Authorization`, asked for before each request: tokens change.
    var authorization: () -> String? = { nil }

    /// Gives the options of a request, which are valid during the call.
    func withOptions<Result>(_ body: (UnsafePointer<cenginehttp_options>) -> Result) -> Result {
        var options = cenginehttp_options()
        options.checks_certificate = checksCertificate ? 1 : 0
        return Self.withText(socket) { socket in
            Self.withText(authorization().map { "Authorization: \($0)" }) { header in
                Self.withMaterial(authority) { authority in
                    Self.withMaterial(certificate) { certificate in
                        Self.withMaterial(key) { key in
                            options.unix_path = socket
                            options.header = header
                            options.authority = authority
                            options.certificate = certificate
                            options.key = key
                            return body(&options)
                        }
                    }
                }
            }
        }
    }

    private static func withText<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        text.map { $0.withCString(body) } ?? body(nil)
    }

    private static func withMaterial<Result>(
        _ material: Material?,
        _ body: (cenginehttp_material) -> Result
    ) -> Result {
        switch material {
        case nil: body(cenginehttp_material())
        case .file(let path): path.withCString { body(cenginehttp_material(file: $0, bytes: nil, count: 0)) }
        case .text(let bytes):
            bytes.withUnsafeBufferPointer {
                body(cenginehttp_material(file: nil, bytes: $0.baseAddress, count: $0.count))
            }
        }
    }
}
