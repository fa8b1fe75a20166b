/// What a section that is not used may hold: its keys, the words that some of them take, and the sections in it.
struct ForeignSection {
    /// Keys that several sections share and that stand among the section's own.
    enum Family {
        case none, http, tls
    }

    let specs: [OptionSpec]
    var words: [String: [String]] = [:]
    var sections: [String: ForeignSection] = [:]
    var family = Family.none

    init(
        _ specs: [OptionSpec],
        words: [String: [String]] = [:],
        sections: [String: ForeignSection] = [:],
        family: Family = .none
    ) {
        self.specs = specs
        self.words = words
        self.sections = sections
        self.family = family
    }

    /// Checks `node`, which is called `name`, and what stands in it; a list is checked item by item.
    func check(_ node: YAMLNode, _ name: String, _ diagnostics: inout Diagnostics) {
        if let items = node.items {
            for item in items { check(item, name, &diagnostics) }
            return
        }
        let options = Options(section: node, name, specs: specs + familySpecs, diagnostics: &diagnostics)
        for (option, words) in words.sorted(by: { $0.key < $1.key }) {
            options.check(option, isOneOf: words, &diagnostics)
        }
        for spec in specs where spec.isRequired { options.checkIsNotEmpty(spec.name, &diagnostics) }
        switch family {
        case .none: break
        case .http: _ = HTTPClientOptions(options, into: &diagnostics)
        case .tls: _ = TLSOptions(options, into: &diagnostics)
        }
        for (option, section) in sections.sorted(by: { $0.key < $1.key }) {
            if let node = options.node(option) { section.check(node, option, &diagnostics) }
        }
        if options.isGiven("server"), options.node("server")?.pairs != nil {
            _ = ServerOptions(options.node("server"), "\(name).server", defaultPort: 0, into: &diagnostics)
        }
    }

    private var familySpecs: [OptionSpec] {
        switch family {
        case .none: []
        case .http: HTTPClientOptions.specs
        case .tls: TLSOptions.specs
        }
    }
}
