/// One command line flag: its name, what it takes, and what it changes.
package struct FlagDeclaration: Sendable {
    package enum Kind: String, Sendable {
        case bool, integer, number, duration, byteSize, string, url, labels
    }

    /// What an explicit flag overrides; nothing for flags of the program and those without effect.
    enum Effect: Sendable {
        case none
        case configuration(@Sendable (inout AgentConfiguration, FlagValue) -> Void)
        case client(@Sendable (inout ClientOptions, FlagValue) -> Void)
    }

    package let name: String
    package let kind: Kind
    package let defaultText: String
    /// One sentence, with the unit.
    package let help: String
    /// Empty: any text.
    let words: [String]
    let effect: Effect
    /// What to do instead where the flag is accepted and changes nothing, perhaps empty; nil: it works.
    private(set) var alternative: String?

    init(
        _ kind: Kind,
        _ name: String,
        _ defaultText: String,
        _ help: String,
        words: [String] = [],
        effect: Effect = .none
    ) {
        self.kind = kind
        self.name = name
        self.defaultText = defaultText
        self.help = help
        self.words = words
        self.effect = effect
    }

    typealias Path<Root, Value> = WritableKeyPath<Root, Value> & Sendable

    static func bool(
        _ name: String,
        _ defaultText: String,
        _ help: String,
        _ path: any Path<AgentConfiguration, Bool>
    ) -> FlagDeclaration {
        FlagDeclaration(.bool, name, defaultText, help, effect: .configuration { $0[keyPath: path] = $1.bool })
    }

    static func integer(
        _ name: String,
        _ defaultText: String,
        _ help: String,
        _ path: any Path<AgentConfiguration, Int>,
        kind: Kind = .integer
    ) -> FlagDeclaration {
        FlagDeclaration(kind, name, defaultText, help, effect: .configuration { $0[keyPath: path] = $1.integer })
    }

    static func number(
        _ name: String,
        _ defaultText: String,
        _ help: String,
        _ path: any Path<AgentConfiguration, Double>
    ) -> FlagDeclaration {
        FlagDeclaration(.number, name, defaultText, help, effect: .configuration { $0[keyPath: path] = $1.number })
    }

    static func duration(
        _ name: String,
        _ defaultText: String,
        _ help: String,
        _ path: any Path<AgentConfiguration, Duration>
    ) -> FlagDeclaration {
        FlagDeclaration(.duration, name, defaultText, help, effect: .configuration { $0[keyPath: path] = $1.duration })
    }

    static func string(
        _ name: String,
        _ defaultText: String,
        _ help: String,
        words: [String] = [],
        _ path: any Path<AgentConfiguration, String>
    ) -> FlagDeclaration {
        FlagDeclaration(
            .string,
            name,
            defaultText,
            help,
            words: words,
            effect: .configuration { $0[keyPath: path] = $1.text }
        )
    }

    static func optionalString(
        _ name: String,
        _ help: String,
        _ path: any Path<AgentConfiguration, String?>
    ) -> FlagDeclaration {
        FlagDeclaration(.string, name, "", help, effect: .configuration { $0[keyPath: path] = $1.text })
    }

    /// A flag of the deprecated single client.
    static func client(
        _ kind: Kind,
        _ name: String,
        _ defaultText: String,
        _ help: String,
        _ apply: @escaping @Sendable (inout ClientOptions, FlagValue) -> Void
    ) -> FlagDeclaration {
        FlagDeclaration(kind, name, defaultText, help, effect: .client(apply))
    }

    /// Flags that Promtail has and that make no difference here.
    static func ignored(_ kind: Kind, _ names: String...) -> [FlagDeclaration] {
        names.map { FlagDeclaration(kind, $0, "", "Accepted; has no effect.").withoutEffect() }
    }

    /// The same flag, marked as one that changes nothing; `instead` says what does, if something does.
    func withoutEffect(_ instead: String = "") -> FlagDeclaration {
        var flag = self
        flag.alternative = instead
        return flag
    }

    /// Whether someone who gives the flag this value expects it to change something.
    func isNoticed(_ value: FlagValue) -> Bool {
        if case .bool(let isOn) = value { isOn != (defaultText == "true") } else { true }
    }
}
