import Testing

@testable import Delivery

struct RetryScheduleTests {
    @Test func windowsDoubleUntilTheUpperEndMeetsTheMaximum() {
        var schedule = RetrySchedule()
        var windows: [RetryWindow] = []
        for _ in 1...12 {
            guard case .wait(let window) = schedule.attemptFailed() else { break }
            windows.append(window)
        }
        let seconds: [(Double, Double)] = [
            (0.5, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, 32), (32, 64), (64, 128), (128, 256), (256, 300),
            (256, 300), (256, 300),
        ]
        #expect(windows == seconds.map { RetryWindow(.seconds($0), .seconds($1)) })
    }

    @Test(arguments: [1, 2, 3, 10])
    func maxRetriesIsTheNumberOfAttempts(_ limit: Int) {
        var schedule = RetrySchedule(maxRetries: limit)
        for _ in 1..<limit {
            #expect(schedule.attemptFailed() != .giveUp)
        }
        #expect(schedule.attemptFailed() == .giveUp)
        #expect(schedule.attempts == limit)
    }

    @Test func negativeMaxRetriesGivesUpAtOnceAsPromtailDoes() {
        var schedule = RetrySchedule(maxRetries: -1)
        #expect(schedule.attemptFailed() == .giveUp)
    }

    @Test(arguments: [0, nil])
    func zeroAndNotConfiguredRetryForEver(_ limit: Int?) {
        var schedule = RetrySchedule(maxRetries: limit)
        for _ in 1...10_000 {
            #expect(schedule.attemptFailed() != .giveUp)
        }
        #expect(schedule.attemptFailed() == .wait(RetryWindow(.seconds(256), .seconds(300))))
    }

    @Test(arguments: [(5, 5), (5, 3), (7, 0)])
    func everyWaitIsExactlyTheMinimumWhenTheMaximumIsNotAboveIt(_ minimum: Int, _ maximum: Int) {
        var schedule = RetrySchedule(minimum: .seconds(minimum), maximum: .seconds(maximum))
        for _ in 1...5 {
            #expect(schedule.attemptFailed() == .wait(RetryWindow(.seconds(minimum), .seconds(minimum))))
        }
    }

    @Test(arguments: [0, -3])
    func aMinimumOfZeroOrLessNeverWaits(_ minimum: Int) {
        var schedule = RetrySchedule(minimum: .seconds(minimum))
        for _ in 1...5 {
            #expect(schedule.attemptFailed() == .wait(RetryWindow(.zero, .zero)))
        }
    }

    @Test func hugePeriodsDoNotOverflow() {
        var schedule = RetrySchedule(minimum: .seconds(Int64.max / 2), maximum: .seconds(Int64.max))
        var generator = SystemRandomNumberGenerator()
        for _ in 1...5 {
            guard case .wait(let window) = schedule.attemptFailed() else { break }
            #expect(window.delay(drawingFrom: &generator) >= window.lower)
        }
    }

    /// Every combination of a few periods against the formula as Promtail's documentation of it reads.
    @Test func agreesWithTheFormulaForManyPeriods() {
        for minimum in 1...20 {
            for maximum in 1...60 {
                var schedule = RetrySchedule(minimum: .seconds(minimum), maximum: .seconds(maximum))
                var lower = minimum
                var upper = min(2 * minimum, maximum)
                for _ in 1...8 {
                    let expected = RetryWindow(.seconds(lower), .seconds(max(lower, upper)))
                    #expect(schedule.attemptFailed() == .wait(expected), "\(minimum) s to \(maximum) s")
                    if lower < upper, upper < maximum {
                        lower = min(2 * lower, maximum)
                        upper = min(2 * upper, maximum)
                    }
                }
            }
        }
    }

    @Test func retryAfterMovesTheWindowAndKeepsItsWidth() {
        var schedule = RetrySchedule()
        #expect(
            schedule.attemptFailed(retryAfter: .seconds(30))
                == .wait(RetryWindow(.seconds(30), .seconds(30.5), isPostponedByServer: true))
        )
        #expect(schedule.attemptFailed() == .wait(RetryWindow(.seconds(1), .seconds(2))))
    }

    @Test(arguments: [0.0, 0.1, 0.5])
    func retryAfterBelowTheWindowChangesNothing(_ seconds: Double) {
        var schedule = RetrySchedule()
        #expect(
            schedule.attemptFailed(retryAfter: .seconds(seconds)) == .wait(RetryWindow(.seconds(0.5), .seconds(1)))
        )
    }

    @Test func retryAfterIsCutToAnHour() {
        var schedule = RetrySchedule()
        #expect(
            schedule.attemptFailed(retryAfter: .seconds(86_400))
                == .wait(RetryWindow(.seconds(3_600), .seconds(3_600.5), isPostponedByServer: true))
        )
    }

    @Test func retryAfterDoesNotOutliveMaxRetries() {
        var schedule = RetrySchedule(maxRetries: 1)
        #expect(schedule.attemptFailed(retryAfter: .seconds(5)) == .giveUp)
    }

    @Test func drawnDelaysStayInTheirWindowAndReachBothHalves() {
        let window = RetryWindow(.seconds(1), .seconds(2))
        var generator = SystemRandomNumberGenerator()
        let delays = (1...1_000).map { _ in window.delay(drawingFrom: &generator) }
        #expect(delays.allSatisfy { $0 >= .seconds(1) && $0 < .seconds(2) })
        #expect(delays.contains { $0 < .seconds(1.5) } && delays.contains { $0 >= .seconds(1.5) })
    }

    @Test func anEmptyWindowGivesItsOnlyValue() {
        var generator = SystemRandomNumberGenerator()
        #expect(RetryWindow(.seconds(4), .seconds(4)).delay(drawingFrom: &generator) == .seconds(4))
    }
}
