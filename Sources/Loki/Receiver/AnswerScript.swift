/// What a receiver answers to successive pushes, for tests and demonstrations of a server that fails.
///
/// `500x3,429@2,204` are answers in order (`@2`: Retry-After in seconds; `x3`: three times); the last one repeats.
/// `reset` cuts the connection before the push counts, `lost` after it was taken, `hang:5` answers 5 s late.
/// `random:500=0.2,429=0.13,lost=0.05,seed=7` draws each answer; the rest is 204.
package struct AnswerScript: Sendable {
    package enum Answer: Equatable, Sendable {
        case status(Int, retryAfter: Int?)
        case reset
        case lost
        case hang(seconds: Int)
    }

    /// Why a script cannot be read.
    package struct Mistake: Error, Equatable, Sendable {
        package let message: String
    }

    private var steps: [(answer: Answer, count: Int)] = []
    private var chances: [(answer: Answer, chance: Double)] = []
    private var step = 0
    private var used = 0
    private var state: UInt64 = 1

    /// Always 204.
    package init() {}

    package init(_ text: String) throws(Mistake) {
        if text.hasPrefix("random:") {
            for item in text.dropFirst(7).split(separator: ",") { try addChance(item) }
        } else {
            for item in text.split(separator: ",") { steps.append(try Self.step(item)) }
        }
    }

    private mutating func addChance(_ item: Substring) throws(Mistake) {
        let parts = item.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { throw Mistake(message: "'\(item)' is not NAME=NUMBER") }
        if parts[0] == "seed", let seed = UInt64(parts[1]) {
            state = seed &* 2 &+ 1
        } else if let chance = Double(parts[1]), (0...1).contains(chance) {
            chances.append((try Self.answer(parts[0]), chance))
        } else {
            throw Mistake(message: "'\(item)' needs a number from 0 to 1")
        }
    }

    private static func step(_ item: Substring) throws(Mistake) -> (answer: Answer, count: Int) {
        let parts = item.split(separator: "x", maxSplits: 1)
        if parts.count == 2, let count = Int(parts[1]), count > 0 { return (try answer(parts[0]), count) }
        return (try answer(item), 1)
    }

    private static func answer(_ text: Substring) throws(Mistake) -> Answer {
        switch text {
        case "reset": return .reset
        case "lost": return .lost
        default: break
        }
        if text.hasPrefix("hang:"), let seconds = Int(text.dropFirst(5)) { return .hang(seconds: seconds) }
        let parts = text.split(separator: "@", maxSplits: 1)
        guard let first = parts.first, let status = Int(first), (200...599).contains(status) else {
            throw Mistake(message: "'\(text)' is neither a status nor reset, lost, hang:SECONDS")
        }
        return .status(status, retryAfter: parts.count == 2 ? Int(parts[1]) : nil)
    }

    /// The answer to the next push.
    package mutating func next() -> Answer {
        if !chances.isEmpty { return draw() }
        guard step < steps.count else { return .status(204, retryAfter: nil) }
        let answer = steps[step].answer
        used += 1
        if used >= steps[step].count, step < steps.count - 1 {
            step += 1
            used = 0
        }
        return answer
    }

    private mutating func draw() -> Answer {
        // xorshift64*: the same seed gives the same faults.
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        var value = Double((state &* 0x2545_F491_4F6C_DD1D) >> 11) / Double(1 << 53)
        for (answer, chance) in chances {
            if value < chance { return answer }
            value -= chance
        }
        return .status(204, retryAfter: nil)
    }
}
