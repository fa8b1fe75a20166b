import TestSupport
import Testing

/// What happens to a test on a machine that lacks something.
struct NeedsTests {
    @Test func whatIsThereLetsATestRun() throws {
        #expect(try Missing.check("nginx", isThere: true, isCI: false))
        #expect(try Missing.check("nginx", isThere: true, isCI: true))
    }

    @Test func whatIsMissingSkipsATest() throws {
        #expect(try !Missing.check("nginx", isThere: false, isCI: false))
    }

    @Test func whatIsMissingIsAFailureWhereNothingMayBeSkipped() {
        let missing = #expect(throws: Missing.self) { try Missing.check("nginx", isThere: false, isCI: true) }
        #expect(missing?.description.hasPrefix("needs nginx, which is not here; with CI=true no test may be") == true)
    }
}
