package import Configuration
package import Entries

/// One step of a pipeline.
///
/// A stage reads its options once, in `init`, where it asks the compiler for the slots of the names it uses; `process`
/// then neither parses configuration nor logs nor looks up names. It runs on one thread.
package protocol Stage: SendableMetatype {
    /// Name, options, help and examples: what checking, the reference and completion are made from.
    static var spec: StageSpec { get }

    /// Compiles the stage from options that have passed the check against `spec`.
    ///
    /// - Throws: a mistake that the check cannot see; further ones go to the compiler's list.
    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic)

    /// Looks at what all stages together have asked for; called once, when every stage is compiled.
    mutating func prepare()

    /// Changes the entry, or decides that it goes no further.
    mutating func process(_ entry: inout Entry) -> Verdict
}

extension Stage {
    package mutating func prepare() {}
}

/// A stage that keeps entries back and gives them out later.
package protocol HoldingStage: Stage {
    /// Monotonic nanoseconds when something held becomes due; nil while nothing is held or nothing ever gets due.
    var deadline: Int64? { get }

    /// Moves what is due at `now` (everything when `isEnding`) to what ``nextReleased()`` gives out.
    mutating func expire(now: Int64, isEnding: Bool)

    /// The next entry to give out, oldest first.
    mutating func nextReleased() -> HeldEntry?
}

/// A stage that can make its pipeline wait.
package protocol WaitingStage: Stage {
    /// Whether this one is configured to.
    var mayWait: Bool { get }
}

/// What is known of a stage before it runs.
package struct StageSpec: Sendable {
    package let name: String
    /// Other names that the stage goes by in older configurations; they are accepted with a warning.
    package let deprecatedNames: [String]
    package let summary: String
    /// The options; one with an empty name stands for the whole value of the stage's key (a map or list of names).
    package let options: [OptionSpec]
    /// Whether scalars of another type are converted, as Promtail does in these stages (config.md 4.5).
    package let isWeak: Bool
    /// Whether an unknown option is a mistake; Promtail accepts and ignores it, so it is a warning in Promtail's stages.
    package let isStrict: Bool
    package let examples: [StageExample]

    package init(
        name: String,
        deprecatedNames: [String] = [],
        summary: String,
        options: [OptionSpec],
        isWeak: Bool = false,
        isStrict: Bool = false,
        examples: [StageExample]
    ) {
        self.name = name
        self.deprecatedNames = deprecatedNames
        self.summary = summary
        self.options = options
        self.isWeak = isWeak
        self.isStrict = isStrict
        self.examples = examples
    }
}

/// An example of the reference; every one of them is run by the tests.
package struct StageExample: Sendable {
    /// The whole pipeline as YAML, so that stages which need others before them can show these too.
    package let pipeline: String
    /// Labels that the entry arrives with.
    package let labels: [String: String]
    package let input: [String]
    /// One text per entry that comes out: `line`, or `{labels} line` where labels matter.
    package let output: [String]

    package init(_ pipeline: String, labels: [String: String] = [:], input: [String], output: [String]) {
        self.pipeline = pipeline
        self.labels = labels
        self.input = input
        self.output = output
    }
}
