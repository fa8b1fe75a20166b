import Containers
import Entries
import Journal

extension AgentLog {
    /// What the reader of a journal has to say.
    func tell(_ notice: JournalNotice, job: String) {
        switch notice {
        case .unavailable(let reason):
            warn("the journal cannot be opened, it is tried again", ("job", job), ("reason", reason))
        case .noPermission(let count):
            warn(
                "journal files may not be read: add the user to the group systemd-journal (or adm)",
                ("job", job),
                ("files", "\(count)")
            )
        case .opened(let folder):
            info("the journal is there now", ("job", job), ("path", folder))
        case .cursorVanished(let gap):
            warn(
                "the journal does not reach back to where reading ended, it goes on at the next entry in time",
                [("job", job)] + Self.values(gap)
            )
        case .cursorUnusable:
            warn("the saved position is no cursor of a journal, max_age says where to begin", ("job", job))
        case .tooOld(let before):
            warn("entries older than max_age are passed over", ("job", job), ("before", Self.text(before)))
        case .gap(let gap):
            warn("entries left the journal, or were damaged, before they were read", [("job", job)] + Self.values(gap))
        case .reopening(let reason):
            warn("the journal cannot be read on, it is opened again", ("job", job), ("reason", reason))
        }
    }

    /// What the reader of an engine has to say; container ids are shortened as the engines do.
    func tell(_ notice: ContainerNotice, job: String) {
        switch notice {
        case .unavailable(let reason):
            warn("the container engine does not answer, it is asked again", ("job", job), ("reason", reason))
        case .available: info("the container engine answers again", ("job", job))
        case .noLogs(let container, let reason):
            warn(
                "the logs of a container cannot be read",
                ("job", job),
                ("container", String(container.prefix(12))),
                ("reason", reason)
            )
        case .brokenOff(let container, let reason):
            warn(
                "the log of a container breaks off, it is read on",
                ("job", job),
                ("container", String(container.prefix(12))),
                ("reason", reason)
            )
        }
    }

    /// What the reader of a Kubernetes API has to say.
    func tellKubernetes(_ notice: ContainerNotice, job: String) {
        switch notice {
        case .unavailable(let reason):
            warn(
                "the Kubernetes API cannot be asked, it is tried again; targets stay as they are",
                ("job", job),
                ("reason", reason)
            )
        case .available: info("the Kubernetes API answers again", ("job", job))
        case .noLogs, .brokenOff: break
        }
    }

    private static func values(_ gap: JournalGap) -> [(String, String)] {
        let count = gap.count.map { "\($0)" } ?? "unknown"
        return [("from", text(gap.from)), ("to", text(gap.to)), ("entries", count)]
    }

    private static func text(_ microseconds: UInt64) -> String {
        let seconds = Int64(clamping: microseconds / 1_000_000)
        return text(Timestamp(seconds: seconds, nanoseconds: Int64(microseconds % 1_000_000) * 1_000))
    }
}
