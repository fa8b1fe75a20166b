package import Entries

/// Something that must hold for any bytes whatever.
///
/// The fuzzer and an ordinary test over the committed corpus call the same ``run(_:)``. An instance may keep state from
/// input to input, as the agent does from line to line; it belongs to one thread.
package protocol FuzzTarget: AnyObject, SendableMetatype {
    /// The name of the target and of its folder in the corpus.
    static var name: String { get }

    init()

    /// Takes one input; throws when what comes out is wrong. A crash is found by whoever runs it.
    func run(_ input: Bytes) throws(Finding)
}

/// What is wrong with what came out.
package struct Finding: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// All targets, in the order in which they are run.
package enum FuzzTargets {
    package static let all: [any FuzzTarget.Type] = [
        JSONRedactTarget.self, YAMLConfigurationTarget.self, EnvelopesTarget.self, LogfmtTarget.self,
        PushDecodingTarget.self, SnappyBlockTarget.self, SyslogTarget.self, GELFTarget.self, ContainerLogTarget.self,
    ]

    /// A new instance of the target with that name; nil when there is none.
    package static func make(_ name: String) -> (any FuzzTarget)? { all.first { $0.name == name }?.init() }
}
