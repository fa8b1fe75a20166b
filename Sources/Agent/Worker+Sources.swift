import Files
import Stages

/// Sources that come and go.
extension Worker {
    func handleEvents() {
        var hasChanged = false
        for event in source.takeEvents() {
            switch event {
            case .opened(let id, let target, let path, let position):
                open(id, target, path, position)
                hasChanged = true
            case .finished(let id):
                hasChanged = true
                guard let state = sources[id.rawValue] else { continue }
                state.isFinished = true
                advance(state)
            case .nothingFound(let pattern):
                log.info("no file matches yet; the first one that does is read from its start", ("path", pattern))
            case .warning(let warning): log.tail(warning)
            }
        }
        guard hasChanged else { return }
        hasNews = true
        mailbox.askForSave()
    }

    private func open(_ id: SourceID, _ number: Int, _ path: String, _ position: Int64) {
        guard let target = targets[number] else { return }
        var labels = target.labels
        if target.addsFilename {
            labels.removeAll { $0.name == "filename" }
            labels.append(("filename", Array(path.utf8)))
            log.info("tail routine: started", ("path", path))
        }
        labels.sort { $0.name < $1.name }
        let base = bases[target.pipeline].retain(labels, in: pipelines[target.pipeline].labelSets)
        let state = SourceState(
            number: id.rawValue,
            pipeline: target.pipeline,
            base: base.number,
            path: path,
            position: position
        )
        state.baseKeys = [base.key]
        sources[id.rawValue] = state
    }

    func forget(_ state: SourceState) {
        sources[state.number] = nil
        for key in state.baseKeys { bases[state.pipeline].release(key) }
        guard state.batch == nil else { return tell(state) }
        // After a rotation another file goes on under the same path, and so does its counter.
        guard !sources.values.contains(where: { $0.path == state.path }) else { return }
        sums.linesByPath[state.path] = nil
        ledger.forget(path: state.path)
    }
}
