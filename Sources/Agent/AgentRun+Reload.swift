import Configuration
import Files
import HTTPServer

/// What became of a request to reload.
enum ReloadOutcome: Equatable {
    case done
    /// The old configuration goes on.
    case refused(String)
    /// The agent ends: a signal came meanwhile, or no thread can be started any more.
    case isEnding

    var answer: HTTPResponse {
        switch self {
        case .done: HTTPResponse(status: 200)
        case .refused(let reason): .text(500, "failed to reload config: \(reason)\n")
        case .isEnding: .text(503, "the agent is stopping\n")
        }
    }
}

/// A changed configuration without a new start (config.md 15).
///
/// The new configuration is loaded and everything that may fail is made from it before the old one ends, so that a mistake
/// leaves the old one running. What the old one has not been answered for in time is read again by the new one, as it is
/// after a stop; files that are not read to their end go over open, as they may have been removed.
extension AgentRun {
    /// How long the old configuration's last pushes are waited for.
    private static let patience = Duration.seconds(5)

    func reload() -> ReloadOutcome {
        serviceManager.reloading(now: Clock.monotonic())
        defer { serviceManager.ready() }
        do throws(AgentError) {
            let outcome = try reloaded()
            if outcome == .done { ledger.countReload(isDone: true) }
            return outcome
        } catch {
            ledger.countReload(isDone: false)
            log.error("reload failed, the old configuration goes on", ("error", "\(error)"))
            return .refused("\(error)")
        }
    }

    private func reloaded() throws(AgentError) -> ReloadOutcome {
        guard let load = options.load, !configuration.targets.readsStandardInput else {
            throw AgentError("standard input is read once, and with one configuration")
        }
        let next = try load()
        guard !next.targets.readsStandardInput else {
            throw AgentError("'stdin' needs a new start")
        }
        var nextParts = try AgentParts(
            next,
            options,
            ledger: ledger,
            receiverTotals: receiverTotals,
            log: log,
            main: mainWakeup
        )
        var nextKeeper: PositionsKeeper?
        if next.positions != configuration.positions {
            nextKeeper = try PositionsKeeper(next.positions, log: log, isWritable: !options.isDryRun)
        }
        log.info("Reloading configuration file")
        if next.server != configuration.server {
            log.warn("changes of 'server' need a new start, the rest of the configuration is taken")
        }

        let (held, isEnding) = end(within: Self.patience, isReload: true)
        keeper.takeSnapshots(parts)
        keeper.save()
        guard !isEnding else {
            log.info("=== received SIGINT/SIGTERM === *** exiting")
            return .isEnding
        }
        keeper.beginAnew(in: nextKeeper)
        ledger.forgetPaths()
        nextParts.makeWorkers(positions: keeper.loaded, held: held)
        configuration = next
        parts = nextParts
        do throws(AgentError) {
            try parts.start()
        } catch {
            log.error("the new configuration cannot be started; ending", ("error", "\(error)"))
            return .isEnding
        }
        do throws(AgentError) {
            try parts.listen()
        } catch {
            log.error("a receiver of the new configuration cannot listen, the rest of it runs", ("error", "\(error)"))
        }
        showStatus()
        return .done
    }
}
