import Entries
import Glibc
import Languages
import Testing

@Suite("Templates against Go")
struct TemplateOracleTests {
    /// What Go 1.19 with sprig 3.2.3 said; fixtures/oracles/make-templates.go wrote it.
    private static func records() throws -> [JSONObject] {
        var path = #filePath[...]
        for _ in 0..<4 { path = path[..<(path.lastIndex(of: "/") ?? path.startIndex)] }
        let file = try #require(fopen(path + "/fixtures/oracles/templates.ndjson", "r"))
        defer { fclose(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            content += chunk[..<count]
        }
        return try content.split(separator: 0x0A).map { line in
            let value = Bytes.with(Array(line)) { JSONValue.parse($0) }
            guard case .object(let object) = try #require(value) else { throw TestProblem.notAnObject }
            return object
        }
    }

    private enum TestProblem: Error {
        case notAnObject
    }

    private static func text(_ object: JSONObject, _ key: String) -> String {
        guard case .string(let bytes) = object[Array(key.utf8)] else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("Every recorded template gives what Go gave")
    func agreement() throws {
        let records = try Self.records()
        guard case .object(let data) = records.first?[Array("data".utf8)] else { throw TestProblem.notAnObject }
        var values: [String: String] = [:]
        for key in data.keys {
            let name = String(decoding: key, as: UTF8.self)
            values[name] = Self.text(data, name)
        }
        let fixture = TemplateFixture(values: values)
        #expect(records.count > 1000)
        var differences: [String] = []
        for record in records.dropFirst() {
            let template = Self.text(record, "template")
            let ours = Self.outcome(of: template, fixture)
            let theirs = (Self.text(record, "fails"), Self.text(record, "result"))
            if ours != theirs { differences.append("\(template) => \(ours), not \(theirs)") }
        }
        #expect(differences.isEmpty, "\(differences.count) differ:\n\(differences.joined(separator: "\n"))")
    }

    private static func outcome(of template: String, _ fixture: TemplateFixture) -> (fails: String, result: String) {
        do throws(LanguageError) {
            let parsed = try GoTemplate(template)
            do throws(TemplateError) {
                return ("", String(decoding: try parsed.execute(fixture), as: UTF8.self))
            } catch {
                return ("execute", "")
            }
        } catch {
            return ("parse", error.message)
        }
    }
}
