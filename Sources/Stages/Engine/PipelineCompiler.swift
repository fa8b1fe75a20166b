package import Configuration
package import Entries

/// Turns the `pipeline_stages` of a configuration into a flat program of stages.
///
/// Stages ask it for the slots of the names they use and for the numbers of their drop reasons. Mistakes are collected,
/// not thrown, so that one run shows all of them.
package final class PipelineCompiler {
    /// What goes wrong and what looks wrong, in the order of discovery.
    package var diagnostics: Diagnostics
    let labelSets = LabelSets()
    /// The one pass over the line that all stages working on JSON share.
    let lineScan = LineScan()
    /// Which names in the pipeline stand for values of other keys.
    let origins = ValueOrigins()
    /// Counts the values that redact stages mask.
    let redactionCounter = RedactionCounter()
    /// What the metrics stages count.
    let metrics = PipelineMetrics()
    private(set) var dropReasons: [DropReason] = []
    private(set) var program: [StageRunner] = []
    private var nesting = 0
    private var seeds: RandomNumbers
    /// Names that stages set in passing.
    private var offeredNames: [String] = []
    private var keepsAllNames = false

    /// Blocks inside blocks that a pipeline may have.
    static let nestingLimit = 32

    /// `seed`: what stages that leave something to chance start from; the same seed gives the same choices.
    package init(diagnostics: Diagnostics, seed: UInt64 = .random(in: .min ... .max)) {
        self.diagnostics = diagnostics
        seeds = RandomNumbers(seed: seed)
    }

    /// The register of a name of the extracted map.
    package func slot(_ name: String) -> Slot { labelSets.slot(name) }

    /// The slot of a label.
    package func labelSlot(_ name: String) -> LabelSlot { labelSets.labelSlot(name) }

    /// Names that a stage can set without being asked, such as the parts of a container runtime's line.
    ///
    /// They get a register only where another stage names them or ``keepAllNames()`` was called; the stage looks for
    /// it with ``LabelSets/register(named:)`` once all are compiled.
    func offer(_ names: [String]) { offeredNames += names }

    /// Gives every name of the extracted map a register, for stages that look at the map as a whole.
    package func keepAllNames() { keepsAllNames = true }

    /// The number of a drop reason; the same reason of the same stage has one number.
    package func dropID(_ reason: DropReason) -> DropID {
        if let index = dropReasons.firstIndex(of: reason) { return DropID(index: index) }
        dropReasons.append(reason)
        return DropID(index: dropReasons.count - 1)
    }

    /// A number that tells stages of one pipeline apart; 0 for the first.
    var stageNumber: Int { program.count }

    /// Random numbers for one stage.
    func randomNumbers() -> RandomNumbers { RandomNumbers(seed: seeds.next()) }

    /// Compiles the list of stages; the result is used only when no mistake was found.
    package func compile(_ stages: [YAMLNode]) -> Pipeline {
        compileList(stages)
        if keepsAllNames {
            for name in offeredNames + labelSets.touchedNames { _ = slot(name) }
        }
        for stage in program { stage.prepare() }
        return Pipeline(
            program: program,
            labelSets: labelSets,
            lineScan: lineScan,
            dropReasons: dropReasons,
            redactionCounter: redactionCounter,
            metrics: metrics
        )
    }

    private func compileList(_ stages: [YAMLNode]) {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.nestingLimit else {
            if let first = stages.first {
                report(first, "stages are nested more than \(Self.nestingLimit) deep")
            }
            return
        }
        for node in stages { compileStage(node) }
    }

    private func compileStage(_ node: YAMLNode) {
        guard let pairs = node.pairs else {
            let text = node.scalar?.text ?? ""
            report(
                node,
                "a stage must be a mapping with one key",
                help: text.isEmpty ? "write '- NAME:' with the options below it" : "write '- \(text):' with a colon"
            )
            return
        }
        guard pairs.count <= 1 else {
            report(
                pairs[1].key,
                "a stage must have exactly one key, this one has \(pairs.count)",
                help: "begin each stage with its own '- '"
            )
            return
        }
        guard let pair = pairs.first else { return }
        guard let name = pair.key.scalar?.text else {
            report(pair.key, "the name of a stage must be a text")
            return
        }
        guard let type = StageCatalog.stage(named: name) else {
            let question = Suggestion.question(name, among: StageCatalog.all.map { $0.spec.name })
            report(
                pair.key,
                "unknown stage '\(name)'\(question)",
                help: question.isEmpty ? "'sluice stages' lists all stages" : nil
            )
            return
        }
        if name != type.spec.name {
            diagnostics.add(
                Diagnostic(
                    .warning,
                    at: pair.key,
                    "'\(name)' is an old name of '\(type.spec.name)'",
                    help: "write '\(type.spec.name)'"
                )
            )
        }
        compile(type, pair)
    }

    private func report(_ node: YAMLNode, _ message: String, help: String? = nil) {
        diagnostics.add(Diagnostic(at: node, message, help: help))
    }

    private func compile(_ type: any Stage.Type, _ pair: YAMLPair) {
        let spec = type.spec
        var checked = Diagnostics(file: diagnostics.file)
        let options = Options(
            pair.value,
            stage: spec.name,
            position: pair.key.position,
            specs: spec.options,
            unknownOptions: spec.isStrict ? .error : .warning,
            isWeak: spec.isWeak,
            diagnostics: &checked
        )
        diagnostics.add(checked)
        let block = options.node("stages")?.items ?? []
        // Options that failed their check are missing now; compiling further would only report that a second time.
        guard !checked.hasErrors else { return compileList(block) }
        do throws(Diagnostic) {
            let runner = try makeRunner(type, options)
            program.append(runner)
            compileList(block)
            runner.skipTarget = program.count
        } catch {
            diagnostics.add(error)
        }
    }

    private func makeRunner<Body: Stage>(_ type: Body.Type, _ options: Options) throws(Diagnostic) -> StageRunner {
        let body = try type.init(options, self)
        guard let holding = body as? any HoldingStage else { return PlainStageRunner(body) }
        return makeHoldingRunner(holding)
    }

    private func makeHoldingRunner<Body: HoldingStage>(_ body: Body) -> StageRunner { HoldingStageRunner(body) }
}
