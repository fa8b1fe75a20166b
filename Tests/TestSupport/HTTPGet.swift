import Glibc

/// Asks a server on 127.0.0.1 for `path`; its status and body.
package func httpGet(port: UInt16, _ path: String) throws -> (status: Int, body: String) {
    let socket = try LoopbackListener.connect(port)
    defer { close(socket) }
    let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    guard send(socket, request, request.utf8.count, Int32(MSG_NOSIGNAL)) == request.utf8.count else {
        throw TemporaryFolder.Failure(call: "send", code: errno)
    }
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = recv(socket, &piece, piece.count, 0)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        answer += piece[..<count]
    }
    let text = String(decoding: answer, as: UTF8.self)
    let head = text.prefix { $0 != "\r\n" }.split(separator: " ")
    guard head.count > 1, let status = Int(head[1]), let end = text.firstRange(of: "\r\n\r\n") else {
        throw TemporaryFolder.Failure(call: "recv", code: EPROTO)
    }
    return (status, String(text[end.upperBound...]))
}
