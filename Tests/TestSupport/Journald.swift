import Glibc

/// The real systemd-journald in a mount namespace of its own, so that it neither meets nor disturbs the machine's.
///
/// Needs the right to make one: root.
package final class Journald {
    private static let program = "/lib/systemd/systemd-journald"

    /// Whether it is installed.
    package static var isThere: Bool { access(program, X_OK) == 0 }

    private let process: Subprocess
    private let socket: Int32
    private let folder: TemporaryFolder

    /// journald's own `/run` and `/var/log/journal` seen from outside.
    private var root: String { "/proc/\(process.pid)/root" }

    /// The folder with its files, as `path` of a `journal` section.
    package var journal: String { "\(root)/var/log/journal" }

    /// Starts it; `settings` are lines of journald.conf(5), `storage` a folder that outlives it.
    package init(settings: String = "", storage: String) throws {
        folder = try TemporaryFolder()
        try folder.write(
            "journald.conf",
            "[Journal]\nStorage=persistent\nSyncIntervalSec=1s\nReadKMsg=no\nRateLimitIntervalSec=0\n\(settings)\n"
        )
        mkdir("/var/log/journal", 0o755)
        let script = """
            mount -t tmpfs tmpfs /run/systemd && mount -t tmpfs tmpfs /run/log && mount --bind \(storage) /var/log/journal &&
            mkdir -p /run/systemd/journal /run/systemd/journald.conf.d &&
            cp \(folder.path("journald.conf")) /run/systemd/journald.conf.d/test.conf &&
            exec \(Self.program)
            """
        process = try Subprocess(
            ["unshare", "-m", "--propagation", "private", "sh", "-c", script],
            output: folder.path("log")
        )
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let path = "/proc/\(process.pid)/root/run/systemd/journal/socket"
        try waitUntil("journald takes messages", deadline: .seconds(20)) { access(path, F_OK) == 0 }
        try control("--flush")
    }

    deinit { close(socket) }

    /// One entry by the native protocol: a name twice makes two fields; any bytes may stand in a value.
    package func send(_ fields: [(String, [UInt8])]) throws {
        var datagram: [UInt8] = []
        for (name, value) in fields {
            datagram += Array(name.utf8) + [0x0A]
            withUnsafeBytes(of: UInt64(value.count).littleEndian) { datagram += Array($0) }
            datagram += value + [0x0A]
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { target in
            target.copyBytes(from: "\(root)/run/systemd/journal/socket".utf8.prefix(target.count - 1))
        }
        while true {
            let sent = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(socket, datagram, datagram.count, 0, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            if sent == datagram.count { return }
            guard errno == EINTR || errno == EAGAIN || errno == ENOBUFS else {
                throw TemporaryFolder.Failure(call: "sendto", code: errno)
            }
        }
    }

    package func send(_ message: String, priority: Int = 6) throws {
        try send([("MESSAGE", Array(message.utf8)), ("PRIORITY", Array("\(priority)".utf8))])
    }

    /// `--rotate`, `--vacuum-files=1`, `--sync`: what journalctl(1) tells a running journald.
    package func control(_ arguments: String...) throws {
        let code = try Subprocess.run(["nsenter", "-m", "-t", "\(process.pid)", "journalctl"] + arguments).code
        guard code == 0 else { throw TemporaryFolder.Failure(call: "journalctl \(arguments)", code: code) }
    }

    package func stop(_ signal: Int32 = SIGTERM) {
        process.kill(signal)
        process.wait()
    }
}

/// Journal files made by the real systemd-journal-remote from the text form of journal entries.
package enum JournalFiles {
    private static let program = "/lib/systemd/systemd-journal-remote"

    /// Whether it is installed.
    package static var canBeMade: Bool { access(program, X_OK) == 0 }

    /// One entry in the export format: times in microseconds since 1970, one boot unless told.
    package static func entry(
        time: UInt64,
        boot: String = "0123456789abcdef0123456789abcdef",
        _ fields: [(String, [UInt8])]
    ) -> [UInt8] {
        var text = Array("__REALTIME_TIMESTAMP=\(time)\n__MONOTONIC_TIMESTAMP=\(time)\n_BOOT_ID=\(boot)\n".utf8)
        for (name, value) in fields {
            guard !value.isEmpty else {
                // The form with a length takes no empty value.
                text += Array("\(name)=\n".utf8)
                continue
            }
            text += Array("\(name)\n".utf8)
            withUnsafeBytes(of: UInt64(value.count).littleEndian) { text += Array($0) }
            text += value + [0x0A]
        }
        return text + [0x0A]
    }

    package static func entry(time: UInt64, _ message: String) -> [UInt8] {
        entry(time: time, [("MESSAGE", Array(message.utf8))])
    }

    /// Adds entries to the file `name`, which is made if need be.
    package static func add(_ entries: [UInt8], to name: String, in folder: TemporaryFolder, arguments: [String] = [])
        throws
    {
        let input = try folder.write("entries.export", entries)
        let output = folder.path(name)
        let code = try Subprocess(
            [program, "-o", output] + arguments + ["-"],
            input: input,
            output: folder.path("remote.log")
        ).wait()
        unlink(input)
        guard code == 0 else { throw TemporaryFolder.Failure(call: program, code: code) }
    }
}
