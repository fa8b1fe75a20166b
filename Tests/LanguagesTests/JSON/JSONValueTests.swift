import Entries
import Glibc
import Testing

@testable import Languages

struct JSONValueTests {
    private func parse(_ bytes: [UInt8]) -> JSONValue? { Bytes.with(bytes) { JSONValue.parse($0) } }
    private func parse(_ text: String) -> JSONValue? { parse(Array(text.utf8)) }

    @Test(arguments: [
        ("{}", "{}"), (" \t\r\n{ \"a\" : [ 1 , 2.50 , -0.5e1 ] } \n", #"{"a":[1,2.5,-5]}"#), ("[]", "[]"),
        ("[[],{}]", "[[],{}]"),
        ("null", "null"), ("true", "true"), ("false", "false"), ("-0", "-0"), ("\"x\"", "\"x\""), ("12", "12"),
        (#"{"b":1,"a":2,"b":3}"#, #"{"b":3,"a":2}"#), ("1e-9", "1e-9"),
        ("12345678901234567890", "12345678901234567000"),
        (#""\"\\\/\b\f\n\r\t\u00e9\u0041""#, #""\"\\/\u0008\u000c\n\r\téA""#),
        (#""\ud83d\ude00""#, "\"😀\""), (#""\ud83d""#, "\"\u{FFFD}\""), (#""\ude00\ud83d""#, "\"\u{FFFD}\u{FFFD}\""),
        (#""\ud800a""#, "\"\u{FFFD}a\""), (#""\ud800\u0041""#, "\"\u{FFFD}A\""), (#""\ud800\n""#, "\"\u{FFFD}\\n\""),
        ("\"<a href='x'>&\u{2028}\u{2029}\u{7F}\"", #""\u003ca href='x'\u003e\u0026\u2028\u2029"# + "\u{7F}\""),
        (#"{"<":"\u0000"}"#, #"{"\u003c":"\u0000"}"#),
    ])
    func readsAndWrites(text: String, expected: String) throws {
        let value = try #require(parse(text))
        #expect(String(decoding: value.goJSON, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "]", "{]", "[}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "[1,]",
        "[,1]", "[1 2]",
        "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\":1}}", "{} {}", "1 2", "01", "-01", "1.", ".5", "+1", "-", "1e", "1e+",
        "NaN", "nul", "tru",
        "nulll", "0x1", "1_0", "1e999", "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"",
        "\"\u{01}\"", "// x\n{}",
        "/**/{}", "{1:2}", "{null:1}", "\u{FEFF}{}", "{}\0", "{\"a\":\"b\"", "-+1", #"{"x":1, y":2}"#, "Infinity",
        "\u{A0}{}",
    ])
    func malformedTextIsNil(text: String) {
        #expect(parse(text) == nil, "\(text)")
    }

    @Test func everyCutOfADocumentIsMalformed() {
        let text = Array(#"{"a":[1.5e3,{"b":"x\u00e9\n"},true,null],"c":"é"}"#.utf8)
        for count in 0..<text.count { #expect(parse(Array(text[..<count])) == nil, "\(count) bytes") }
        #expect(parse(text) != nil)
    }

    @Test func everyByteMayBeAnyOther() throws {
        let text = Array(#"{"a":[1.5e3,{"b":"x\ud83d\ude00é"},true,null],"a":-0.25}"#.utf8)
        var accepted = 0
        for index in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[index] = byte
                guard let value = parse(changed), Bytes.with(changed, { $0.isUTF8 }) else { continue }
                accepted += 1
                #expect(parse(value.goJSON) == value, "byte \(byte) at \(index)")
            }
        }
        #expect(accepted > 1000)
    }

    @Test func controlCharactersAreTakenOnlyBehindAnEscape() {
        #expect(parse("\"\\ta\nb\"") == .string(Array("\ta\nb".utf8)))
        #expect(parse("\"a\nb\\t\"") == nil)
    }

    @Test func bytesThatAreNotUTF8AreKeptAndWrittenAsReplacements() {
        let value = parse([UInt8(ascii: "\""), 0xFF, 0xE2, 0x82, UInt8(ascii: "x"), UInt8(ascii: "\"")])
        #expect(value == .string([0xFF, 0xE2, 0x82, UInt8(ascii: "x")]))
        #expect(value?.goJSON == Array(#""\ufffd\ufffd\ufffdx""#.utf8))
    }

    @Test(arguments: ["[", "{\"a\":"]) func nestingHasALimit(opening: String) {
        let closing = opening == "[" ? "]" : "}"
        func nested(_ depth: Int) -> String {
            String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
        }
        #expect(parse(nested(JSONValue.depthLimit)) != nil)
        #expect(parse(nested(JSONValue.depthLimit + 1)) == nil)
        #expect(parse(String(repeating: opening, count: 1_000_000)) == nil)
        #expect(
            parse(String(repeating: "[", count: JSONValue.depthLimit) + "[]" + String(repeating: "]", count: 512))
                == nil
        )
    }

    @Test func deepestValueLivesOnASmallThread() throws {
        let depth = JSONValue.depthLimit
        let text = String(repeating: "[{\"a\":", count: depth / 2) + "1" + String(repeating: "}]", count: depth / 2)
        let chain = String(repeating: "[@] | ", count: 60) + "@"
        let matched = try onSmallThread {
            guard let left = Bytes.with(Array(text.utf8), { JSONValue.parse($0) }),
                let right = Bytes.with(Array(text.utf8), { JSONValue.parse($0) }),
                let path = try? JMESPath(chain), let deeper = try? path.evaluate(left)
            else { return false }
            return left == right && left.goJSON == Array(text.utf8) && deeper.goJSON.count == text.utf8.count + 120
        }
        #expect(matched)
    }

    @Test(arguments: [
        ("!", "", 45), ("[", "]", 45), ("{a:", "}", 45), ("@[?", "]", 45), ("map(&", ",@)", 20), ("[*].", "", 45),
        ("(", ")", 45),
        ("", " || @", 95), ("", "[0]", 45), ("", "[]", 45), ("", ".a", 95),
    ])
    func largestExpressionsWorkOnASmallThread(opening: String, closing: String, atLeast: Int) throws {
        let enough = try onSmallThread {
            var document = JSONValue.number(1)
            for _ in 0..<100 { document = .array([document]) }
            var largest = 0
            for count in 1...150 {
                let start = opening == "[*]." ? "to_array(@)" : "@"
                let text = String(repeating: opening, count: count) + start + String(repeating: closing, count: count)
                guard let expression = try? JMESPath(text) else { break }
                _ = try? expression.evaluate(document)
                largest = count
            }
            return largest >= atLeast
        }
        #expect(enough)
    }

    @Test func manyMembersAreFoundByKey() throws {
        let members = (0..<5000).map { "\"k\($0)\":\($0)" } + ["\"k17\":\"again\""]
        let value = try #require(parse("{" + members.joined(separator: ",") + "}"))
        guard case .object(let object) = value else {
            Issue.record("not an object")
            return
        }
        #expect(object.count == 5000)
        #expect(object[Array("k17".utf8)] == .string(Array("again".utf8)))
        #expect(object[Array("k4999".utf8)] == .number(4999))
        #expect(object[Array("k5000".utf8)] == nil)
        #expect(object.keys[17] == Array("k17".utf8))
    }

    @Test func objectsAreEqualInAnyOrder() {
        #expect(parse(#"{"a":1,"b":[{"c":2,"d":3}]}"#) == parse(#"{"b":[{"d":3,"c":2}],"a":1}"#))
        #expect(parse(#"{"a":1}"#) != parse(#"{"a":1,"b":1}"#))
        #expect(parse(#"{"a":1}"#) != parse(#"{"b":1}"#))
        #expect(parse("[1,2]") != parse("[2,1]"))
        #expect(parse("0") != parse("false"))
    }

    /// Runs `body` on a thread with a stack of 512 KiB.
    private func onSmallThread(_ body: @escaping @Sendable () -> Bool) throws -> Bool {
        final class Job: Sendable {
            let body: @Sendable () -> Bool
            init(_ body: @escaping @Sendable () -> Bool) { self.body = body }
        }
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setstacksize(attributes, 512 * 1024)
        var thread: pthread_t = 0
        let job = Unmanaged.passRetained(Job(body)).toOpaque()
        let code = pthread_create(
            &thread,
            attributes,
            { argument in
                guard let argument else { return nil }
                let holds = Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body()
                return UnsafeMutableRawPointer(bitPattern: holds ? 1 : 2)
            },
            job
        )
        try #require(code == 0)
        var result: UnsafeMutableRawPointer?
        pthread_join(thread, &result)
        return result == UnsafeMutableRawPointer(bitPattern: 1)
    }
}
