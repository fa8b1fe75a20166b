import CCurl

/// An http or https URL taken apart by libcurl's own parser, so that both agree on what it means.
struct ServerAddress {
    /// The URL without its user part.
    let url: String
    let isSecure: Bool

    /// As in the URL; an IPv6 address keeps its brackets.
    let host: String

    /// The port in use, whether the URL names it or not.
    let port: String
    private let isPortNamed: Bool

    /// The URL's user part, percent-decoded.
    let username: String?
    let password: String?

    /// The value of the Host header.
    var authority: String { isPortNamed ? "\(host):\(port)" : host }

    init?(_ text: String) {
        guard let parts = curl_url() else { return nil }
        defer { curl_url_cleanup(parts) }
        guard curl_url_set(parts, CURLUPART_URL, text, UInt32(CURLU_PATH_AS_IS)) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: parts), scheme == "http" || scheme == "https",
            let host = Self.part(CURLUPART_HOST, of: parts), !host.isEmpty,
            let port = Self.part(CURLUPART_PORT, of: parts, flags: CURLU_DEFAULT_PORT)
        else { return nil }
        isSecure = scheme == "https"
        self.host = host
        self.port = port
        isPortNamed = Self.part(CURLUPART_PORT, of: parts) != nil
        username = Self.part(CURLUPART_USER, of: parts, flags: CURLU_URLDECODE)
        password = Self.part(CURLUPART_PASSWORD, of: parts, flags: CURLU_URLDECODE)
        curl_url_set(parts, CURLUPART_USER, nil, 0)
        curl_url_set(parts, CURLUPART_PASSWORD, nil, 0)
        curl_url_set(parts, CURLUPART_FRAGMENT, nil, 0)
        guard let url = Self.part(CURLUPART_URL, of: parts) else { return nil }
        self.url = url
    }

    /// The same URL at another host; nil if that is no host name.
    func url(atHost host: String) -> String? {
        guard let parts = curl_url() else { return nil }
        defer { curl_url_cleanup(parts) }
        guard curl_url_set(parts, CURLUPART_URL, url, UInt32(CURLU_PATH_AS_IS)) == CURLUE_OK,
            curl_url_set(parts, CURLUPART_HOST, host, 0) == CURLUE_OK
        else { return nil }
        return Self.part(CURLUPART_URL, of: parts)
    }

    private static func part(_ part: CURLUPart, of parts: OpaquePointer, flags: Int32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(parts, part, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
