import Entries
import Glibc
import Testing

@testable import Languages

/// Recorded answers of `jp`, the command line of the Go library that Promtail uses.
struct JMESPathOracleTests {
    /// `fixtures/oracles/jmespath.ndjson` of this repository; another recording in `SLUICE_JMESPATH_ORACLE`.
    private static var path: String {
        if let other = getenv("SLUICE_JMESPATH_ORACLE") { return String(cString: other) }
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/\(root)/fixtures/oracles/jmespath.ndjson"
    }

    @Test func everyRecordedAnswerIsOurs() throws {
        let lines = try read(Self.path).split(separator: UInt8(ascii: "\n"))
        try #require(lines.count >= 1000)
        var differences: [String] = []
        for line in lines {
            let record = try #require(Bytes.with(Array(line)) { JSONValue.parse($0) }, "a line is not JSON")
            guard case .object(let members) = record, let expression = members[Array("expression".utf8)]?.string,
                let document = members[Array("document".utf8)]
            else {
                Issue.record("a line without expression and document")
                continue
            }
            let ours = answer(String(decoding: expression, as: UTF8.self), document)
            let theirs: Answer =
                if let result = members[Array("result".utf8)] {
                    .result(result)
                } else if let message = members[Array("message".utf8)]?.string {
                    .syntaxError(String(decoding: message, as: UTF8.self))
                } else {
                    .failure
                }
            if ours != theirs { differences.append("\(ours) for \(String(decoding: line, as: UTF8.self))") }
        }
        #expect(differences.isEmpty, "\(differences.count) differ:\n\(differences.prefix(20).joined(separator: "\n"))")
    }

    private enum Answer: Equatable {
        case result(JSONValue)
        case syntaxError(String)
        /// Not compiled for another reason than grammar, or not evaluated.
        case failure
    }

    private func answer(_ expression: String, _ document: JSONValue) -> Answer {
        do throws(LanguageError) {
            let compiled = try JMESPath(expression)
            let result = Result { () throws(JMESPath.EvaluationError) in try compiled.evaluate(document) }
            return (try? result.get()).map { .result($0) } ?? .failure
        } catch {
            return error.message.hasPrefix("SyntaxError: ") ? .syntaxError(error.message) : .failure
        }
    }

    private func read(_ path: String) throws -> [UInt8] {
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
