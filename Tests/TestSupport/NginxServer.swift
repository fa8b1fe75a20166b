import Glibc

/// A private nginx on loopback, gone with the last reference.
package final class NginxServer {
    package let port: UInt16
    package let folder: TemporaryFolder
    private let process: Subprocess

    package static let isInstalled = (try? Subprocess.run(["nginx", "-v"]))?.code == 0

    /// Starts nginx with `server` in its server block, which names the certificate if the port speaks `tls`.
    package init(_ server: String, tls: Bool = false, folder: TemporaryFolder? = nil, port: UInt16? = nil) throws {
        let folder = try folder ?? TemporaryFolder()
        let port = try port ?? freePort()
        let place = { (name: String) in "\(folder.path("nginx-\(port)-\(name)"))" }
        let configuration = """
            daemon off; master_process off; pid \(place("pid")); error_log \(place("error.log"));
            events { worker_connections 64; }
            http {
              access_log off; keepalive_timeout 60s; client_max_body_size 64m;
              client_body_temp_path \(place("body")); proxy_temp_path \(place("proxy"));
              fastcgi_temp_path \(place("fastcgi")); uwsgi_temp_path \(place("uwsgi")); scgi_temp_path \(place("scgi"));
              server {
                listen 127.0.0.1:\(port)\(tls ? " ssl" : "");
                default_type text/plain;
                \(server)
              }
            }
            """
        let path = try folder.write("nginx-\(port).conf", configuration)
        let log = folder.path("nginx-\(port).log")
        process = try Subprocess(["nginx", "-e", place("error.log"), "-p", folder.path, "-c", path], output: log)
        self.port = port
        self.folder = folder
        try waitUntil("nginx answers") { LoopbackListener.isAnswering(port) }
    }

    /// Ends nginx and its connections.
    package func stop() {
        process.kill(SIGKILL)
        process.wait()
    }

    package func url(_ path: String = "/loki/api/v1/push", scheme: String = "http", host: String = "127.0.0.1")
        -> String
    {
        "\(scheme)://\(host):\(port)\(path)"
    }
}
