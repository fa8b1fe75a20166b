import Entries
import Languages
import Testing

@testable import Stages

/// What the scan of a line takes for JSON, and how it decodes strings, against the parser that builds a tree.
struct JSONScannerTests {
    private static let numbers = [
        "0", "-0", "1e308", "-1e308", "1e309", "-1e309", "1e999", "0e999", "0.0e-999", "1e-999",
        "1" + String(repeating: "0", count: 308), "1" + String(repeating: "0", count: 309),
        "0." + String(repeating: "0", count: 400) + "1", "1" + String(repeating: "0", count: 250) + "e60", "1e+0308",
        "1E400", "1.7976931348623159e308", "1.7976931348623157e308",
    ]

    /// Keys are remembered with the colon where it comes right behind them: the same ones in any other spelling, and cut
    /// at any byte, mean the same.
    @Test func colonsStandWhereTheyLike() throws {
        let run = try StageRun(
            "- json: {expressions: {a: , long: a_key_of_22_bytes_xxxx, longer: a_key_of_23_bytes_xxxxx}}"
        )
        let lines = [":", ":", " :", ": ", "\t: ", ":", " : ", ":"].map { colon in
            #"{"a"\#(colon)1,"a_key_of_22_bytes_xxxx"\#(colon)"2","a_key_of_23_bytes_xxxxx"\#(colon)[3]}"#
        }
        for line in lines {
            run.feed(line)
            let extracted = try #require(run.outputs.last?.extracted)
            #expect(extracted == ["a": .text("1"), "long": .text("2"), "longer": .text("[3]")], "\(line)")
            for end in 1..<line.utf8.count {
                run.feed(String(line.prefix(end)))
                #expect(run.outputs.last?.extracted == [:], "\(line.prefix(end))")
            }
        }
    }

    /// Promtail refuses a line with a number that no double reaches.
    @Test(arguments: numbers)
    func numberOutOfReachIsMalformedToBothParsers(_ number: String) throws {
        let line = #"{"a":[\#(number)],"b":{"token":\#(number)}}"#
        let isObject = Bytes.with(Array(line.utf8)) { JSONValue.parse($0) } != nil
        let run = try StageRun("- json: {expressions: {a: }, drop_malformed: true}")
        run.feed(line)
        #expect((run.outcomes == [.delivered]) == isObject)
        #expect(isObject == (Double(number)?.isFinite == true))
    }

    @Test func numberOutOfReachLeavesNoSecret() throws {
        let line = #"{"a":1e999,"password":"hunter2"}"#
        #expect(try StageRun.output("- redact:", line)?.text == #"{"a":1e999,"password":"[REDACTED]"}"#)
    }

    @Test(arguments: [
        #"\ud83d\ude00"#, #"\ud800"#, #"\ud800x"#, #"\udc00"#, #"\ud800\udbff\udc00"#, #"\udc00\ud83d\ude00"#,
        #"\ud800\u0041"#, #"\ud800\n"#, #"\ud800\ud83d\ude00\udc00"#, #"\ud800\ud800\ud800"#, #"\ud83d\\ude00"#,
    ])
    func surrogatesAreDecodedAlike(_ text: String) throws {
        let line = #"{"v":"\#(text)"}"#
        let document = try #require(Bytes.with(Array(line.utf8)) { JSONValue.parse($0) })
        let run = try StageRun("- json: {expressions: {v: }}\n- output: {source: v}")
        run.feed(line)
        #expect(document == .object(JSONObject([("v", run.outputs[0].line)])))
    }
}

extension JSONObject {
    fileprivate init(_ texts: [(key: String, text: [UInt8])]) {
        self.init()
        for (key, text) in texts { set(Array(key.utf8), to: .string(text)) }
    }
}
