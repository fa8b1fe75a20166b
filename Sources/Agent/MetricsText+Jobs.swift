import Entries

/// The ledger of each job: what was read, and what became of it.
///
/// The label is `job_name`, as Prometheus has a `job` of its own.
extension MetricsText {
    mutating func addJobs(_ totals: Ledger.Totals) {
        let jobs = totals.jobs.sorted { $0.key < $1.key }
        family("sluice_job_read_lines_total", "counter", "Lines read, by job.")
        for (job, sums) in jobs { sample("sluice_job_read_lines_total", [("job_name", job)], sums.lines) }
        family("sluice_job_dropped_lines_total", "counter", "Lines dropped on purpose, by job, stage and reason.")
        for (job, sums) in jobs {
            for (reason, count) in sums.drops.sorted(by: {
                ($0.key.stage, $0.key.reason) < ($1.key.stage, $1.key.reason)
            }) {
                let labels = [("job_name", job), ("reason", reason.reason), ("stage", reason.stage)]
                sample("sluice_job_dropped_lines_total", labels, count)
            }
        }
        clients("sluice_job_taken_entries_total", "counter", "Entries put into batches, by job.", jobs, \.taken)
        clients(
            "sluice_job_delivered_entries_total",
            "counter",
            "Entries that were accepted, by job.",
            jobs,
            \.delivered
        )
        clients(
            "sluice_job_given_up_entries_total",
            "counter",
            "Entries given up by a client, by job.",
            jobs,
            \.givenUp
        )
        clients("sluice_job_returned_entries_total", "counter", "Entries read again, by job.", jobs, \.returned)
        clients("sluice_job_in_flight_entries", "gauge", "Entries that are not answered for, by job.", jobs, \.inFlight)
    }

    private mutating func clients(
        _ name: String,
        _ type: String,
        _ help: String,
        _ jobs: [(key: String, value: Ledger.JobSums)],
        _ value: (Ledger.JobClientSums) -> UInt64
    ) {
        family(name, type, help)
        for (job, sums) in jobs {
            for (host, client) in sums.clients.sorted(by: { $0.key < $1.key }) {
                sample(name, [("host", host), ("job_name", job)], value(client))
            }
        }
    }
}
