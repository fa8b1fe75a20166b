import Configuration
import Entries
import Languages

/// Extracts the `Key: value` lines of a Windows event's message.
///
/// Lines end with CRLF. A key that is no label name is made one, or passed over; one that the extracted map has already
/// gets `_extracted` behind it, unless it may be overwritten. A source that holds no text drops the entry, as in Promtail.
struct EventLogMessageStage: Stage {
    static let spec = StageSpec(
        name: "eventlogmessage",
        summary: "Extracts the 'Key: value' lines of a Windows event's message.",
        options: [
            .optional("source", .string, default: "message", "Extracted value that holds the message."),
            .optional("drop_invalid_labels", .bool, default: "false", "Passes over keys that are no label names."),
            .optional("overwrite_existing", .bool, default: "false", "Whether keys replace what is extracted already."),
        ],
        examples: [
            StageExample(
                """
                - json: {expressions: {message: }}
                - eventlogmessage: {}
                - labels: {Logon_Type: }
                """,
                input: [#"{"message":"Logged on.\r\nSecurity ID: S-1-5-18\r\nLogon Type:\t3"}"#],
                output: [#"{Logon_Type="3"} {"message":"Logged on.\r\nSecurity ID: S-1-5-18\r\nLogon Type:\t3"}"#]
            )
        ]
    )

    private let source: Slot
    private let dropsInvalid: Bool
    private let overwrites: Bool
    private let labelSets: LabelSets
    private let reason: DropID
    /// The register of each name, made with the first entry: by then every stage has asked for its names.
    private var registers: [[UInt8]: Slot]?
    /// Names of this entry that have no register and are extracted all the same.
    private var others: Set<[UInt8]> = []

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        let name = options.string("source").flatMap { $0.isEmpty ? nil : $0 } ?? "message"
        guard Bytes.with(Array(name.utf8), Self.isLabelName) else {
            throw options.mistake("source", "is no label name", help: "letters, digits and '_', no digit first")
        }
        source = compiler.slot(name)
        dropsInvalid = options.bool("drop_invalid_labels") ?? false
        overwrites = options.bool("overwrite_existing") ?? false
        labelSets = compiler.labelSets
        reason = compiler.dropID(
            DropReason(stage: Self.spec.name, reason: "source_is_no_text", isCountedByPromtail: false)
        )
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        guard entry[source].isPresent else { return .keep }
        guard let text = entry.text(source) else { return .drop(reason) }
        if registers == nil {
            registers = Dictionary(
                uniqueKeysWithValues: labelSets.registerNames.enumerated().map {
                    (Array($0.element.utf8), Slot(index: $0.offset))
                }
            )
        }
        others.removeAll(keepingCapacity: true)
        var start = 0
        while start <= text.count {
            let end = Self.lineEnd(in: text, from: start)
            extract(text[start..<end], into: &entry)
            start = end + 2
        }
        return .keep
    }

    /// Where the line that begins at `start` ends: at CRLF or at the end of the text.
    private static func lineEnd(in text: Bytes, from start: Int) -> Int {
        var place = start
        while let found = text.firstIndex(of: 0x0D, from: place) {
            if found + 1 < text.count, text[found + 1] == 0x0A { return found }
            place = found + 1
        }
        return text.count
    }

    private mutating func extract(_ line: Bytes, into entry: inout Entry) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        var name = line[0..<colon].array
        if !Self.isLabelName(line[0..<colon]) {
            if dropsInvalid { return }
            name = Self.labelName(of: line[0..<colon])
        }
        let value = TemplateText.trimmed(line[(colon + 1)..<line.count])
        guard value.isUTF8 else { return }
        if !overwrites, exists(name, in: entry) { name += "_extracted".utf8 }
        if let slot = registers?[name] { entry[slot] = .string(value) } else { others.insert(name) }
    }

    private func exists(_ name: [UInt8], in entry: Entry) -> Bool {
        if let slot = registers?[name] { return entry[slot].isPresent }
        if others.contains(name) { return true }
        let text = String(decoding: name, as: UTF8.self)
        return labelSets.unregisteredLabels(of: entry).contains { $0.name == text }
    }

    private static func isLabelName(_ name: Bytes) -> Bool {
        guard name.count > 0, !isDigit(name[0]) else { return false }
        return (0..<name.count).allSatisfy { isNamePart(name[$0]) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_")
    }

    /// The name with `_` for each character that no label name has; `_` for none at all.
    private static func labelName(of key: Bytes) -> [UInt8] {
        var name: [UInt8] = []
        for scalar in String(decoding: key.array, as: UTF8.self).unicodeScalars {
            let isPart =
                scalar.isASCII && isNamePart(UInt8(scalar.value)) && !(name.isEmpty && isDigit(UInt8(scalar.value)))
            name.append(isPart ? UInt8(scalar.value) : UInt8(ascii: "_"))
        }
        return name.isEmpty ? [UInt8(ascii: "_")] : name
    }
}
