import CEngineHTTP
import Configuration
import Entries

/// Requests to one container engine, many at a time; belongs to one thread, on which everything is called.
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
    private let address: EngineAddress
    /// Keeps what the callbacks are given alive.
    private var transfers: [ObjectIdentifier: Transfer] = [:]

    /// Nil without memory.
    init?(_ address: EngineAddress) {
        guard let client = cenginehttp_new() else { return nil }
        self.client = client
        self.address = address
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
        let handle = address.withOptions { options in
            cenginehttp_get(
                client,
                address.base + path,
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

/// Where a container engine listens: `unix:///path`, `tcp://host:port`, `http://...` or `https://...`.
struct EngineAddress {
    /// What comes before the path of a request.
    let base: String
    private let socket: String?
    private let tls: TLSOptions?

    /// Port of an engine that names none (dockerd(8)).
    private static let port = 2375

    /// Nil for an address of another form.
    init?(_ host: String, tls: TLSOptions?) {
        self.tls = tls
        if host.hasPrefix("unix://") {
            socket = String(host.dropFirst("unix://".count))
            base = "http://engine"
            return
        }
        socket = nil
        guard let colon = host.firstIndex(of: ":"), host[colon...].hasPrefix("://") else { return nil }
        let rest = host[colon...].dropFirst("://".count)
        let name = rest.last == "/" ? rest.dropLast() : rest
        guard !name.isEmpty else { return nil }
        switch host[..<colon] {
        case "tcp", "http":
            let hasPort = name.contains(":") || host.hasPrefix("http")
            base = "\(tls == nil ? "http" : "https")://\(name)\(hasPort ? "" : ":\(Self.port)")"
        case "https": base = "https://\(name)"
        default: return nil
        }
    }

    func withOptions<Result>(_ body: (UnsafePointer<cenginehttp_options>) -> Result) -> Result {
        var options = cenginehttp_options()
        options.checks_certificate = tls?.skipsVerification == true ? 0 : 1
        return withOptional(socket) { socket in
            withOptional(tls?.authorityFile) { authority in
                withOptional(tls?.certificateFile) { certificate in
                    withOptional(tls?.keyFile) { key in
                        options.unix_path = socket
                        options.ca_file = authority
                        options.certificate_file = certificate
                        options.key_file = key
                        return body(&options)
                    }
                }
            }
        }
    }

    private func withOptional<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        text.map { $0.withCString(body) } ?? body(nil)
    }
}
