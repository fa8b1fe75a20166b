import CEngineHTTP
import Configuration
import Entries
import Glibc

/// Requests to one container engine or API server, many at a time; belongs to one thread, on which everything is called.
final class EngineClient {
    /// A request under way.
    final class Transfer {
        /// Takes a part of the body; false pauses, and the same part comes again after ``EngineClient/resume(_:)``.
        fileprivate let take: (Int, Bytes) -> Bool
        /// Status (0 without an answer), and why it failed.
        fileprivate let end: (Int, String?) -> Void
        fileprivate var handle: OpaquePointer?

        fileprivate init(_ take: @escaping (Int, Bytes) -> Bool, _ end: @escaping (Int, String?) -> Void) {
            self.take = take
            self.end = end
        }
    }

    private let client: OpaquePointer
    let endpoint: Endpoint
    /// Keeps what the callbacks are given alive.
    private var transfers: [ObjectIdentifier: Transfer] = [:]

    /// Nil without memory.
    init?(_ endpoint: Endpoint) {
        guard let client = cenginehttp_new() else { return nil }
        self.client = client
        self.endpoint = endpoint
    }

    deinit { cenginehttp_free(client) }

    /// Starts a GET of `path`; nil without memory.
    ///
    /// - Parameters:
    ///   - path: with its query, percent-encoded.
    ///   - milliseconds: bounds the whole request; nil: it lasts until the engine ends it.
    ///   - take: takes a part of the body, with the status; false pauses.
    ///   - end: called once, unless the transfer is cancelled; with the status and the reason of a failure.
    /// - Returns: the transfer, to be cancelled or resumed; nil without memory.
    @discardableResult
    func get(
        _ path: String,
        milliseconds: Int? = nil,
        take: @escaping (Int, Bytes) -> Bool,
        end: @escaping (Int, String?) -> Void
    ) -> Transfer? {
        let transfer = Transfer(take, end)
        transfers[ObjectIdentifier(transfer)] = transfer
        let handle = endpoint.withOptions { options in
            cenginehttp_get(
                client,
                endpoint.base + path,
                options,
                milliseconds ?? 0,
                Unmanaged.passUnretained(transfer).toOpaque(),
                { context, status, start, count in
                    guard let context else { return 0 }
                    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                    return transfer.take(status, Bytes(start, count: count)) ? 1 : 0
                },
                { context, status, error in
                    guard let context else { return }
                    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                    transfer.handle = nil
                    transfer.end(status, error.map { String(cString: $0) })
                }
            )
        }
        guard let handle else {
            transfers[ObjectIdentifier(transfer)] = nil
            return nil
        }
        transfer.handle = handle
        return transfer
    }

    /// Ends a transfer, of which nothing is heard any more.
    func cancel(_ transfer: Transfer) {
        if let handle = transfer.handle { cenginehttp_cancel(client, handle) }
        transfer.handle = nil
        transfers[ObjectIdentifier(transfer)] = nil
    }

    func resume(_ transfer: Transfer) {
        if let handle = transfer.handle { cenginehttp_resume(handle) }
    }

    /// Waits until something happens, `descriptor` is readable or the time is over, and does what there is to do.
    func run(_ descriptor: Int32, milliseconds: Int32) {
        cenginehttp_run(client, descriptor, milliseconds)
        transfers = transfers.filter { $0.value.handle != nil }
    }
}

extension Endpoint {
    /// Port of an engine that names none (dockerd(8)).
    private static let enginePort = 2375

    /// Where a container engine listens: `unix:///path`, `tcp://host:port`, `http://...` or `https://...`.
    ///
    /// Nil for an address of another form.
    init?(engine host: String, tls: TLSOptions?) {
        guard let colon = host.firstIndex(of: ":"), host[colon...].hasPrefix("://") else { return nil }
        let rest = host[colon...].dropFirst("://".count)
        if host[..<colon] == "unix" {
            self.init(base: "http://engine", socket: String(rest))
            return
        }
        let name = rest.last == "/" ? rest.dropLast() : rest
        guard !name.isEmpty else { return nil }
        switch host[..<colon] {
        case "tcp", "http":
            let hasPort = name.contains(":") || host.hasPrefix("http")
            let scheme = tls == nil ? "http" : "https"
            self.init(base: "\(scheme)://\(name)\(hasPort ? "" : ":\(Self.enginePort)")")
        case "https": self.init(base: "https://\(name)")
        default: return nil
        }
        use(tls)
    }

    /// What is wrong with the socket, where libcurl says only that there is no connection; nil: nothing that can be seen.
    var trouble: String? {
        guard let socket, access(socket, R_OK | W_OK) != 0 else { return nil }
        let help = errno == EACCES ? "; the user must be in the group of the socket" : ""
        return "\(socket): \(String(cString: strerror(errno)))\(help)"
    }

    /// Takes over certificates and keys.
    mutating func use(_ tls: TLSOptions?) {
        guard let tls else { return }
        authority = tls.authority.map { .text(Array($0.utf8)) } ?? tls.authorityFile.map { .file($0) } ?? authority
        certificate = tls.certificate.map { .text(Array($0.utf8)) } ?? tls.certificateFile.map { .file($0) }
        key = tls.key.map { .text(Array($0.revealed.utf8)) } ?? tls.keyFile.map { .file($0) }
        checksCertificate = !tls.skipsVerification
    }
}
