import Entries
import Languages

/// Values as text and numbers, by Promtail's conversions (stages.md 0.3).
extension Entry {
    /// The text of an extracted value; nil when the name is missing, nil or not convertible.
    @inline(__always)
    func text(_ slot: Slot) -> Bytes? {
        let value = self[slot]
        switch value.kind {
        case .string, .bool: return value.raw
        case .absent, .null: return nil
        // Through the parts alone: a call on the entry itself would copy all of it first, for every value.
        case .escapedString, .number, .json: return Self.resolve(value, in: registers + slot.index, arena)
        }
    }

    /// What a stage works on: the text of its source, or the line when it has none.
    @inline(__always)
    func input(_ source: Slot?) -> Bytes? {
        guard let source else { return line }
        return text(source)
    }

    /// Decodes what stands in the line in JSON's spelling and keeps the text for the next who asks.
    private static func resolve(
        _ value: Value,
        in register: UnsafeMutablePointer<Value>,
        _ arena: ByteArena
    ) -> Bytes? {
        guard let text = text(of: value, arena) else { return nil }
        register.pointee = value.kind == .number ? Value(.number, text) : .string(text)
        return text
    }

    /// The text of a value that need not stand in a register; valid as long as the entry.
    func text(of value: Value) -> Bytes? { Self.text(of: value, arena) }

    private static func text(of value: Value, _ arena: ByteArena) -> Bytes? {
        switch value.kind {
        case .string, .bool: return value.raw
        case .absent, .null: return nil
        case .escapedString:
            let room = arena.allocate(value.raw.count)
            return Bytes(room, count: JSONEscapes.decode(value.raw, into: room))
        case .number:
            // An integer of up to 15 digits is its own shortest decimal.
            return JSONNumber.isPlainInteger(value.raw) ? value.raw : arena.copy(JSONNumber.decimal(value.raw))
        case .json: return JSONValue.parse(value.raw).map { arena.copy($0.goJSON) }
        }
    }
}

/// JSON numbers as Promtail holds them: 64-bit floating point.
enum JSONNumber {
    /// Whether the text is how Go prints the number it stands for.
    static func isPlainInteger(_ text: Bytes) -> Bool {
        guard text.count <= 15 else { return false }
        var index = 0
        if text[0] == 0x2D {
            // `-0` is printed as it is, but `-` alone does not occur.
            index = 1
        }
        while index < text.count {
            guard text[index] &- 0x30 < 10 else { return false }
            index += 1
        }
        return true
    }

    /// The shortest plain decimal that reads back as the same number.
    static func decimal(_ text: Bytes) -> [UInt8] { GoNumber.decimal(value(text)) }

    /// The number; text that is none gives 0, which the scanner rules out.
    static func value(_ text: Bytes) -> Double { GoNumber.parseFloat(text) ?? 0 }
}
