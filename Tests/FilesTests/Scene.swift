import Entries
import Files
import Glibc
import Testing

/// A temporary folder with files, a tail set that reads them, and a clock that stands still unless told.
final class Scene {
    struct Line: Equatable {
        var file: String
        var text: [UInt8]
        var end: Int64
    }

    let folder: String
    private(set) var set: TailSet
    var options: TailOptions
    var now: Int64 = 0
    var isAcknowledging = true
    private(set) var lines: [Line] = []
    private(set) var events: [TailEvent] = []
    private(set) var chunks = 0
    private(set) var skippedBytes = 0
    private var labels: [SourceID: String] = [:]
    private var targets: [TailTarget] = []

    init(options: TailOptions = TailOptions(), positions: Positions = Positions()) {
        var template = Array("/tmp/sluice-files-XXXXXX".utf8CString)
        let made = mkdtemp(&template).map { String(cString: $0) } ?? ""
        precondition(!made.isEmpty, "no temporary folder")
        folder = made
        self.options = options
        set = TailSet(options: options, positions: positions)
    }

    deinit { Self.remove(folder) }

    private static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != "." && name != ".." { remove(path + "/" + name) }
            }
            closedir(stream)
        }
        rmdir(path)
    }

    // MARK: - Files

    func path(_ name: String) -> String { folder + "/" + name }

    func write(_ name: String, _ text: String) { write(name, Array(text.utf8)) }

    func write(_ name: String, _ bytes: [UInt8]) { put(name, bytes, flags: O_WRONLY | O_CREAT | O_TRUNC) }

    func append(_ name: String, _ text: String) { append(name, Array(text.utf8)) }

    func append(_ name: String, _ bytes: [UInt8]) { put(name, bytes, flags: O_WRONLY | O_CREAT | O_APPEND) }

    private func put(_ name: String, _ bytes: [UInt8], flags: Int32) {
        let descriptor = open(path(name), flags, 0o644)
        precondition(descriptor >= 0, "cannot open \(name)")
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            precondition(count > 0, "cannot write \(name)")
            done += count
        }
    }

    func rename(_ old: String, _ new: String) { precondition(Glibc.rename(path(old), path(new)) == 0) }

    /// Returns when files that are made from now on are told from those made before: the kernel's coarse clock stamps them.
    func passTickOfFileTimes() {
        func tick() -> Int {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME_COARSE, &time)
            return time.tv_nsec
        }
        let start = tick()
        while tick() == start { sched_yield() }
    }

    func remove(_ name: String) { Self.remove(path(name)) }

    func makeFolder(_ name: String) { precondition(mkdir(path(name), 0o755) == 0) }

    func link(_ name: String, to target: String) { precondition(symlink(target, path(name)) == 0) }

    func truncate(_ name: String) { precondition(Glibc.truncate(path(name), 0) == 0) }

    func copy(_ old: String, _ new: String) {
        let descriptor = open(path(old), O_RDONLY)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        write(new, Array(bytes[..<count]))
    }

    // MARK: - Tailing

    func tail(_ targets: TailTarget...) {
        self.targets = targets
        set.replaceTargets(targets)
    }

    /// Tails `patterns` below the folder, one target each.
    func tail(_ patterns: String...) {
        targets = patterns.enumerated().map { TailTarget(id: $0.offset, pathPattern: path($0.element)) }
        set.replaceTargets(targets)
    }

    /// Reads everything there is now.
    func read() {
        set.observe(now: now)
        takeEvents()
        while let chunk = set.nextChunk(now: now) {
            takeEvents()
            take(chunk)
        }
        takeEvents()
    }

    /// Lets time pass in small steps, reading at each.
    func read(forSeconds seconds: Int) {
        for _ in 0..<(seconds * 4) {
            now += 250_000_000
            read()
        }
    }

    /// A new process: the tail set is made anew with what the old one would have saved.
    func restart(with positions: Positions? = nil) {
        let saved = positions ?? Positions().updated(by: [set.positionsSnapshot()])
        stop()
        start(with: saved)
    }

    func stop() { set.finishAll() }

    func start(with positions: Positions, held: HeldFiles = HeldFiles()) {
        set = TailSet(options: options, positions: positions, held: held)
        labels = [:]
        set.replaceTargets(targets)
    }

    private func takeEvents() {
        for event in set.takeEvents() {
            if case .opened(let source, _, let path, _) = event { labels[source] = path }
            events.append(event)
        }
    }

    private func take(_ chunk: Chunk) {
        chunks += 1
        skippedBytes += chunk.skippedBytes
        let name = String((labels[chunk.source] ?? "?").dropFirst(folder.count + 1))
        var start = 0
        var count: Int64 = 0
        if chunk.advance == .atEnd {
            lines.append(Line(file: name, text: chunk.bytes.array, end: chunk.endPosition))
        } else {
            while start < chunk.bytes.count, let end = chunk.bytes.firstIndex(of: 10, from: start) {
                count += 1
                let position = chunk.startPosition + (chunk.advance == .perLine ? count : Int64(end + 1))
                lines.append(Line(file: name, text: chunk.bytes[start..<end].array, end: position))
                start = end + 1
            }
            #expect(start == chunk.bytes.count, "a chunk is whole lines")
            #expect(lines.last?.end == chunk.endPosition)
        }
        if isAcknowledging { set.acknowledge(chunk.source, position: chunk.endPosition) }
    }

    // MARK: - What came

    /// Everything read since the last call, as text.
    func taken() -> [String] {
        defer { lines = [] }
        return lines.map { String(decoding: $0.text, as: UTF8.self) }
    }

    func takenLines() -> [Line] {
        defer { lines = [] }
        return lines
    }

    var warnings: [TailWarning.Kind] {
        events.compactMap { if case .warning(let warning) = $0 { warning.kind } else { nil } }
    }

    var finishedCount: Int { events.filter { if case .finished = $0 { true } else { false } }.count }
    var openedCount: Int { events.filter { if case .opened = $0 { true } else { false } }.count }

    /// The saved position of a file.
    func position(_ name: String) -> String? {
        Positions().updated(by: [set.positionsSnapshot()]).values[path(name)]
    }
}

extension Scene {
    /// What would be saved, had the files been other files than those that stand at their paths now.
    func oldIdentity() -> Positions {
        var positions = Positions().updated(by: [set.positionsSnapshot()])
        for index in positions.records.indices { positions.records[index].identity.inode += 1_000_000 }
        return positions
    }
}
