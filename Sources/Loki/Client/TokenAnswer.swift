/// What a token server gives (RFC 6749, 5.1): a flat JSON object with the token, its type and its lifetime.
struct TokenAnswer {
    let token: String

    /// `Bearer` unless the server says otherwise.
    let type: String

    /// Nil if the server does not say, or says 0: then until it is refused.
    let lifetime: Duration?

    /// Nil if `json` is not an object with an `access_token`; other members are passed over, whatever they are.
    init?(_ json: [UInt8]) {
        var reader = Reader(bytes: json)
        var token: String?
        var type = "Bearer"
        var lifetime: Duration?
        guard reader.take("{") else { return nil }
        while !reader.take("}") {
            guard let name = reader.string(), reader.take(":") else { return nil }
            switch name {
            case "access_token": token = reader.string()
            case "token_type":
                guard let named = reader.string() else { return nil }
                if !named.isEmpty, named.lowercased() != "bearer" { type = named }
            case "expires_in":
                // Some servers quote the number.
                guard let digits = reader.string() ?? reader.number() else { return nil }
                // Not finite or out of range counts as not said.
                if let seconds = Double(digits), seconds > 0, seconds < 1e12 { lifetime = .seconds(seconds) }
            default:
                guard reader.skipValue() else { return nil }
            }
            guard reader.take(",") || reader.next == UInt8(ascii: "}") else { return nil }
        }
        guard let token, !token.isEmpty else { return nil }
        self.token = token
        self.type = type
        self.lifetime = lifetime
    }

    /// A place in the text; each call passes over white space first.
    private struct Reader {
        let bytes: [UInt8]
        private var index = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        /// The next byte that is not white space; nil at the end.
        var next: UInt8? {
            mutating get {
                while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
                return index < bytes.count ? bytes[index] : nil
            }
        }

        mutating func take(_ mark: Unicode.Scalar) -> Bool {
            guard next == UInt8(ascii: mark) else { return false }
            index += 1
            return true
        }

        /// A string without its quotes and escapes; nil, moving nowhere, if there is no whole one.
        mutating func string() -> String? {
            guard next == UInt8(ascii: "\"") else { return nil }
            var text: [UInt8] = []
            var at = index + 1
            while at < bytes.count {
                let byte = bytes[at]
                at += 1
                if byte == UInt8(ascii: "\"") {
                    index = at
                    return String(decoding: text, as: UTF8.self)
                }
                guard byte == UInt8(ascii: "\\") else {
                    text.append(byte)
                    continue
                }
                guard at < bytes.count else { return nil }
                at += 1
                switch bytes[at - 1] {
                case UInt8(ascii: "n"): text.append(0x0A)
                case UInt8(ascii: "t"): text.append(0x09)
                case UInt8(ascii: "r"): text.append(0x0D)
                case UInt8(ascii: "b"): text.append(0x08)
                case UInt8(ascii: "f"): text.append(0x0C)
                case UInt8(ascii: "u"):
                    // Half of a surrogate pair becomes U+FFFD: no token and no number holds one.
                    guard at + 4 <= bytes.count,
                        let value = UInt32(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16)
                    else { return nil }
                    at += 4
                    text += Array(String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
                case let plain: text.append(plain)
                }
            }
            return nil
        }

        mutating func number() -> String? {
            guard let first = next, first == UInt8(ascii: "-") || (0x30...0x39).contains(first) else { return nil }
            let start = index
            while index < bytes.count, Array("+-.0123456789Ee".utf8).contains(bytes[index]) { index += 1 }
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }

        /// Passes over any value; false at the end of the text.
        ///
        /// Brackets are counted, not recursed into.
        mutating func skipValue() -> Bool {
            var depth = 0
            while let byte = next {
                switch byte {
                case UInt8(ascii: "\""):
                    guard string() != nil else { return false }
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    index += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 0 { return true }
                    depth -= 1
                    index += 1
                case UInt8(ascii: ",") where depth == 0:
                    return true
                default:
                    index += 1
                }
            }
            return false
        }
    }
}
