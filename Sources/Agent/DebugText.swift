import Glibc

/// What the process is made of and busy with at the moment, for whoever looks into a problem: `/debug`.
struct DebugText {
    let text: String

    init(_ status: AgentStatus) {
        let current = status.current
        var lines = ["memory, kB"]
        lines += Self.memory()
        lines.append("\nthreads, processor seconds")
        for thread in Self.threads() { lines.append("  \(thread)") }
        lines.append("\nclients, bytes in flight")
        for (number, queue) in current.queues.enumerated() { lines.append("  \(number) \(queue.bytesInFlight)") }
        lines.append("\nworkers, files open, whether all is read and answered for")
        for (number, mailbox) in current.mailboxes.enumerated() {
            lines.append("  \(number) \(mailbox.numbers.active) \(mailbox.isDone)")
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func memory() -> [String] {
        let wanted = ["VmHWM:", "VmRSS:", "RssAnon:", "RssFile:"]
        return (ProcessFigures.read("/proc/self/status") ?? "").split(separator: "\n").compactMap { line in
            let fields = line.split { $0 == " " || $0 == "\t" }
            return fields.count > 1 && wanted.contains(String(fields[0])) ? "  \(fields[0]) \(fields[1])" : nil
        }
    }

    /// Each thread's name and times, which proc(5) keeps in ticks.
    private static func threads() -> [String] {
        guard let folder = opendir("/proc/self/task") else { return [] }
        defer { closedir(folder) }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        var found: [String] = []
        while let entry = readdir(folder) {
            let number = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let stat = ProcessFigures.read("/proc/self/task/\(number)/stat"),
                let start = stat.firstIndex(of: "("), let end = stat.lastIndex(of: ")")
            else { continue }
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { continue }
            let name = stat[stat.index(after: start)..<end]
            found.append("\(number) \(name) user \(user / ticks) system \(system / ticks)")
        }
        return found.sorted()
    }
}
