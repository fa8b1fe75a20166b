import CLibYAML

/// libyaml's events of one text, as Swift values; the only code that touches libyaml.
final class YAMLEvents {
    enum Kind: Equatable {
        case documentStart, documentEnd, sequenceStart, sequenceEnd, mappingStart, mappingEnd, alias, other
        case scalar(YAMLScalar)
    }

    struct Event {
        let kind: Kind
        /// Of a value: its anchor; of an alias: what it refers to.
        let anchor: String?
        /// Indices of Unicode scalars in the parsed text.
        let range: Range<Int>
    }

    private let source: YAMLSource
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// libyaml reads from here until the parser is deleted.
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let isReady: Bool

    init(_ source: YAMLSource) {
        self.source = source
        var text = String.UnicodeScalarView()
        text.append(contentsOf: source.scalars)
        let bytes = Array(String(text).utf8)
        input = .allocate(capacity: max(1, bytes.count))
        _ = input.initialize(from: bytes + (bytes.isEmpty ? [0x0A] : []))
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        isReady = yaml_parser_initialize(parser) == 1
        guard isReady else { return }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        if isReady { yaml_parser_delete(parser) }
        parser.deinitialize(count: 1)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event that matters; the start of the stream is skipped, its end reads `other`.
    func next() throws(Diagnostic) -> Event {
        while true {
            var raw = yaml_event_t()
            guard isReady, yaml_parser_parse(parser, &raw) == 1 else { throw mistake() }
            defer { yaml_event_delete(&raw) }
            if raw.type != YAML_STREAM_START_EVENT { return Self.event(raw) }
        }
    }

    private static func event(_ raw: yaml_event_t) -> Event {
        let range = Int(raw.start_mark.index)..<max(Int(raw.start_mark.index), Int(raw.end_mark.index))
        var anchor: String?
        let kind: Kind
        switch raw.type {
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_SEQUENCE_START_EVENT:
            kind = .sequenceStart
            anchor = text(raw.data.sequence_start.anchor)
        case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            kind = .mappingStart
            anchor = text(raw.data.mapping_start.anchor)
        case YAML_MAPPING_END_EVENT: kind = .mappingEnd
        case YAML_ALIAS_EVENT:
            kind = .alias
            anchor = text(raw.data.alias.anchor)
        case YAML_SCALAR_EVENT:
            let scalar = raw.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            kind = .scalar(
                YAMLScalar(
                    text: String(decoding: bytes, as: UTF8.self),
                    style: style(scalar.style),
                    tag: text(scalar.tag)
                )
            )
            anchor = text(scalar.anchor)
        default: kind = .other
        }
        return Event(kind: kind, anchor: anchor, range: range)
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private func mistake() -> Diagnostic {
        guard isReady, let problem = parser.pointee.problem else {
            return Diagnostic(file: source.file, position: nil, message: "not enough memory to read the YAML")
        }
        var index = Int(parser.pointee.problem_mark.index)
        if parser.pointee.error == YAML_READER_ERROR {
            index = scalarIndex(ofByte: Int(parser.pointee.problem_offset))
        }
        let context = parser.pointee.context.map { String(cString: $0) }
        let found = YAMLProblem(
            String(cString: problem),
            context: context,
            next: scalar(at: index),
            afterNext: scalar(at: index + 1)
        )
        // An unclosed bracket or quote is noticed at the end of the file; where it was opened says more.
        if found.isNoticedLate, parser.pointee.context != nil { index = Int(parser.pointee.context_mark.index) }
        return Diagnostic(
            file: source.file,
            position: source.position(at: index),
            message: found.message,
            help: found.help
        )
    }

    private func scalar(at index: Int) -> Unicode.Scalar? {
        source.scalars.indices.contains(index) ? source.scalars[index] : nil
    }

    private func scalarIndex(ofByte offset: Int) -> Int {
        var bytes = 0
        return source.scalars.firstIndex { scalar in
            defer { bytes += UTF8.width(scalar) }
            return bytes >= offset
        } ?? source.scalars.count
    }
}
