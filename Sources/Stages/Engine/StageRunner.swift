import Entries

/// A compiled stage behind one virtual call, whatever its type.
///
/// The base class is the stage that changes nothing, which is what an empty mapping in a pipeline means.
class StageRunner {
    /// The stage's name in the configuration.
    let name: String
    /// Where `.skip` leads: the index behind the block that this stage begins.
    var skipTarget = 0

    init(name: String, mayWait: Bool = false) {
        self.name = name
        self.mayWait = mayWait
    }

    /// Whether the stage keeps entries back.
    var mayHold: Bool { false }
    /// Whether the stage may answer `.wait`.
    let mayWait: Bool

    func prepare() {}
    func process(_ entry: inout Entry) -> Verdict { .keep }
    var deadline: Int64? { nil }
    func expire(now: Int64, isEnding: Bool) {}
    func nextReleased() -> HeldEntry? { nil }
}

/// Runs a stage that never holds anything back.
final class PlainStageRunner<Body: Stage>: StageRunner {
    private var body: Body

    init(_ body: Body) {
        self.body = body
        super.init(name: Body.spec.name, mayWait: (body as? any WaitingStage)?.mayWait ?? false)
    }

    override func prepare() { body.prepare() }
    override func process(_ entry: inout Entry) -> Verdict { body.process(&entry) }
}

/// Runs a stage that may hold entries back.
final class HoldingStageRunner<Body: HoldingStage>: StageRunner {
    private var body: Body

    init(_ body: Body) {
        self.body = body
        super.init(name: Body.spec.name)
    }

    override func prepare() { body.prepare() }
    override func process(_ entry: inout Entry) -> Verdict { body.process(&entry) }
    override var mayHold: Bool { true }
    override var deadline: Int64? { body.deadline }
    override func expire(now: Int64, isEnding: Bool) { body.expire(now: now, isEnding: isEnding) }
    override func nextReleased() -> HeldEntry? { body.nextReleased() }
}
