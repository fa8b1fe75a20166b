import Entries
import Glibc
import Testing

@testable import Languages

/// What other programs answered, recorded in `fixtures/oracles`: a JSON object in each line of a file.
enum Recording {
    /// All objects of `fixtures/oracles/<name>.ndjson`, or of the file at `path`.
    static func objects(_ name: String, at path: String? = nil) throws -> [JSONObject] {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try contents(of: path ?? "\(root)/fixtures/oracles/\(name).ndjson").split(separator: UInt8(ascii: "\n"))
            .map { line in
                let value = Bytes.with(Array(line)) { JSONValue.parse($0) }
                guard case .object(let object) = value else {
                    throw NotAnObject(line: String(decoding: line, as: UTF8.self))
                }
                return object
            }
    }

    private struct NotAnObject: Error {
        let line: String
    }

    private static func contents(of path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"), "cannot open \(path)")
        defer { fclose(file) }
        var contents: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return contents }
            contents += buffer[..<count]
        }
    }
}

extension JSONObject {
    /// A member; nil also where it is null, as Go writes what is missing.
    func member(_ key: String) -> JSONValue? {
        guard let value = self[Array(key.utf8)], value != .null else { return nil }
        return value
    }

    /// A member's text; nil where there is none.
    func text(_ key: String) -> String? { member(key)?.string.map { String(decoding: $0, as: UTF8.self) } }
}

extension JSONValue {
    /// The bytes of a text in base64, as Go writes a `[]byte`; nil for another kind of value.
    var data: [UInt8]? {
        guard let string else { return nil }
        return try? Hashing.decodeBase64(string).get()
    }

    /// The items of an array; nil for another kind of value.
    var items: [JSONValue]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// A whole number; nil for another kind of value.
    var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return Int(exactly: number)
    }
}
