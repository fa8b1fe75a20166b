import Glibc
import Synchronization

/// A TCP port of 127.0.0.1 that nobody listens on at the moment, each once in this process.
///
/// From below the range that the kernel gives out by itself (ip_local_port_range), so that a server that asks for any
/// port cannot take it before the test does; other processes start elsewhere in the range.
package func freePort() throws -> UInt16 {
    for _ in 0..<ports.count {
        let turn = nextPort.wrappingAdd(1, ordering: .relaxed).oldValue
        let port = ports.lowerBound + UInt16(turn % UInt64(ports.count))
        if (try? LoopbackListener(port: port)) != nil { return port }
    }
    throw TemporaryFolder.Failure(call: "bind", code: EADDRINUSE)
}

private let ports: Range<UInt16> = 12_000..<32_000
private let nextPort = Atomic<UInt64>(UInt64(getpid()) &* 7_919)
