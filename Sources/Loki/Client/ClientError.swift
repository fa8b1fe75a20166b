import Glibc

/// Why a client cannot be made of its options.
///
/// Names options and paths, never values that may be secret.
package enum ClientError: Error, Equatable, CustomStringConvertible {
    case url(option: String)
    case timeout
    case header(name: String)
    case unreadableFile(option: String, path: String, code: Int32)
    case certificateWithoutKey
    case keyWithoutCertificate
    case authorizationType

    /// libcurl does not know an option that we need, or memory is short.
    case library(String)

    package var description: String {
        switch self {
        case .url(let option): "'\(option)' is not an http or https URL"
        case .timeout: "'timeout' must be above zero"
        case .header(let name): "header '\(name)': name or value holds a character that headers cannot hold"
        case .unreadableFile(let option, let path, let code):
            "'\(option)': cannot read \(path): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")"
        case .certificateWithoutKey: "'tls_config': a certificate needs its key"
        case .keyWithoutCertificate: "'tls_config': a key needs its certificate"
        case .authorizationType: "'authorization': the type holds a character that headers cannot hold"
        case .library(let reason): "libcurl: \(reason)"
        }
    }
}
