import Configuration
import Replay
import Testing

@testable import Stages

struct StageCatalogTests {
    private static let specs = StageCatalog.all.map { $0.spec }

    @Test func namesAreUnique() {
        let names = Self.specs.flatMap { [$0.name] + $0.deprecatedNames }
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: specs.map(\.name)) func nameIsLowerSnakeCase(_ name: String) {
        #expect(!name.isEmpty && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F })
    }

    /// The order of the reference: parsing, transform, action, filtering.
    @Test func stagesStandInTheOrderOfTheReference() {
        let order = [
            "docker", "cri", "regex", "json", "logfmt", "replace", "multiline", "eventlogmessage", "template", "pack",
            "decolorize", "timestamp", "output", "labels", "labeldrop", "labelallow", "static_labels",
            "structured_metadata", "tenant", "metrics", "geoip", "redact", "match", "drop", "limit", "sampling",
        ]
        let names = Self.specs.map(\.name)
        #expect(names == order.filter(names.contains))
    }

    /// A stage and one of its options.
    struct Option: Sendable, CustomTestStringConvertible {
        let stage: String
        let spec: OptionSpec

        var testDescription: String { "\(stage) \(spec.name)" }
    }

    private static let options = specs.flatMap { spec in spec.options.map { Option(stage: spec.name, spec: $0) } }

    @Test(arguments: options) func optionHasHelp(_ option: Option) {
        #expect(option.spec.help.split(separator: " ").count >= 2)
    }

    @Test(arguments: options.filter { $0.spec.defaultText != nil }) func defaultParses(_ option: Option) {
        var diagnostics = Diagnostics(file: "test.yaml")
        let options = Options(
            nil,
            stage: option.stage,
            position: YAMLPosition(line: 1, column: 1),
            specs: [option.spec],
            unknownOptions: .error,
            isWeak: false,
            diagnostics: &diagnostics
        )
        let name = option.spec.name
        let isRead =
            switch option.spec.kind {
            case .bool: options.bool(name) != nil
            case .integer, .byteSize: options.integer(name) != nil
            case .number: options.number(name) != nil
            case .duration, .prometheusDuration: options.duration(name) != nil
            case .stringList, .stringOrList: options.strings(name) != nil
            case .numberList: options.numbers(name) != nil
            default: options.string(name) != nil
            }
        #expect(isRead && diagnostics.isEmpty)
    }

    @Test(arguments: specs.map(\.name)) func stageHasASummaryAndAnExample(_ name: String) throws {
        let spec = try #require(StageCatalog.stage(named: name)).spec
        #expect(spec.summary.hasSuffix("."))
        // One that needs a database cannot be run by whoever reads the reference.
        #expect(!spec.examples.isEmpty || name == "geoip")
    }

    /// An example with its place in the reference.
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let example: StageExample

        var testDescription: String { name }
    }

    @Test(
        arguments: specs.flatMap { spec in
            spec.examples.enumerated().map { Example(name: "\(spec.name) \($0.offset + 1)", example: $0.element) }
        }
    )
    func exampleHolds(_ example: Example) {
        #expect(example.example.run() == example.example.output)
    }
}
