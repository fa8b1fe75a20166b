import CLibYAML

/// Builds the tree of a file's first YAML document from libyaml's events.
package struct YAMLParser {
    /// Nodes that aliases may add to those that are written out.
    static let aliasedNodesLimit = 10_000
    static let depthLimit = 100

    private let source: YAMLSource
    private var events: YAMLEvents
    private var anchors: [String: YAMLNode] = [:]
    /// Anchors whose value is still being read.
    private var openAnchors: Set<String> = []
    private var aliasedNodes = 0
    private var mistakes: Diagnostics

    /// The root of the first document, nil when it is empty or does not parse; what is wrong goes to `diagnostics`.
    package static func parse(_ source: YAMLSource, into diagnostics: inout Diagnostics) -> YAMLNode? {
        var parser = YAMLParser(source)
        var root: YAMLNode?
        do throws(Diagnostic) {
            root = try parser.document()
        } catch {
            parser.mistakes.add(error)
        }
        diagnostics.add(parser.mistakes)
        return root
    }

    private init(_ source: YAMLSource) {
        self.source = source
        events = YAMLEvents(source)
        mistakes = Diagnostics(file: source.file)
    }

    private mutating func document() throws(Diagnostic) -> YAMLNode? {
        guard case .documentStart = try events.next().kind else { return nil }
        let root = try node(try events.next(), depth: 0)
        warnAboutSecondDocument()
        return root
    }

    private mutating func warnAboutSecondDocument() {
        // What follows the first document is never used, so that mistakes in it do not matter either.
        guard (try? events.next()) != nil, let second = try? events.next(), second.kind == .documentStart else {
            return
        }
        mistakes.add(
            Diagnostic(
                .warning,
                file: source.file,
                position: source.position(at: second.range.lowerBound),
                length: 3,
                message: "everything from this line on is ignored: only the first YAML document of a file counts"
            )
        )
    }

    private mutating func node(_ event: YAMLEvents.Event, depth: Int) throws(Diagnostic) -> YAMLNode {
        if depth >= Self.depthLimit {
            throw mistake(event, "more than \(Self.depthLimit) levels of nesting")
        }
        if let anchor = event.anchor, event.kind != .alias { openAnchors.insert(anchor) }
        let made: YAMLNode
        switch event.kind {
        case .alias:
            return try target(of: event)
        case .scalar(let scalar):
            made = YAMLNode(.scalar(scalar), range: valueRange(event.range), source: source)
        case .sequenceStart:
            var items: [YAMLNode] = []
            while true {
                let next = try events.next()
                if next.kind == .sequenceEnd { break }
                items.append(try node(next, depth: depth + 1))
            }
            made = YAMLNode(.sequence(items), range: valueRange(event.range), source: source)
        case .mappingStart:
            made = try mapping(event, depth: depth)
        default:
            throw mistake(event, "the file ends within a value")
        }
        if let anchor = event.anchor {
            openAnchors.remove(anchor)
            anchors[anchor] = made
        }
        return made
    }

    private mutating func target(of event: YAMLEvents.Event) throws(Diagnostic) -> YAMLNode {
        let name = event.anchor ?? ""
        if openAnchors.contains(name) { throw mistake(event, "the alias '*\(name)' stands inside its own anchor") }
        if let node = anchors[name] {
            guard node.weight <= Self.aliasedNodesLimit - aliasedNodes else {
                throw mistake(
                    event,
                    "aliases expand to more than \(Self.aliasedNodesLimit) further values",
                    help: "write the values out, or refer to anchors less deeply nested"
                )
            }
            aliasedNodes += node.weight
            return node
        }
        throw mistake(
            event,
            "no anchor '&\(name)' before this alias" + Suggestion.question(name, among: anchors.keys.sorted()),
            help: "quote the value if the '*' is part of it"
        )
    }

    private mutating func mapping(_ event: YAMLEvents.Event, depth: Int) throws(Diagnostic) -> YAMLNode {
        var pairs: [YAMLPair] = []
        var merged: [YAMLPair] = []
        var places: [String: YAMLPosition] = [:]
        while true {
            let next = try events.next()
            if next.kind == .mappingEnd { break }
            let key = try node(next, depth: depth + 1)
            let value = try node(try events.next(), depth: depth + 1)
            guard let scalar = key.scalar else {
                mistakes.add(Diagnostic(at: key, "\(key.kindName) cannot be a key"))
                continue
            }
            if scalar.text == "<<", !scalar.isQuoted {
                merged += try mergedPairs(value)
            } else if let first = places[scalar.text] {
                mistakes.add(Diagnostic(at: key, "'\(scalar.text)' is set twice; the first time in line \(first.line)"))
            } else {
                places[scalar.text] = key.position
                pairs.append(YAMLPair(key: key, value: value))
            }
        }
        for pair in merged {
            guard let text = pair.key.scalar?.text, places[text] == nil else { continue }
            places[text] = pair.key.position
            pairs.append(pair)
        }
        return YAMLNode(.mapping(pairs), range: valueRange(event.range), source: source)
    }

    private func mergedPairs(_ value: YAMLNode) throws(Diagnostic) -> [YAMLPair] {
        if let pairs = value.pairs { return pairs }
        guard let items = value.items else {
            throw Diagnostic(at: value, "'<<' takes a mapping, or a list of mappings")
        }
        var merged: [YAMLPair] = []
        for item in items {
            guard let pairs = item.pairs else {
                throw Diagnostic(at: item, "'<<' takes a mapping, or a list of mappings")
            }
            merged += pairs
            if merged.count > Self.aliasedNodesLimit { throw Diagnostic(at: value, "'<<' merges too many keys") }
        }
        return merged
    }

    private func mistake(_ event: YAMLEvents.Event, _ message: String, help: String? = nil) -> Diagnostic {
        let length = event.range.isEmpty ? 1 : event.range.count
        let position = source.position(at: event.range.lowerBound)
        return Diagnostic(file: source.file, position: position, length: length, message: message, help: help)
    }

    /// Leaves out anchor and tag, which libyaml counts to the value.
    private func valueRange(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        let end = min(range.upperBound, source.scalars.count)
        while start < end, source.scalars[start] == "&" || source.scalars[start] == "!" {
            var next = start
            while next < end, source.scalars[next] != " ", !SourceLines.isBreak(source.scalars[next]) { next += 1 }
            while next < end, source.scalars[next] == " " { next += 1 }
            guard next < end, !SourceLines.isBreak(source.scalars[next]) else { break }
            start = next
        }
        return min(start, range.upperBound)..<range.upperBound
    }
}
