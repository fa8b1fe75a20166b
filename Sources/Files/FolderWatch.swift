import CLinux
import Glibc

/// One inotify instance that tells what happens to the names in some folders.
package final class FolderWatch {
    package enum Change: Equatable {
        /// The file was written or cut.
        case content(path: String)
        /// The name appeared or vanished.
        case name(path: String, isFolder: Bool)
        /// The folder is no longer watched, because it is gone or was moved.
        case folderGone
        /// Notifications were lost.
        case overflow
    }

    package enum Outcome: Equatable {
        case watched
        /// inotify does not see what happens there, or there is no inotify.
        case needsPolling
        /// The user's limit of watches is reached.
        case limitReached
        /// There is no such folder.
        case missing
    }

    /// For poll(2): readable when something happened, -1 without inotify (the user's limit of instances, or disabled).
    package let descriptor: Int32
    private var foldersByWatch: [Int32: Set<String>] = [:]
    private var watchesByFolder: [String: Int32] = [:]
    /// Folders that were refused, so that each is asked for once per look and not for each file.
    private var refused: [String: Outcome] = [:]
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    /// `isEnabled`: false makes every folder one that needs polling.
    package init(isEnabled: Bool) { descriptor = isEnabled ? max(clinux_watch_open(), -1) : -1 }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var count: Int { watchesByFolder.count }

    func watches(_ folder: String) -> Bool { watchesByFolder[folder] != nil }

    package func watch(_ folder: String) -> Outcome {
        if watchesByFolder[folder] != nil { return .watched }
        if let outcome = refused[folder] { return outcome }
        let outcome = add(folder)
        if outcome != .watched { refused[folder] = outcome }
        return outcome
    }

    private func add(_ folder: String) -> Outcome {
        guard descriptor >= 0, clinux_is_remote(folder) == 0 else { return .needsPolling }
        let watch = clinux_watch_folder(descriptor, folder)
        guard watch >= 0 else {
            switch -watch {
            case ENOSPC, ENOMEM: return .limitReached
            case ENOENT, ENOTDIR: return .missing
            default: return .needsPolling
            }
        }
        watchesByFolder[folder] = watch
        foldersByWatch[watch, default: []].insert(folder)
        return .watched
    }

    /// Ends the watches of all folders but `wanted`, and lets refused ones be asked for again.
    package func keepOnly(_ wanted: Set<String>) {
        refused.removeAll()
        for (folder, watch) in watchesByFolder where !wanted.contains(folder) {
            watchesByFolder[folder] = nil
            foldersByWatch[watch]?.remove(folder)
            if foldersByWatch[watch]?.isEmpty ?? false {
                foldersByWatch[watch] = nil
                clinux_unwatch(descriptor, watch)
            }
        }
    }

    /// What happened since the last call; the rest comes with the next one where others cause changes faster than they
    /// are read.
    package func drain() -> [Change] {
        guard descriptor >= 0 else { return [] }
        var changes: [Change] = []
        for _ in 0..<Self.maximumReads {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return changes }
            parse(count, into: &changes)
        }
        return changes
    }

    /// 1 MiB of events: more than 3,000 with the longest names.
    private static let maximumReads = 16

    /// struct inotify_event of inotify(7): watch, mask, cookie, length of the name, then the name padded with NUL.
    private func parse(_ count: Int, into changes: inout [Change]) {
        buffer.withUnsafeBytes { bytes in
            let headerBytes = 16
            var offset = 0
            while offset + headerBytes <= count {
                let watch = bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)
                let mask = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                let length = Int(bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
                let name = bytes[(offset + headerBytes)..<min(offset + headerBytes + length, count)]
                offset += headerBytes + length
                add(watch: watch, mask: mask, name: String(decoding: name.prefix { $0 != 0 }, as: UTF8.self), &changes)
            }
        }
    }

    private func add(watch: Int32, mask: UInt32, name: String, _ changes: inout [Change]) {
        if clinux_event_is_overflow(mask) != 0 {
            changes.append(.overflow)
        } else if clinux_event_is_watch_gone(mask) != 0 || clinux_event_is_folder_moved(mask) != 0 {
            forget(watch, isStillWatched: clinux_event_is_watch_gone(mask) == 0)
            changes.append(.folderGone)
        } else if !name.isEmpty {
            for folder in foldersByWatch[watch] ?? [] {
                let path = PathName.join(folder, name)
                if clinux_event_is_name_change(mask) != 0 {
                    changes.append(.name(path: path, isFolder: clinux_event_is_folder(mask) != 0))
                } else if clinux_event_is_content_change(mask) != 0 {
                    changes.append(.content(path: path))
                }
            }
        }
    }

    private func forget(_ watch: Int32, isStillWatched: Bool) {
        for folder in foldersByWatch.removeValue(forKey: watch) ?? [] { watchesByFolder[folder] = nil }
        if isStillWatched { clinux_unwatch(descriptor, watch) }
    }
}
