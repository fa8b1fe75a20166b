import TestSupport

@testable import Loki

/// A private tinyproxy on loopback, gone with the last reference.
final class TinyProxy {
    let port: UInt16
    private let folder: TemporaryFolder
    private let process: Subprocess

    static let isInstalled = (try? Subprocess.run(["tinyproxy", "-v"]))?.code == 0

    init(_ more: String = "") throws {
        let folder = try TemporaryFolder()
        let port = try freePort()
        let configuration = """
            Port \(port)
            Listen 127.0.0.1
            Timeout 60
            MaxClients 20
            ViaProxyName "test-proxy"
            LogLevel Connect
            \(more)

            """
        let path = try folder.write("tinyproxy.conf", configuration)
        process = try Subprocess(["tinyproxy", "-d", "-c", path], output: folder.path("log"))
        self.folder = folder
        self.port = port
        try waitUntil("tinyproxy answers") { LoopbackListener.isAnswering(port) }
    }

    func options(_ noProxy: String? = nil, user: String = "") -> ProxyOptions {
        .fixed(url: Secret("http://\(user)127.0.0.1:\(port)"), noProxy: noProxy, connectHeaders: [])
    }

    func log() throws -> String { String(decoding: try folder.read("log"), as: UTF8.self) }
}
