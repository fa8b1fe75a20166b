import Testing

@testable import Stages

struct EventLogMessageStageTests {
    private typealias Row = StageCase<[String: StageRun.Extracted]>
    private static func stages(_ options: String = "{}", names: String) -> String {
        """
        - json: {expressions: {message: }}
        - eventlogmessage: \(options)
        - template: {source: out, template: '\(names.split(separator: " ").map { "{{ .\($0) }}" }.joined(separator: "|"))'}
        - output: {source: out}
        """
    }

    /// The message, the options, the names to show and what they are then (stages.md 8.16).
    @Test(arguments: [
        (#"Key1: A\r\nKey2: B: C"#, "{}", "Key1 Key2", "A|B: C"),
        (#"Key 1: A\r\n0K: B\r\nK@3: C\r\n: D"#, "{}", "Key_1 _K K_3 _", "A|B|C|D"),
        (#"Key 1: A\r\nok: B"#, "{drop_invalid_labels: true}", "Key_1 ok", "<no value>|B"),
        (#"no colon\r\na: 1"#, "{}", "a no_colon", "1|<no value>"),
        (#"a:\t\u00a0 x y \u2003\t"#, "{}", "a", "x y"),
        (#"a: \u00a0\u2003\r\nb:"#, "{}", "a b", "|"),
        (#"a: 1\nb: 2\r\nc: 3\rd: 4"#, "{}", "a c", "1\nb: 2|3\rd: 4"),
        (#"a: 1\r\na: 2\r\na: 3"#, "{}", "a a_extracted", "1|3"),
        (#"a: 1\r\na: 2"#, "{overwrite_existing: true}", "a a_extracted", "2|<no value>"),
        (#"job: new"#, "{}", "job job_extracted", "old|new"),
        (#"job: new"#, "{overwrite_existing: true}", "job", "new"),
        (#"é: x\r\nkÄy: y"#, "{}", "_ k_y", "x|y"),
        ("", "{}", "a", "<no value>"),
    ])
    func keysBecomeExtractedValues(message: String, options: String, names: String, expected: String) throws {
        let line = #"{"message":"\#(message)"}"#
        let outputs = try StageRun.outputs(Self.stages(options, names: names), labels: ["job": "old"], [line])
        #expect(outputs.map(\.text) == [expected])
    }

    /// A name that only `_extracted` is asked of is known to exist all the same.
    @Test func aRepeatedKeyWithoutARegisterExists() throws {
        let line = #"{"message":"k: 1\r\nk: 2"}"#
        let outputs = try StageRun.outputs(Self.stages(names: "k_extracted"), [line])
        #expect(outputs.map(\.text) == ["2"])
        // And the label of a target too, of which no stage has asked.
        let labelled = try StageRun.outputs(
            Self.stages(names: "k_extracted"),
            labels: ["k": "x"],
            [#"{"message":"k: 1"}"#]
        )
        #expect(labelled.map(\.text) == ["1"])
    }

    @Test func invalidUTF8IsPassedOver() throws {
        let run = try StageRun("- regex: {expression: '(?P<message>(?s).*)'}\n- eventlogmessage:\n- labels: {a: , b: }")
        run.feed(Array("a: x".utf8) + [0xFF] + Array("\r\nb: y".utf8))
        #expect(run.outputs.map(\.labels) == [["b": "y"]])
    }

    @Test func aSourceWithoutTextDropsTheEntry() throws {
        let run = try StageRun(Self.stages(names: "a"))
        for line in [#"{"message":null}"#, #"{"other":1}"#, #"{"message":5}"#, "no JSON"] { run.feed(Array(line.utf8)) }
        #expect(run.drops == ["source_is_no_text": 2])
        #expect(run.outputs.count == 2)
    }

    @Test func theSourceMustBeALabelName() throws {
        for name in ["a b", "1a", "é"] {
            #expect(throws: StageRun.Mistakes.self) {
                try StageRun.outputs("- eventlogmessage: {source: '\(name)'}", ["x"])
            }
        }
    }
}
