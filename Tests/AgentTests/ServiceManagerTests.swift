import Glibc
import TestSupport
import Testing

@testable import Agent

/// What systemd is told, by a socket as it gives one.
struct ServiceManagerTests {
    /// Receives datagrams at a path.
    private final class NotifySocket {
        let path: String
        private let descriptor: Int32

        init(in folder: TemporaryFolder) throws {
            path = folder.path("notify")
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let code = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            try #require(code == 0)
        }

        deinit { close(descriptor) }

        func receive() -> String? {
            var bytes = [UInt8](repeating: 0, count: 1_024)
            let count = recv(descriptor, &bytes, bytes.count, 0)
            return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
        }

        func waitFor(_ text: String) throws {
            try waitUntil("systemd is told \(text)", deadline: .seconds(20)) {
                while let said = receive() {
                    if said.hasPrefix(text) { return true }
                }
                return false
            }
        }
    }

    @Test func startReloadStopAndLifeAreTold() throws {
        let scene = try AgentScene()
        let socket = try NotifySocket(in: scene.folder)
        try scene.write("a.log", "1\n")
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        try scene.start(environment: ["NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "400000", "PATH": path])
        try socket.waitFor("READY=1")
        for _ in 0..<3 { try socket.waitFor("WATCHDOG=1") }
        scene.process?.kill(SIGHUP)
        try socket.waitFor("RELOADING=1\nMONOTONIC_USEC=")
        try socket.waitFor("READY=1")
        try socket.waitFor("WATCHDOG=1")
        #expect(try scene.stop() == 0)
        try socket.waitFor("STOPPING=1")
    }

    @Test func theWatchdogHearsNothingOfAWorkerThatDoesNotAnswer() {
        var watchdog = Watchdog(period: 100, now: 0)
        let beats = [(0, true), (20, true), (50, false), (100, false), (120, false), (150, false), (200, true)].map {
            watchdog.beats(now: $0, workersAnswer: $1)
        }
        #expect(beats == [true, false, true, true, false, false, true])
        var none = Watchdog(period: nil, now: 0)
        let isTold = none.beats(now: 1_000, workersAnswer: true)
        #expect(!isTold && none.next == .max)
    }
}
