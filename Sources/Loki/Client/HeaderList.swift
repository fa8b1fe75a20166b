import CCurl

/// Header lines in libcurl's form, freed when the value ends.
struct HeaderList: ~Copyable {
    private(set) var first: UnsafeMutablePointer<curl_slist>?

    init() {}

    deinit { curl_slist_free_all(first) }

    /// Adds `name: value`; nothing is escaped, so both have been checked before.
    mutating func add(_ name: String, _ value: String) {
        // "Name:" would take a header away; "Name;" is libcurl's way to send an empty one.
        append(value.isEmpty ? "\(name);" : "\(name): \(value)")
    }

    /// Keeps libcurl from sending a header of its own.
    mutating func suppress(_ name: String) { append("\(name):") }

    /// Adds a line of another kind of list.
    mutating func append(_ line: String) {
        // Without memory for it libcurl returns NULL and leaves the list as it was.
        if let longer = curl_slist_append(first, line) { first = longer }
    }

    /// Whether `name` is a token (RFC 9110, 5.6.2).
    static func isName(_ name: String) -> Bool {
        let marks = Array("!#$%&'*+-.^_`|~".utf8)
        return !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte | 0x20 {
                case UInt8(ascii: "a")...UInt8(ascii: "z") where byte >= 0x41: true
                default: (0x30...0x39).contains(byte) || marks.contains(byte)
                }
            }
    }

    /// Whether `value` holds no control character but tabs, as Go's client demands.
    static func isValue(_ value: String) -> Bool {
        value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
    }
}
