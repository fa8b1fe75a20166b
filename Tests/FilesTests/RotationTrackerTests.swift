import Testing

@testable import Files

struct RotationTrackerTests {
    private typealias Phase = RotationTracker.Phase
    private static let phases: [RotationTracker.Phase] = [
        .following, .renamed(quietSince: 10), .leaving(quietSince: 10), .finished,
    ]

    @Test func aFileThatLeftItsPathIsReadUntilItWasQuiet() {
        var tracker = RotationTracker(quietPeriod: 5)
        #expect(tracker.pathSeen(.other, now: 10) == .leavePath)
        #expect(tracker.contentSeen(.init(hasGrown: true), now: 12) == nil)
        #expect(tracker.contentSeen(.init(), now: 16) == nil)
        #expect(tracker.contentSeen(.init(hasOpenLine: true), now: 17) == .deliverOpenLine)
        #expect(tracker.contentSeen(.init(), now: 17) == .finish)
        #expect(tracker.contentSeen(.init(), now: 18) == nil)
    }

    @Test(arguments: phases, RotationTracker.PathState.allCases)
    func onlyAFileAtItsPathCanLeaveIt(phase: RotationTracker.Phase, seen: RotationTracker.PathState) {
        var tracker = RotationTracker(quietPeriod: 5, phase: phase)
        let isThere = phase == .following || phase == .renamed(quietSince: 10)
        let isElsewhere = seen == .other || seen == .missing
        let action = tracker.pathSeen(seen, now: 20)
        #expect(action == (isThere && isElsewhere ? .leavePath : nil))
        #expect(tracker.phase == (isThere && isElsewhere ? .leaving(quietSince: 20) : phase))
    }

    /// Every phase with every content, one moment before and at the end of the quiet period.
    @Test(arguments: phases, [14, 15] as [Int64])
    func nothingEndsBeforeItWasReadAndQuiet(phase: RotationTracker.Phase, now: Int64) {
        for bits in 0..<8 {
            let content = RotationTracker.Content(
                hasUnread: bits & 1 != 0,
                hasOpenLine: bits & 2 != 0,
                hasGrown: bits & 4 != 0
            )
            var tracker = RotationTracker(quietPeriod: 5, phase: phase)
            let action = tracker.contentSeen(content, now: now)
            let isQuiet = now == 15 && !content.hasUnread && !content.hasGrown
            switch phase {
            case .following, .finished: #expect(action == nil)
            case .renamed: #expect(action == (isQuiet && content.hasOpenLine ? .deliverOpenLine : nil))
            case .leaving: #expect(action == (isQuiet ? (content.hasOpenLine ? .deliverOpenLine : .finish) : nil))
            }
            if action == nil, content.hasUnread || content.hasGrown, phase != .following, phase != .finished {
                #expect(tracker.deadline(hasOpenLine: true) == now + 5)
            }
        }
    }

    @Test func aFileThatComesBackUnderItsFirstNameWasNotRotated() {
        var tracker = RotationTracker(quietPeriod: 5, phase: .leaving(quietSince: 1))
        tracker.pathFound(isFirstPath: true, now: 2)
        #expect(tracker.phase == .following)
        #expect(tracker.deadline(hasOpenLine: true) == nil)
        tracker = RotationTracker(quietPeriod: 5, phase: .leaving(quietSince: 1))
        tracker.pathFound(isFirstPath: false, now: 2)
        #expect(tracker.phase == .renamed(quietSince: 2))
        #expect(!tracker.hasLeft)
        #expect(tracker.deadline(hasOpenLine: false) == nil)
    }
}
