import Entries
import Languages
import Stages

/// The metrics in Prometheus' text format 0.0.4: Promtail's names (server-and-metrics.md 4) and the ledger as `sluice_*`.
struct MetricsText {
    private(set) var text = ""

    init(_ status: AgentStatus) {
        let totals = status.ledger.current
        addBuild(status.version)
        addReloads(totals)
        addClients(totals)
        addFiles(status, totals)
        addDrops(totals)
        addLedger(status, totals)
        addJobs(totals)
        addReceivers(status.receivers)
        addLog(status.log)
        addProcess()
        text += status.ledger.customMetrics.text(now: Clock.monotonic())
    }

    /// With Promtail's label names; what tells of a Go program is empty.
    private mutating func addBuild(_ version: String) {
        #if arch(x86_64)
        let architecture = "amd64"
        #elseif arch(arm64)
        let architecture = "arm64"
        #else
        let architecture = "unknown"
        #endif
        let labels = [
            ("branch", ""), ("goarch", architecture), ("goos", "linux"), ("goversion", ""), ("revision", ""),
            ("tags", ""), ("version", version),
        ]
        family("promtail_build_info", "gauge", "Version of the agent.")
        sample("promtail_build_info", labels, 1)
    }

    private mutating func addReloads(_ totals: Ledger.Totals) {
        family("promtail_config_reload_success_total", "counter", "Reloads that were done.")
        sample("promtail_config_reload_success_total", [], totals.reloads)
        family("promtail_config_reload_fail_total", "counter", "Reloads that left the old configuration running.")
        sample("promtail_config_reload_fail_total", [], totals.failedReloads)
    }

    private mutating func addClients(_ totals: Ledger.Totals) {
        let clients = totals.clients.sorted { $0.key < $1.key }
        counter("promtail_encoded_bytes_total", "Compressed bytes built.", clients) { $0.encodedBytes }
        counter("promtail_sent_bytes_total", "Compressed bytes that were accepted.", clients) { $0.sentBytes }
        counter("promtail_sent_entries_total", "Entries that were accepted.", clients) { $0.sentEntries }
        addTenants(totals, clients)
        addRequests(clients)
    }

    /// What one tenant's entries at one client met with, by reason.
    fileprivate struct TenantRow {
        let host: String
        let tenant: String
        var retries: UInt64 = 0
        var droppedEntries: [String: UInt64] = [:]
        var droppedBytes: [String: UInt64] = [:]
        var cutEntries: [String: UInt64] = [:]
        var cutBytes: [String: UInt64] = [:]
    }

    private static func rows(
        _ totals: Ledger.Totals,
        _ clients: [(key: String, value: Ledger.ClientSums)]
    ) -> [TenantRow] {
        clients.flatMap { host, client in
            var rows: [String: TenantRow] = [:]
            for (tenant, sums) in client.tenants {
                rows[tenant] = TenantRow(
                    host: host,
                    tenant: tenant,
                    retries: sums.retries,
                    droppedEntries: sums.droppedEntries,
                    droppedBytes: sums.droppedBytes
                )
            }
            for (name, lines) in totals.longLines {
                let tenant = name.isEmpty ? client.ownTenant : name
                rows[tenant, default: TenantRow(host: host, tenant: tenant)].take(lines)
            }
            if client.refusedEntries > 0 {
                let tenant = client.ownTenant
                rows[tenant, default: TenantRow(host: host, tenant: tenant)]
                    .droppedEntries["stream_limited", default: 0] += client.refusedEntries
            }
            return rows.values.sorted { $0.tenant < $1.tenant }
        }
    }

    private mutating func addTenants(
        _ totals: Ledger.Totals,
        _ clients: [(key: String, value: Ledger.ClientSums)]
    ) {
        let rows = Self.rows(totals, clients)
        family("promtail_batch_retries_total", "counter", "Failed attempts that are worth retrying.")
        for row in rows {
            sample("promtail_batch_retries_total", [("host", row.host), ("tenant", row.tenant)], row.retries)
        }
        reasons("promtail_dropped_entries_total", "Entries given up, by reason.", rows, \.droppedEntries)
        reasons("promtail_dropped_bytes_total", "Bytes given up, by reason.", rows, \.droppedBytes)
        reasons("promtail_mutated_entries_total", "Entries cut, by reason.", rows, \.cutEntries)
        reasons("promtail_mutated_bytes_total", "Bytes cut off entries, by reason.", rows, \.cutBytes)
    }

    private mutating func reasons(
        _ name: String,
        _ help: String,
        _ rows: [TenantRow],
        _ values: (TenantRow) -> [String: UInt64]
    ) {
        family(name, "counter", help)
        for row in rows {
            for reason in ["ingester_error", "line_too_long", "rate_limited", "stream_limited"] {
                let labels = [("host", row.host), ("reason", reason), ("tenant", row.tenant)]
                sample(name, labels, values(row)[reason] ?? 0)
            }
        }
    }

    private mutating func counter(
        _ name: String,
        _ help: String,
        _ clients: [(key: String, value: Ledger.ClientSums)],
        _ value: (Ledger.ClientSums) -> UInt64
    ) {
        family(name, "counter", help)
        for client in clients { sample(name, [("host", client.key)], value(client.value)) }
    }

    private mutating func addFiles(_ status: AgentStatus, _ totals: Ledger.Totals) {
        guard !status.readsStandardInput else { return }
        let files = status.files
        family("promtail_files_active_total", "gauge", "Files being tailed.")
        sample("promtail_files_active_total", [], UInt64(files.active))
        family("promtail_targets_active_total", "gauge", "Targets being watched.")
        sample("promtail_targets_active_total", [], UInt64(files.targets))
        family("promtail_targets_failed_total", "counter", "Targets found and not read, at each look, by reason.")
        for (reason, count) in totals.failedTargets.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            sample("promtail_targets_failed_total", [("reason", reason.rawValue)], count)
        }
        family("promtail_read_bytes_total", "gauge", "How far a file was read.")
        for file in files.files {
            sample("promtail_read_bytes_total", [("path", file.path)], UInt64(max(0, file.readPosition)))
        }
        family("promtail_file_bytes_total", "gauge", "Size of a file.")
        for file in files.files {
            sample("promtail_file_bytes_total", [("path", file.path)], UInt64(max(0, file.size)))
        }
        family("promtail_read_lines_total", "counter", "Lines read from a file.")
        for (path, count) in totals.linesByPath.sorted(by: { $0.key < $1.key }) {
            sample("promtail_read_lines_total", [("path", path)], count)
        }
    }

    private mutating func addDrops(_ totals: Ledger.Totals) {
        family("logentry_dropped_lines_total", "counter", "Lines dropped by stages, by reason.")
        var byReason: [String: UInt64] = [:]
        for (reason, count) in totals.drops where reason.isCountedByPromtail {
            byReason[reason.reason, default: 0] += count
        }
        for (reason, count) in byReason.sorted(by: { $0.key < $1.key }) {
            sample("logentry_dropped_lines_total", [("reason", reason)], count)
        }
    }

    private mutating func addLedger(_ status: AgentStatus, _ totals: Ledger.Totals) {
        family("sluice_read_lines_total", "counter", "Lines read from all sources.")
        sample("sluice_read_lines_total", [], totals.readLines)
        family("sluice_read_bytes_total", "counter", "Bytes read from all sources.")
        sample("sluice_read_bytes_total", [], totals.readBytes)
        family("sluice_dropped_lines_total", "counter", "Lines dropped on purpose, by stage and reason.")
        for (reason, count) in totals.drops.sorted(by: { ($0.key.stage, $0.key.reason) < ($1.key.stage, $1.key.reason) }
        ) {
            sample("sluice_dropped_lines_total", [("reason", reason.reason), ("stage", reason.stage)], count)
        }
        let lines: [(name: String, type: String, help: String, value: UInt64)] = [
            (
                "sluice_joined_lines_total", "counter", "Lines that went into the entry of another line.",
                totals.joinedLines
            ),
            ("sluice_held_lines", "gauge", "Lines that stages hold back.", totals.heldLines),
            (
                "sluice_cut_lines_total", "counter", "Lines cut while they were read: longer than 16 MiB.",
                totals.cutLines
            ),
            ("sluice_cut_bytes_total", "counter", "Bytes left out of them.", totals.cutBytes),
            ("sluice_label_sets_total", "counter", "Different label sets that were seen.", totals.labelSets),
        ]
        for line in lines {
            family(line.name, line.type, line.help)
            sample(line.name, [], line.value)
        }
        family(
            "sluice_odd_lines_total",
            "counter",
            "Lines that are not UTF-8 or hold NUL bytes, which are sent as they are."
        )
        for kind in Oddity.allCases {
            sample("sluice_odd_lines_total", [("kind", kind.rawValue)], totals.oddLines[kind.rawValue] ?? 0)
        }
        family("sluice_taken_entries_total", "counter", "Entries put into batches.")
        for (host, client) in totals.clients.sorted(by: { $0.key < $1.key }) {
            sample("sluice_taken_entries_total", [("host", host)], client.takenEntries)
        }
        family("sluice_returned_entries_total", "counter", "Entries read again since nobody answered before a reload.")
        for (host, client) in totals.clients.sorted(by: { $0.key < $1.key }) {
            sample("sluice_returned_entries_total", [("host", host)], client.returnedEntries)
        }
        family("sluice_in_flight_entries", "gauge", "Entries that are not answered for.")
        for (host, client) in totals.clients.sorted(by: { $0.key < $1.key }) {
            sample("sluice_in_flight_entries", [("host", host)], client.inFlightEntries)
        }
        family("sluice_redacted_values_total", "counter", "Values masked by redact stages.")
        sample("sluice_redacted_values_total", [], totals.redactedValues)
        family("sluice_refused_series_total", "counter", "Changes of metrics stages that have too many series.")
        sample("sluice_refused_series_total", [], status.ledger.customMetrics.refused)
        family("sluice_in_flight_bytes", "gauge", "Memory of batches that are not answered for.")
        sample("sluice_in_flight_bytes", [], UInt64(max(0, status.bytesInFlight)))
    }

    private mutating func addLog(_ log: AgentLog) {
        for name in ["loki_internal_log_messages_total", "loki_log_messages_total"] {
            family(name, "counter", "Lines of the agent's own log.")
            for (level, count) in log.lineCounts { sample(name, [("level", "\(level)")], count) }
        }
    }

    private mutating func addProcess() {
        guard let process = ProcessFigures() else { return }
        let figures: [(name: String, type: String, help: String, value: Double)] = [
            ("process_cpu_seconds_total", "counter", "User and system time.", process.processorSeconds),
            ("process_max_fds", "gauge", "Most open files.", Double(process.openFileLimit)),
            ("process_open_fds", "gauge", "Open files.", Double(process.openFiles)),
            ("process_resident_memory_bytes", "gauge", "Resident memory.", Double(process.residentBytes)),
            ("process_start_time_seconds", "gauge", "Start, since 1970.", process.startTime),
            ("process_virtual_memory_bytes", "gauge", "Virtual memory.", Double(process.virtualBytes)),
        ]
        for figure in figures {
            family(figure.name, figure.type, figure.help)
            text += "\(figure.name) \(GoNumber.general(figure.value))\n"
        }
    }

    private mutating func addRequests(_ clients: [(key: String, value: Ledger.ClientSums)]) {
        family("promtail_request_duration_seconds", "histogram", "Time of each attempt to push.")
        for (host, client) in clients {
            for (status, requests) in client.requests.sorted(by: { $0.key < $1.key }) {
                let labels = "host=\"\(MetricText.escaped(host))\",status_code=\"\(status)\""
                requests.append("promtail_request_duration_seconds", labels, to: &text)
            }
        }
    }

    // MARK: - The format

    mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: UInt64) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.0)=\"\(MetricText.escaped($0.1))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }
}

extension MetricsText.TenantRow {
    fileprivate mutating func take(_ lines: Ledger.LongLines) {
        droppedEntries["line_too_long", default: 0] += lines.droppedLines
        droppedBytes["line_too_long", default: 0] += lines.droppedBytes
        cutEntries["line_too_long", default: 0] += lines.cutLines
        cutBytes["line_too_long", default: 0] += lines.cutBytes
    }
}
