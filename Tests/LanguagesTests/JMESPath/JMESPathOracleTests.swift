import Entries
import Glibc
import Testing

@testable import Languages

/// Recorded answers of `jp`, the command line of the Go library that Promtail uses.
struct JMESPathOracleTests {
    @Test func everyRecordedAnswerIsOurs() throws {
        // Another recording may stand in the environment.
        let path = getenv("SLUICE_JMESPATH_ORACLE").map { String(cString: $0) }
        let records = try Recording.objects("jmespath", at: path)
        try #require(records.count >= 1000)
        var differences: [String] = []
        for members in records {
            let expression = try #require(members.text("expression"))
            let document = try #require(members[Array("document".utf8)])
            let ours = answer(expression, document)
            let theirs: Answer =
                if let result = members[Array("result".utf8)] {
                    .result(result)
                } else if let message = members.text("message") {
                    .syntaxError(message)
                } else {
                    .failure
                }
            if ours != theirs { differences.append("\(ours), not \(theirs) for \(expression) of \(document)") }
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
}
