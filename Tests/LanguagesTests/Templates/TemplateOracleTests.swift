import Entries
import Testing

@testable import Languages

/// What Go 1.19 with sprig 3.2.3 said; fixtures/oracles/make-templates.go wrote it.
@Suite("Templates against Go")
struct TemplateOracleTests {
    @Test("Every recorded template gives what Go gave")
    func agreement() throws {
        let records = try Recording.objects("templates")
        guard case .object(let data) = records.first?.member("data") else {
            Issue.record("the recording does not begin with its data")
            return
        }
        var values: [String: String] = [:]
        for key in data.keys {
            let name = String(decoding: key, as: UTF8.self)
            values[name] = data.text(name) ?? ""
        }
        let fixture = TemplateFixture(values: values)
        #expect(records.count > 1000)
        var differences: [String] = []
        for record in records.dropFirst() {
            let template = record.text("template") ?? ""
            let ours = Self.outcome(of: template, fixture)
            let theirs = (record.text("fails") ?? "", record.text("result") ?? "")
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
