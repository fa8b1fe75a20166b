public import CBytes

/// What a register holds: a name of the extracted map, or a label, and the bytes behind it.
///
/// 16 bytes, no reference: kind and range. JSON values stay as they stand in the line until somebody asks for their text.
@frozen
public struct Value {
    /// What the bytes are, and so what has to be done to get at the text.
    @frozen
    public enum Kind: UInt8 {
        /// The name does not occur.
        case absent
        /// The name occurs with the value nil (a JSON null, or a path that leads nowhere).
        case null
        /// Text, byte for byte.
        case string
        /// The inside of a JSON string that has escapes still to be decoded.
        case escapedString
        /// A JSON number as it was written.
        case number
        /// `true` or `false`.
        case bool
        /// A JSON object or array as it was written.
        case json
    }

    @usableFromInline let start: UnsafePointer<UInt8>
    @usableFromInline let length: UInt32
    /// How ``raw`` is to be read.
    public let kind: Kind

    /// A view of `bytes`, which must be shorter than 4 GiB and live as long as the value is read.
    @inlinable public init(_ kind: Kind, _ bytes: Bytes) {
        start = bytes.start
        length = UInt32(truncatingIfNeeded: bytes.count)
        self.kind = kind
    }

    /// The bytes as they stand in the line, or the text where the kind is `string`.
    @inlinable public var raw: Bytes { Bytes(start, count: Int(length)) }

    /// A name that does not occur.
    @inlinable public static var absent: Value { Value(.absent, .empty) }
    /// A name that occurs without a value.
    @inlinable public static var null: Value { Value(.null, .empty) }
    /// Text that is taken as it stands; the bytes remain their owner's.
    @inlinable public static func string(_ bytes: Bytes) -> Value { Value(.string, bytes) }

    /// Whether both are of the same kind and have the same bytes.
    @inlinable public func hasSameText(as other: Value) -> Bool {
        length == other.length && kind == other.kind && cbytes_equal(start, other.start, Int(length)) != 0
    }

    /// Whether the name occurs in the extracted map at all (nil counts).
    @inlinable public var isPresent: Bool { kind != .absent }
}

/// The number of a name of the extracted map, given when the pipeline is compiled.
@frozen
public struct Slot: Hashable, Sendable {
    /// Place in ``Entry/registers``: 0 ..< ``Entry/registerCount``.
    public let index: Int
    /// For who compiles a pipeline; `index` counts the names in the order in which stages first mention them.
    @inlinable public init(index: Int) { self.index = index }
}

/// The number of a label that some stage of the pipeline reads or writes, given when the pipeline is compiled.
@frozen
public struct LabelSlot: Hashable, Sendable {
    /// Place in ``Entry/labels``: 0 ..< ``Entry/labelCount``.
    public let index: Int
    /// For who compiles a pipeline; `index` counts the labels in the order in which stages first mention them.
    @inlinable public init(index: Int) { self.index = index }
}
