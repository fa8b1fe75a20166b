import Glibc
package import Testing

extension Trait where Self == ConditionTrait {
    /// What the test needs of the machine: a program, a right.
    ///
    /// Without it the test is skipped aloud; where `CI` is `true` it fails, or a check that never runs would look like
    /// one that passes. `isThere` is asked once for each test.
    package static func needs(_ what: String, _ isThere: @autoclosure @escaping @Sendable () -> Bool) -> Self {
        .enabled("needs \(what)") {
            try Missing.check(what, isThere: isThere(), isCI: getenv("CI").map { String(cString: $0) } == "true")
        }
    }
}

/// A test cannot run on this machine, and may not be skipped either.
package struct Missing: Error, Equatable, CustomStringConvertible {
    package let what: String

    package var description: String {
        "needs \(what), which is not here; with CI=true no test may be skipped. "
            + "Packages: 'deploy/packages test'; name spaces and mounts: run as root"
    }

    /// Whether a test can run that needs `what`; throws instead of answering no where `isCI` says so.
    package static func check(_ what: String, isThere: Bool, isCI: Bool) throws(Missing) -> Bool {
        if isThere || !isCI { return isThere }
        throw Missing(what: what)
    }
}
