import Entries
import FuzzTargets
import Glibc

/// The target that the environment variable `FUZZ_TARGET` names.
///
/// `@unchecked Sendable`: libFuzzer calls from its main thread only.
private final class Running: @unchecked Sendable {
    static let shared = Running()

    let target: any FuzzTarget

    private init() {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = FuzzTargets.make(name) else {
            let names = FuzzTargets.all.map { $0.name }.joined(separator: ", ")
            fatalError("FUZZ_TARGET is '\(name)'; there are \(names)")
        }
        self.target = target
    }
}

/// What libFuzzer calls with each input; a finding ends the process, so that the input is kept.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do throws(Finding) {
        try Running.shared.target.run(start.map { Bytes($0, count: count) } ?? .empty)
    } catch {
        fatalError(error.description)
    }
    return 0
}
