import Testing

/// A row of a table: stages, what goes in, and what must come out; a failure names the row.
struct StageCase<Expected: Sendable>: Sendable, CustomTestStringConvertible {
    let name: String
    let stages: String
    let labels: [String: String]
    let lines: [String]
    let expected: Expected

    init(_ name: String, _ stages: String, labels: [String: String] = [:], _ lines: [String], expect expected: Expected)
    {
        self.name = name
        self.stages = stages
        self.labels = labels
        self.lines = lines
        self.expected = expected
    }

    init(_ name: String, _ stages: String, labels: [String: String] = [:], _ line: String, expect expected: Expected) {
        self.init(name, stages, labels: labels, [line], expect: expected)
    }

    var testDescription: String { name }

    /// What comes out.
    func outputs() throws -> [StageRun.Output] { try StageRun.outputs(stages, labels: labels, lines) }
}

/// A row of a table of mistakes: stages that do not compile, and the message's first line without its place.
struct MistakeCase: Sendable, CustomTestStringConvertible {
    let stages: String
    let message: String

    init(_ stages: String, _ message: String) {
        self.stages = stages
        self.message = message
    }

    var testDescription: String { message }

    /// Whether compiling says `message`; what it says instead is in the result.
    var found: String {
        let rendered = StageRun.mistakes(stages)
        return rendered.contains(message) ? message : rendered
    }
}
