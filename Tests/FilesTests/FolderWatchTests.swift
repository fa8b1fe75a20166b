import Files
import Glibc
import Synchronization
import Testing

struct FolderWatchTests {
    /// Whoever writes to a watched folder faster than the events are read must not keep the agent from all else.
    @Test(.timeLimit(.minutes(1)))
    func aFolderThatNeverRestsDoesNotHoldTheCaller() {
        let scene = Scene()
        let watch = FolderWatch(isEnabled: true)
        #expect(watch.watch(scene.folder) == .watched)
        let writer = BusyWriter(in: scene)
        writer.start()
        var seen = 0
        for _ in 0..<50 { seen += watch.drain().count }
        writer.stop()
        #expect(seen > 0)
        while !watch.drain().isEmpty {}
    }
}

/// Changes two files in turn, so that no two events in a row are alike and the kernel keeps them all.
private final class BusyWriter: Sendable {
    private let descriptors: [Int32]
    private let isEnding = Atomic(false)
    private let hasEnded = Atomic(false)

    init(in scene: Scene) {
        descriptors = ["one", "two"].map { open(scene.path($0), O_WRONLY | O_CREAT, 0o644) }
    }

    func start() {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread,
            nil,
            { $0.map { Unmanaged<BusyWriter>.fromOpaque($0).takeRetainedValue().run() } ?? nil },
            argument
        )
        pthread_detach(thread)
    }

    func stop() {
        isEnding.store(true, ordering: .relaxed)
        while !hasEnded.load(ordering: .acquiring) { sched_yield() }
    }

    private func run() -> UnsafeMutableRawPointer? {
        while !isEnding.load(ordering: .relaxed) {
            for descriptor in descriptors { pwrite(descriptor, "x", 1, 0) }
        }
        for descriptor in descriptors { close(descriptor) }
        hasEnded.store(true, ordering: .releasing)
        return nil
    }
}
