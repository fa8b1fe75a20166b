/// One file being tailed for one target.
///
/// Belongs to the thread of its ``TailSet``.
final class Tail {
    /// How bytes of the file become lines.
    enum Content {
        case plain
        case encoded(LineDecoder)
        /// A compressed file, read once from front to back; its position counts lines.
        case compressed(CompressedReader)
        /// The compressed remains of a file that was rotated while nobody looked; its position counts bytes.
        case compressedRest(CompressedReader)
    }

    let source: SourceID
    let target: TargetState
    /// The path as matched when the file was opened: the label `filename`.
    let label: String
    let content: Content
    /// The path that leads to the file, or the last one that did.
    var path: String
    /// Where `path` leads if it is, or goes through, a symbolic link.
    var resolvedPath: String?
    let identity: FileIdentity
    /// Nil while everything is read and the descriptor is needed elsewhere.
    var file: OpenFile?

    /// Start of the next unread line.
    var position: Int64
    /// Everything before it is safe.
    var acknowledged: Int64
    var head = Fingerprint.none
    /// Of the bytes just before `position`.
    var before = Fingerprint.none
    /// Bytes after `position` that are known to hold no newline: an open line.
    var searched: Int64 = 0
    /// Its first bytes were compared with those that were seen when it was found.
    var hasBeenRead = false
    /// When it was changed last, if it was empty then and nobody has seen anything in it yet; nanoseconds since 1970.
    var emptyAt: Int64?
    /// A line without newline is complete now.
    var isOpenLineDue = false
    /// As last seen.
    var links: UInt32
    var size: Int64
    var modified: Int64

    var tracker: RotationTracker
    var isQueued = false
    var hasGrown = false
    /// Not read before this file has nothing left: what it took the place of.
    var predecessor: Tail?
    /// Nanoseconds; nil for a file whose changes inotify tells.
    var pollAt: Int64?
    var pollPeriod: Int64
    var lastUse: UInt64 = 0
    /// When it could have been read first: from then on the initial delay counts.
    var firstRead: Int64?
    /// It waits for the end of the initial delay.
    var isDelayed = false
    var warned: Set<TailWarning.Kind> = []
    /// The file was cut: what was read of it stands nowhere any more, or in `file`, a copy.
    var isReplaced = false

    init(
        source: SourceID,
        target: TargetState,
        path: String,
        status: FileStatus,
        content: Content,
        position: Int64,
        tracker: RotationTracker,
        pollPeriod: Int64
    ) {
        self.source = source
        self.target = target
        self.label = path
        self.path = path
        self.identity = status.identity
        self.content = content
        self.position = position
        self.acknowledged = position
        self.links = status.links
        self.size = status.size
        self.modified = status.modified
        self.tracker = tracker
        self.pollPeriod = pollPeriod
    }

    var isCompressed: Bool {
        switch content {
        case .plain, .encoded: false
        case .compressed, .compressedRest: true
        }
    }

    /// Nothing is left to read and the file can be opened again by its path.
    var mayBeClosed: Bool {
        switch content {
        case .plain, .encoded: !isQueued && !tracker.hasLeft && file != nil && searched == 0
        case .compressed(let reader), .compressedRest(let reader): !isQueued && file != nil && reader.isClosed
        }
    }

    /// What is saved about this file.
    var record: FileRecord {
        var unit = FileRecord.Unit.bytes
        if case .compressed = content { unit = .lines }
        return FileRecord(
            path: path,
            identity: identity,
            head: head,
            before: unit == .lines ? .none : fingerprintBeforeAcknowledged,
            position: acknowledged,
            unit: unit,
            isRotated: tracker.hasLeft || isReplaced
        )
    }

    private var fingerprintBeforeAcknowledged: Fingerprint {
        if acknowledged == position { return before }
        if case .compressedRest = content { return .none }
        guard let file else { return .none }
        return Fingerprint.before(acknowledged, in: file) ?? .none
    }
}
