import CCurl
import Delivery

/// Certificates and keys for a handle, read from their files whenever those change.
struct TLSMaterial {
    private struct Item {
        let option: CURLoption

        /// For an https proxy, which is trusted by the same certificates.
        let proxyOption: CURLoption?
        let name: String
        var file: WatchedFile
    }

    private var items: [Item] = []

    /// Sets everything that `options` say on `handle`; files are read, and an unreadable one is an error.
    init(_ options: TLSOptions, for handle: borrowing CurlHandle) throws(ClientError) {
        if options.certificate != nil, options.key == nil { throw .certificateWithoutKey }
        if options.key != nil, options.certificate == nil { throw .keyWithoutCertificate }
        try handle.set(CURLOPT_SSL_VERIFYPEER, !options.skipsVerification)
        try handle.set(CURLOPT_SSL_VERIFYHOST, options.skipsVerification ? 0 : 2)
        try handle.set(CURLOPT_PROXY_SSL_VERIFYPEER, !options.skipsVerification)
        try handle.set(CURLOPT_PROXY_SSL_VERIFYHOST, options.skipsVerification ? 0 : 2)
        let versions = ccurl_tls_versions(
            Int32(options.minimumVersion.rawValue),
            Int32(options.maximumVersion?.rawValue ?? 0)
        )
        try handle.set(CURLOPT_SSLVERSION, versions)
        if let ca = options.ca {
            // Only these: libcurl would go on to look into the system's folder.
            try handle.set(CURLOPT_CAPATH, nil)
            try handle.set(CURLOPT_PROXY_CAPATH, nil)
            try take(ca, "ca_file", CURLOPT_CAINFO_BLOB, CURLOPT_PROXY_CAINFO_BLOB, for: handle)
        }
        if let certificate = options.certificate, let key = options.key {
            try take(certificate, "cert_file", CURLOPT_SSLCERT_BLOB, nil, for: handle)
            try take(key, "key_file", CURLOPT_SSLKEY_BLOB, nil, for: handle)
        }
    }

    /// Reads the files that have changed and makes `handle` use them from its next connection on.
    ///
    /// libcurl compares certificates before it uses a connection again, so that an old one is not used any more.
    mutating func refresh(on handle: borrowing CurlHandle) throws(TransportError) {
        for index in items.indices {
            do throws(WatchedFile.Unreadable) {
                guard try items[index].file.refresh() else { continue }
            } catch {
                throw TransportError(.credentials, "cannot read '\(items[index].name)' (errno \(error.code))")
            }
            do throws(ClientError) {
                try Self.set(items[index].file.contents, items[index].option, items[index].proxyOption, handle)
            } catch {
                throw TransportError(.credentials, error.description)
            }
        }
    }

    private mutating func take(
        _ pem: TLSOptions.PEM,
        _ name: String,
        _ option: CURLoption,
        _ proxyOption: CURLoption?,
        for handle: borrowing CurlHandle
    ) throws(ClientError) {
        switch pem {
        case .value(let text):
            try Self.set(Array(text.revealed.utf8), option, proxyOption, handle)
        case .file(let path):
            var file = WatchedFile(path: path)
            do throws(WatchedFile.Unreadable) { _ = try file.refresh() } catch {
                throw .unreadableFile(option: name, path: path, code: error.code)
            }
            try Self.set(file.contents, option, proxyOption, handle)
            items.append(Item(option: option, proxyOption: proxyOption, name: name, file: file))
        }
    }

    private static func set(
        _ pem: [UInt8],
        _ option: CURLoption,
        _ proxyOption: CURLoption?,
        _ handle: borrowing CurlHandle
    ) throws(ClientError) {
        // An empty blob would mean libcurl's default; a line feed makes it a certificate file without certificates.
        let pem = pem.isEmpty ? [UInt8(ascii: "\n")] : pem
        try handle.setBlob(option, pem)
        if let proxyOption { try handle.setBlob(proxyOption, pem) }
    }
}
