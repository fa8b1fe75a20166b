import CCurl

/// One libcurl easy handle, closed when the value ends.
///
/// Not `Sendable`: a handle is used by one thread at a time, and its connections with it (libcurl-thread(3)).
struct CurlHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer

    /// Before the first handle, and once for the process; the runtime makes other threads wait.
    private static let isStarted = ccurl_start() == CURLE_OK

    init() throws(ClientError) {
        guard Self.isStarted, let handle = curl_easy_init() else { throw .library("cannot start") }
        pointer = handle
    }

    deinit { curl_easy_cleanup(pointer) }

    func set(_ option: CURLoption, _ value: Int) throws(ClientError) {
        try check(ccurl_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: Bool) throws(ClientError) { try set(option, value ? 1 : 0) }

    /// libcurl copies the text; nil puts the option back to its default.
    func set(_ option: CURLoption, _ value: String?) throws(ClientError) {
        try check(ccurl_set_string(pointer, option, value))
    }

    /// libcurl copies the bytes; nil puts the option back to its default.
    func setBlob(_ option: CURLoption, _ value: [UInt8]?) throws(ClientError) {
        guard let value else { return try check(ccurl_set_blob(pointer, option, nil, 0)) }
        try check(value.withUnsafeBytes { ccurl_set_blob(pointer, option, $0.baseAddress, $0.count) })
    }

    /// The list must outlive its use: libcurl does not copy it.
    func setList(_ option: CURLoption, _ list: borrowing HeaderList) throws(ClientError) {
        try check(ccurl_set_list(pointer, option, list.first))
    }

    func check(_ code: CURLcode) throws(ClientError) {
        guard code == CURLE_OK else { throw .library(String(cString: curl_easy_strerror(code))) }
    }
}
