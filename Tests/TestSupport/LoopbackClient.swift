import Glibc

/// A TCP connection to a port of this machine; closed when the last reference goes.
package final class LoopbackClient {
    private let socket: Int32

    package init(_ port: UInt16) throws { socket = try LoopbackListener.connect(port) }

    deinit { close(socket) }

    /// Sends everything, waiting where the other side does not read.
    package func send(_ bytes: [UInt8]) throws {
        guard try sendSome(bytes, waiting: true) == bytes.count else {
            throw TemporaryFolder.Failure(call: "send", code: errno)
        }
    }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends as much as the kernel takes now; gives how much that was.
    package func sendSome(_ bytes: [UInt8], waiting: Bool = false) throws -> Int {
        var done = 0
        while done < bytes.count {
            let flags = Int32(MSG_NOSIGNAL) | (waiting ? 0 : Int32(MSG_DONTWAIT))
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress.map { $0 + done }, $0.count - done, flags)
            }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                return done
            } else if errno != EINTR {
                throw TemporaryFolder.Failure(call: "send", code: errno)
            }
        }
        return done
    }

    /// Sends no more; the other side reads to the end.
    package func finish() { shutdown(socket, Int32(SHUT_WR)) }

    /// Everything until the other side closes.
    package func receiveAll() -> [UInt8] {
        var result: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &piece, piece.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return result }
            result += piece[..<count]
        }
    }

    /// Whether the other side has closed the connection.
    package var isClosed: Bool {
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
    }
}

/// One datagram to a port of this machine.
package func sendDatagram(_ bytes: [UInt8], to port: UInt16) throws {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(socket) }
    var address = LoopbackListener.loopback(port: port)
    let count = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            sendto(socket, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard count == bytes.count else { throw TemporaryFolder.Failure(call: "sendto", code: errno) }
}

/// A POST to a port of this machine, and its answer.
package func httpPost(
    port: UInt16,
    _ path: String,
    _ body: [UInt8],
    headers: [String] = []
) throws -> (status: Int, head: String, body: String) {
    let client = try LoopbackClient(port)
    let head =
        (["POST \(path) HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "Content-Length: \(body.count)"] + headers)
        .joined(separator: "\r\n") + "\r\n\r\n"
    // Who is refused early closes before everything is sent.
    _ = try? client.send(Array(head.utf8) + body)
    let text = String(decoding: client.receiveAll(), as: UTF8.self)
    let words = text.prefix { $0 != "\r\n" }.split(separator: " ")
    guard words.count > 1, let status = Int(words[1]), let end = text.firstRange(of: "\r\n\r\n") else {
        throw TemporaryFolder.Failure(call: "recv", code: EPROTO)
    }
    return (status, String(text[..<end.lowerBound]), String(text[end.upperBound...]))
}
