import Testing

@testable import Delivery

struct AckWindowTests {
    @Test func thePositionStopsBeforeTheFirstSpanUnderWay() {
        var window = AckWindow(position: 100)
        let first = window.open()
        window.extend(to: 110)
        window.retain(first)
        let second = window.open()
        window.extend(to: 120)
        window.retain(second)
        window.release(second)
        #expect(window.advance() == nil)
        #expect(window.position == 100)
        #expect(!window.isIdle)
        window.release(first)
        #expect(window.advance() == 120)
        #expect(window.isIdle)
    }

    @Test func linesDroppedOnPurposeAreCoveredByTheEndOfTheirSpan() {
        var window = AckWindow(position: 0)
        _ = window.open()
        window.extend(to: 50)
        #expect(window.advance() == 50)
        window.extend(to: 70)
        #expect(window.advance() == 70)
        #expect(window.advance() == nil)
    }

    @Test func everyBatchOfASpanHasToBeAnsweredFor() {
        var window = AckWindow(position: 0)
        let span = window.open()
        for _ in 0..<3 { window.retain(span) }
        window.extend(to: 9)
        for _ in 0..<2 {
            window.release(span)
            #expect(window.advance() == nil)
        }
        window.release(span)
        #expect(window.advance() == 9)
    }

    @Test func numbersGoOnAfterManySpansAndPastTheLast() {
        var window = AckWindow(position: 0)
        for turn in 1...10_000 {
            let span = window.open()
            window.retain(span)
            window.extend(to: Int64(turn))
            window.release(span)
            #expect(window.advance() == Int64(turn))
        }
    }

    // MARK: - Every sequence of a few steps

    /// The same as simply as it can be said: every span stays, the position is computed anew.
    private struct Model {
        var spans: [(number: UInt32, end: Int64, pending: Int)] = []
        var position: Int64 = 0
        /// Spans before it cannot be retained any more.
        var passed = 0

        mutating func advance() -> Int64? {
            let before = position
            for (index, span) in spans.enumerated() {
                guard span.pending == 0 else { break }
                position = max(position, span.end)
                passed = max(passed, min(index + 1, spans.count - 1))
            }
            return position > before ? position : nil
        }
    }

    private enum Step: Equatable {
        case open, extend, advance
        case retain(Int)
        case release(Int)
    }

    private func steps(_ model: Model) -> [Step] {
        var steps: [Step] = [.advance]
        if model.spans.count < 4 { steps.append(.open) }
        if !model.spans.isEmpty { steps.append(.extend) }
        for index in model.passed..<max(model.passed, model.spans.count) where model.spans[index].pending < 2 {
            steps.append(.retain(index))
        }
        for index in model.spans.indices where model.spans[index].pending > 0 { steps.append(.release(index)) }
        return steps
    }

    private func take(_ step: Step, _ window: inout AckWindow, _ model: inout Model) {
        switch step {
        case .open:
            model.spans.append((window.open(), model.spans.last?.end ?? 0, 0))
        case .extend:
            let end = model.spans[model.spans.count - 1].end + 7
            window.extend(to: end)
            model.spans[model.spans.count - 1].end = end
        case .retain(let index):
            window.retain(model.spans[index].number)
            model.spans[index].pending += 1
        case .release(let index):
            window.release(model.spans[index].number)
            model.spans[index].pending -= 1
        case .advance:
            #expect(window.advance() == model.advance())
        }
        #expect(window.position == model.position)
        #expect(window.isIdle == model.spans.allSatisfy { $0.pending == 0 })
    }

    private func explore(_ window: AckWindow, _ model: Model, depth: Int, _ count: inout Int) {
        guard depth > 0 else { return }
        for step in steps(model) {
            var nextWindow = window
            var nextModel = model
            take(step, &nextWindow, &nextModel)
            count += 1
            explore(nextWindow, nextModel, depth: depth - 1, &count)
        }
    }

    @Test func everySequenceOfStepsAgreesWithTheModel() {
        var count = 0
        explore(AckWindow(position: 0), Model(), depth: 7, &count)
        #expect(count > 20_000)
    }

    @Test func longRandomSequencesAgreeWithTheModel() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            var window = AckWindow(position: 0)
            var model = Model()
            for _ in 0..<400 {
                var possible = steps(model)
                if model.spans.count >= 4 { possible.append(.open) }
                take(possible.randomElement(using: &random) ?? .advance, &window, &model)
            }
        }
    }

    // MARK: - What is ours to keep

    @Test func releasingMoreThanWasRetainedIsABug() async {
        await #expect(processExitsWith: .failure) {
            var window = AckWindow(position: 0)
            window.release(window.open())
        }
    }

    @Test func aPositionThatGoesBackIsABug() async {
        await #expect(processExitsWith: .failure) {
            var window = AckWindow(position: 10)
            _ = window.open()
            window.extend(to: 9)
        }
    }
}
