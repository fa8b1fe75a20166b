import Entries
import Glibc

/// What the kernel tells about this process, under the names that Prometheus' own libraries give it.
struct ProcessFigures {
    /// User and system time in seconds.
    let processorSeconds: Double
    let residentBytes: UInt64
    let virtualBytes: UInt64
    /// Seconds since 1970.
    let startTime: Double
    let openFiles: UInt64
    let openFileLimit: UInt64

    /// Nil when /proc cannot be read.
    init?() {
        // proc(5): behind the name in brackets, which may hold blanks, field 3 comes first.
        guard let stat = Self.read("/proc/self/stat"), let bracket = stat.lastIndex(of: ")"),
            let uptime = Self.read("/proc/uptime")?.split(separator: " ").first.flatMap({ Double($0) })
        else { return nil }
        let fields = stat[stat.index(after: bracket)...].split(separator: " ")
        guard fields.count > 21, let started = Double(fields[19]), let size = UInt64(fields[20]),
            let pages = UInt64(fields[21])
        else { return nil }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let microseconds = Int(usage.ru_utime.tv_usec) + Int(usage.ru_stime.tv_usec)
        processorSeconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(microseconds) / 1e6
        residentBytes = pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
        virtualBytes = size
        let now = Clock.wall()
        let age = uptime - started / Double(sysconf(Int32(_SC_CLK_TCK)))
        // As exact as the kernel's ticks are.
        startTime = ((Double(now.seconds) + Double(now.nanoseconds) / 1e9 - age) * 100).rounded() / 100
        openFiles = Self.count("/proc/self/fd")
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        openFileLimit = UInt64(limit.rlim_cur)
    }

    /// The entries of a folder, but for `.`, `..` and the descriptor that lists them.
    private static func count(_ folder: String) -> UInt64 {
        guard let handle = opendir(folder) else { return 0 }
        defer { closedir(handle) }
        var count: UInt64 = 0
        while readdir(handle) != nil { count += 1 }
        return count - min(count, 3)
    }

    /// The first 4 KiB of a file of /proc.
    static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(file, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
