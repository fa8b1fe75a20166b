import Entries
import Testing

@testable import Stages

struct LabelSetsTests {
    /// Feeds two texts as labels and gives the number of the label set that they make.
    private func number(_ run: StageRun, _ first: String?, _ second: String?, target: Int = 0) -> Int {
        let fields = [("a", first), ("b", second)].compactMap { name, text in text.map { "\"\(name)\":\"\($0)\"" } }
        run.feed("{" + fields.joined(separator: ",") + "}", target: target)
        return run.pipeline.labelSets.number(of: &run.pipeline.current.pointee)
    }

    /// Values of up to 16 bytes are compared by two words, longer ones in full: around that, one byte tells sets apart.
    @Test func setsAreTheSameWhenAllValuesAre() throws {
        let run = try StageRun("- json: {expressions: {a: , b: }}\n- labels: {a: , b: }")
        var texts: [String] = []
        for length in Array(0...34) + [200] {
            let text = String(repeating: "x", count: length)
            texts.append(text)
            if length > 0 {
                texts.append("y" + text.dropFirst())
                texts.append(text.dropLast() + "y")
                texts.append(text.dropLast() + "\u{1}")
            }
        }
        var numbers: [Int: [String?]] = [:]
        for _ in 0..<2 {
            for text in Set(texts) {
                for pair in [[text, "z"], ["z", text], [text, nil], [nil, text], [text, text]] as [[String?]] {
                    // A byte below 0x20 must be written as an escape; a text in quotes can be empty, a missing one is no label.
                    let escaped = pair.map { $0.map { $0.replacing("\u{1}", with: "\\u0001") } }
                    let number = number(run, escaped[0], escaped[1])
                    #expect(numbers[number, default: pair] == pair)
                    numbers[number] = pair
                }
            }
        }
        // [z, z] and [text, text] of "z" alone would be one; no text here is "z".
        #expect(numbers.count == Set(texts).count * 5)
    }

    /// An empty value at the end of readable memory has no byte that could be looked at.
    @Test func nothingIsReadOfAnEmptyValue() throws {
        let run = try StageRun("- cri: {}\n- labels: {content: }\n- labels: {flags: }")
        run.feed("2026-01-02T03:04:05Z stdout F ")
        #expect(run.outputs.last?.labels == ["stream": "stdout", "content": "", "flags": "F"])
    }

    @Test func zeroBytesAtTheEndCount() throws {
        let run = try StageRun("- json: {expressions: {a: , b: }}\n- labels: {a: , b: }")
        let numbers = (0...20).map { number(run, "x" + String(repeating: "\\u0000", count: $0), nil) }
        #expect(Set(numbers).count == 21)
    }

    @Test func everyTargetHasASetOfItsOwnWhileNoStageTouchesLabels() throws {
        let run = try StageRun("- json: {expressions: {a: , b: }}\n- labels: {a: , b: }", labels: ["job": "one"])
        let other = run.addTarget(["job": "two", "a": "from the target"])
        let untouched = [number(run, nil, nil), number(run, nil, nil, target: other)]
        #expect(untouched[0] != untouched[1])
        #expect(number(run, "x", nil) != untouched[0])
        // A stage that sets a label to what it was makes the same set.
        #expect(number(run, "from the target", nil, target: other) == untouched[1])
        #expect([number(run, nil, nil), number(run, nil, nil, target: other)] == untouched)
    }

    @Test func numbersBeginAnewForUntouchedSetsToo() throws {
        let run = try StageRun("- json: {expressions: {a: , b: }}\n- labels: {a: , b: }", labels: ["job": "one"])
        let labelSets = run.pipeline.labelSets
        _ = number(run, nil, nil)
        for index in 0...LabelSets.limit { _ = number(run, "\(index)", nil) }
        #expect(labelSets.epoch == 1)
        let again = number(run, nil, nil)
        #expect(labelSets.labels(of: again).map(\.name) == ["job"])
    }
}
