import Glibc
import Synchronization

/// A child process: started by `init`, killed and reaped when the last reference goes.
package final class Subprocess: Sendable {
    /// Why a child could not be started.
    package struct StartFailure: Error {
        package let program: String
        package let code: Int32
    }

    package let pid: Int32
    private let status = Mutex<Int32?>(nil)

    /// Starts `arguments[0]`, searched in `PATH`.
    ///
    /// `environment` replaces the parent's (nil inherits it). Files: `input` gives standard input (nil: nothing),
    /// `output` takes standard output and error (nil discards them), `errors` takes standard error alone.
    package init(
        _ arguments: [String],
        environment: [String: String]? = nil,
        input: String? = nil,
        output: String? = nil,
        errors: String? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let forWriting = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", forWriting, 0o600)
        if let errors {
            posix_spawn_file_actions_addopen(&actions, 2, errors, forWriting, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }

        var argv = arguments.map { strdup($0) } + [nil]
        var envp = (environment ?? [:]).map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var child: pid_t = 0
        let code =
            environment == nil
            ? posix_spawnp(&child, arguments[0], &actions, nil, &argv, environ)
            : posix_spawnp(&child, arguments[0], &actions, nil, &argv, &envp)
        guard code == 0 else { throw StartFailure(program: arguments[0], code: code) }
        pid = child
    }

    deinit {
        if status.withLock({ $0 }) == nil {
            Glibc.kill(pid, SIGKILL)
            wait()
        }
    }

    /// Whether the child still runs; reaps it if it does not.
    package var isRunning: Bool { reap(WNOHANG) == nil }

    /// Sends `signal`, unless the child has been reaped.
    package func kill(_ signal: Int32 = SIGTERM) {
        status.withLock { if $0 == nil { Glibc.kill(pid, signal) } }
    }

    /// Blocks until the child has ended; its exit code, or 128 + the signal that ended it.
    @discardableResult
    package func wait() -> Int32 { reap(0) ?? -1 }

    private func reap(_ options: Int32) -> Int32? {
        status.withLock { status in
            if let status { return status }
            var raw: Int32 = 0
            var ended = waitpid(pid, &raw, options)
            while ended < 0, errno == EINTR { ended = waitpid(pid, &raw, options) }
            guard ended == pid else { return nil }
            status = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + (raw & 0x7F)
            return status
        }
    }

    /// Runs a program to its end; its exit code and everything it wrote.
    package static func run(
        _ arguments: [String],
        environment: [String: String]? = nil
    ) throws -> (code: Int32, output: [UInt8]) {
        let folder = try TemporaryFolder()
        let output = folder.path("output")
        let code = try Subprocess(arguments, environment: environment, output: output).wait()
        return (code, try folder.read("output"))
    }
}
