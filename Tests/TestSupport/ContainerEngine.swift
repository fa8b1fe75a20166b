import Glibc

/// A real container engine in a mount namespace of its own, with all it keeps in a temporary folder, and no network.
///
/// Needs root.
package final class ContainerEngine {
    package enum Kind: String, Sendable, CaseIterable {
        case docker
        case podman

        fileprivate var program: String { self == .docker ? "/usr/sbin/dockerd" : "/usr/bin/podman" }
    }

    package let kind: Kind
    private let folder: TemporaryFolder
    private var process: Subprocess?

    /// Whether what it needs is installed; the client `docker` speaks to both.
    package static var areThere: Bool {
        getuid() == 0 && Kind.allCases.allSatisfy { access($0.program, X_OK) == 0 }
            && access("/usr/bin/docker", X_OK) == 0 && access("/bin/busybox", X_OK) == 0
    }

    package var socket: String { folder.path("engine.sock") }
    private var image: String { kind == .docker ? "busy:1" : "localhost/busy:1" }

    package init(_ kind: Kind) throws {
        self.kind = kind
        folder = try TemporaryFolder()
        let copied = try Subprocess.run([
            "sh", "-c",
            """
            cd \(folder.path) && mkdir -p rootfs/bin && cp /bin/busybox rootfs/bin/ &&
            for a in sh echo printf sleep usleep seq head tr cat; do ln -s busybox rootfs/bin/$a; done && tar -C rootfs -cf image.tar .
            """,
        ])
        guard copied.code == 0 else { throw TemporaryFolder.Failure(call: "cp", code: copied.code) }
        try folder.write(
            "containers.conf",
            """
            [containers]
            default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            """
        )
        try start()
        guard kind == .docker else { return }
        let made = try docker("import", folder.path("image.tar"), image)
        guard made.code == 0 else {
            throw TemporaryFolder.Failure(call: "docker import: \(made.output)", code: made.code)
        }
    }

    deinit {
        _ = try? Subprocess.run(
            ["sh", "-c", "docker -H unix://\(socket) ps -aq | xargs -r docker -H unix://\(socket) rm -f"]
        )
        stop()
    }

    /// Starts it, again after ``stop(_:)`` with what it had.
    package func start() throws {
        unlink(socket)
        unlink(folder.path("pid"))
        let engine =
            kind == .docker
            ? """
            exec dockerd -H unix://\(socket) --data-root \(folder.path)/d --exec-root \(folder.path)/e \
            --pidfile \(folder.path)/pid --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false \
            --bridge=none --live-restore --log-level=error
            """
            : """
            export CONTAINERS_CONF=\(folder.path)/containers.conf
            P="podman --root \(folder.path)/s --runroot \(folder.path)/r --tmpdir \(folder.path)/t"
            $P image exists \(image) || $P import -q --change 'CMD ["/bin/sh"]' \(folder.path)/image.tar \(image)
            exec $P system service --time=0 unix://\(socket)
            """
        process = try Subprocess(
            [
                "unshare", "-m", "--propagation", "private", "bash", "-c",
                "mountpoint -q /sys/fs/cgroup/unified && umount /sys/fs/cgroup/unified\n\(engine)",
            ],
            output: folder.path("log")
        )
        try waitUntil("the engine answers", deadline: .seconds(40)) {
            try Subprocess.run(["curl", "-sf", "--unix-socket", socket, "http://d/_ping"]).code == 0
        }
    }

    package func stop(_ signal: Int32 = SIGTERM) {
        process?.kill(signal)
        process?.wait()
        process = nil
    }

    /// The client's answer.
    @discardableResult
    package func docker(_ arguments: String...) throws -> (code: Int32, output: String) {
        let done = try Subprocess.run(["docker", "-H", "unix://\(socket)"] + arguments)
        return (done.code, String(decoding: done.output, as: UTF8.self))
    }

    /// Runs a shell script in a container, in the background.
    package func run(_ name: String, _ script: String, options: String...) throws {
        let arguments = ["docker", "-H", "unix://\(socket)", "run", "-d", "--name", name, "--network=none"]
        let done = try Subprocess.run(arguments + options + [image, "/bin/sh", "-c", script])
        guard done.code == 0 else {
            throw TemporaryFolder.Failure(
                call: "docker run: \(String(decoding: done.output, as: UTF8.self))",
                code: done.code
            )
        }
    }

    /// The container has ended.
    package func wait(_ name: String) throws { try docker("wait", name) }
}
