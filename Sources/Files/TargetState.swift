import Languages

/// A target with its compiled patterns and the files that its paths lead to.
final class TargetState {
    let spec: TailTarget
    /// The pattern from the root on.
    let pattern: String
    let glob: GlobPattern?
    let exclude: GlobPattern?
    /// What is wrong with the target, so that it reads nothing.
    let mistake: TailWarning?
    /// The file that each matched path leads to.
    var occupants: [String: Tail] = [:]
    /// Files that no matched path leads to any more.
    var leaving: [Tail] = []
    /// Files that are complete, so that none is read again when it comes back under another name.
    var finished: [FileRecord] = []
    /// Warnings told about paths that no file is tailed for.
    var warned: [String: TailWarning.Kind] = [:]
    /// Whether its files have been looked for at least once.
    var hasBeenLookedAt = false
    /// Folders of the pattern that have to be watched.
    var folders: [String] = []

    static let maximumFinished = 256

    init(_ spec: TailTarget) {
        self.spec = spec
        pattern = PathName.absolute(spec.pathPattern, isPattern: true)
        let compiled: (glob: GlobPattern?, exclude: GlobPattern?)
        do throws(LanguageError) {
            compiled = try Self.compile(pattern, excluding: spec.excludePattern)
            mistake =
                spec.encoding.map(LineDecoder.isKnown) ?? true
                ? nil : TailWarning(.unknownEncoding, path: spec.pathPattern, reason: spec.encoding ?? "")
        } catch {
            compiled = (nil, nil)
            mistake = TailWarning(.badPattern, path: spec.pathPattern, reason: error.message)
        }
        glob = compiled.glob
        exclude = compiled.exclude
    }

    private static func compile(
        _ pattern: String,
        excluding exclude: String?
    ) throws(LanguageError) -> (GlobPattern?, GlobPattern?) {
        let glob = try GlobPattern(pattern)
        guard let exclude, !exclude.isEmpty else { return (glob, nil) }
        return (glob, try GlobPattern(PathName.absolute(exclude, isPattern: true)))
    }

    /// Whether a file of that name belongs to the target.
    func matches(_ path: String) -> Bool {
        guard mistake == nil, let glob else { return false }
        return (glob.matches(path) || path == literalPath) && !(exclude?.matches(path) ?? false)
    }

    /// Whether neither the pattern means a file of that name nor the exclude pattern forbids to read it.
    func leavesAlone(_ path: String) -> Bool { !matches(path) && !(exclude?.matches(path) ?? false) }

    /// The path that `__path__` is if it is no pattern.
    private var literalPath: String { PathName.absolute(spec.pathPattern) }

    /// Every path that the target means at this moment.
    func matchedPaths() -> [String] {
        guard mistake == nil, let glob else { return [] }
        // As Promtail does: a file whose name looks like a pattern is taken by its name.
        if case .success(let status) = FileStatus.of(path: literalPath), status.kind != .folder {
            return exclude?.matches(literalPath) ?? false ? [] : [literalPath]
        }
        return glob.expand().filter { !(exclude?.matches($0) ?? false) }
    }

    func remember(_ record: FileRecord) {
        if finished.count >= Self.maximumFinished { finished.removeFirst() }
        finished.append(record)
    }
}
