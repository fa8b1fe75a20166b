import Configuration
import Testing

struct KubeconfigTests {
    private static let text = """
        apiVersion: v1
        current-context: b
        contexts:
        - {name: a, context: {cluster: one, user: u}}
        - {name: b, context: {cluster: two, user: v}}
        clusters:
        - {name: one, cluster: {server: 'https://one'}}
        - {name: two, cluster: {server: 'https://two:6443/', certificate-authority-data: QQ==, insecure-skip-tls-verify: true}}
        users:
        - {name: u, user: {token: first}}
        - {name: v, user: {client-certificate: /c.pem, client-key-data: Qg==, tokenFile: /t}}
        """

    @Test func theCurrentContextCounts() throws {
        let file = try Kubeconfig(text: Self.text, file: "k")
        #expect(file.server == "https://two:6443")
        #expect(file.authority == .base64("QQ=="))
        #expect(file.certificate == .file("/c.pem"))
        #expect(file.key == .base64("Qg=="))
        #expect(file.token == .file("/t"))
        #expect(file.skipsVerification)
        let other = try Kubeconfig(
            text: Self.text.replacing("current-context: b", with: "current-context: a"),
            file: "k"
        )
        #expect(other.token == .inline("first") && other.authority == nil && !other.skipsVerification)
    }

    @Test(arguments: [
        ("current-context: b", "current-context: c", "no context 'c'"),
        ("current-context: b", "x: y", "no current-context"),
        ("cluster: two", "cluster: three", "has no cluster"), ("server: 'https://two:6443/'", "x: y", "has no server"),
        ("tokenFile: /t", "exec: {command: aws}", "asks a program"), ("contexts:", "contexts: [", "k:"),
    ])
    func whatIsMissingIsSaid(old: String, new: String, said: String) {
        #expect {
            _ = try Kubeconfig(text: Self.text.replacing(old, with: new), file: "k")
        } throws: {
            "\(($0 as? Diagnostic)?.line ?? "")".contains(said)
        }
    }
}
