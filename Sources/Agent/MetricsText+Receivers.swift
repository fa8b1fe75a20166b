import Containers
import Journal
import Receivers

/// What receivers count (server-and-metrics.md 4.3); a kind that is not configured has no metrics.
extension MetricsText {
    mutating func addReceivers(_ totals: ReceiverTotals) {
        if let sums = totals.sums(.syslog) {
            counter("promtail_syslog_target_entries_total", "Syslog messages that were handed on.", sums.entries)
            counter("promtail_syslog_target_parsing_errors_total", "Syslog messages that are none.", sums.parseErrors)
            counter("promtail_syslog_empty_messages_total", "Syslog messages without text.", sums.empty)
        }
        if let sums = totals.sums(.gelf) {
            counter("promtail_gelf_target_entries_total", "GELF messages that were received.", sums.entries)
            counter("promtail_gelf_target_parsing_errors_total", "GELF messages that are none.", sums.parseErrors)
        }
        if let sums = totals.sums(.pushAPI) {
            counter("sluice_push_api_entries_total", "Entries of pushes that were handed on.", sums.entries)
            counter("sluice_push_api_refused_requests_total", "Pushes that cannot be decoded.", sums.parseErrors)
        }
        if totals.hasContainers { addContainers(totals.containers.current) }
        if totals.hasJournal { addJournal(totals.journal.current) }
        let kinds: [(ReceiverTotals.Kind, String)] = [(.syslog, "syslog"), (.gelf, "gelf")]
        let refused = kinds.compactMap { kind, name in totals.sums(kind).map { (name, $0.refused) } }
        guard !refused.isEmpty else { return }
        let name = "sluice_refused_datagrams_total"
        family(name, "counter", "Messages by UDP that came while the output was blocked, and were lost.")
        for (kind, count) in refused { sample(name, [("kind", kind)], count) }
    }

    private mutating func addContainers(_ sums: ContainerSums) {
        counter("promtail_docker_target_entries_total", "Lines of containers that were handed on.", sums.lines)
        counter("promtail_docker_target_parsing_errors_total", "Parts of logs that make no line.", sums.errors)
        counter("sluice_docker_relabelled_total", "Lines of containers that relabel_configs dropped.", sums.relabelled)
        counter("sluice_docker_cut_lines_total", "Lines of containers that were cut.", sums.cut)
    }

    private mutating func addJournal(_ sums: JournalSums) {
        counter("promtail_journal_target_lines_total", "Journal entries that were handed on.", sums.lines)
        let errors = "promtail_journal_target_parsing_errors_total"
        family(errors, "counter", "Journal entries that make no line.")
        sample(errors, [("error", "no_message")], sums.withoutMessage)
        sample(errors, [("error", "empty_labels")], sums.withoutLabels)
        counter("sluice_journal_relabelled_total", "Journal entries that relabel_configs dropped.", sums.relabelled)
        counter("sluice_journal_damaged_entries_total", "Journal entries that could not be read.", sums.damaged)
        counter("sluice_journal_cut_entries_total", "Journal entries with a value that was cut.", sums.cut)
        counter(
            "sluice_journal_missing_entries_total",
            "Entries that journald counted and that were gone before they were read.",
            sums.missing
        )
    }

    private mutating func counter(_ name: String, _ help: String, _ value: UInt64) {
        family(name, "counter", help)
        sample(name, [], value)
    }
}
