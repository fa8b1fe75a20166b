import Testing

@testable import Agent

struct SaveScheduleTests {
    private static let second: Int64 = 1_000_000_000

    /// Which of the moments a schedule takes for a save, asked one after the other.
    private func saves(_ schedule: inout SaveSchedule, at moments: [Int64]) -> [Int64] {
        moments.filter { schedule.isDue(now: $0) }
    }

    @Test func positionsAreSavedEachPeriod() {
        let period = 10 * Self.second
        var schedule = SaveSchedule(period: period, now: 0)
        #expect(schedule.next == period)
        #expect(saves(&schedule, at: [0, period - 1, period, period, period + 1]) == [period])
        #expect(schedule.next == 2 * period)
    }

    @Test func filesThatComeOrGoAreSavedAtOnceButNotMoreThanOnceASecond() {
        var schedule = SaveSchedule(period: 10 * Self.second, now: 0)
        schedule.bringForward()
        #expect(saves(&schedule, at: [0]) == [0])
        schedule.bringForward()
        #expect(saves(&schedule, at: [1, Self.second - 1, Self.second]) == [Self.second])
        #expect(schedule.next == 11 * Self.second)
    }

    @Test func aShortPeriodIsTheShortestTimeBetweenSaves() {
        var schedule = SaveSchedule(period: 100, now: 0)
        #expect(saves(&schedule, at: [99, 100]) == [100])
        schedule.bringForward()
        #expect(schedule.next == 200)
    }
}
