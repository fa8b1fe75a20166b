import Delivery
import TestSupport
import Testing

@testable import Loki

/// Servers that break off, stay silent or talk nonsense.
struct PushClientFaultTests {
    private static let body = Array("CANARY!".utf8)

    private func outcome(
        of answer: String,
        then ending: MisbehavingServer.Ending = .close,
        timeout: Duration = .seconds(10)
    ) throws -> PushOutcome {
        let server = try MisbehavingServer(answer, then: ending)
        defer { server.stop() }
        var options = ClientOptions(to: "http://127.0.0.1:\(server.port)/")
        options.timeout = timeout
        let outcome = try push(options, body: Self.body)
        #expect(!"\(outcome)".contains("CANARY"))
        return outcome
    }

    @Test func nobodyListening() throws {
        let outcome = try push(ClientOptions(to: "http://127.0.0.1:\(try freePort())/"))
        #expect(outcome.failureKind == .connect)
    }

    @Test func aNameWithoutAddress() throws {
        #expect(try push(ClientOptions(to: "http://nowhere.invalid/")).failureKind == .resolve)
    }

    @Test func closedWithoutAnAnswer() throws {
        #expect(try outcome(of: "").failureKind == .reset)
    }

    @Test func resetWithoutAnAnswer() throws {
        #expect(try outcome(of: "", then: .reset).failureKind == .reset)
    }

    /// A whole header decides; anything less is no answer.
    @Test func anAnswerCutAtEveryByte() throws {
        let answer = Array("HTTP/1.1 204 No Content\r\nA: b\r\n\r\n".utf8)
        for end in 0..<answer.count {
            let outcome = try outcome(of: String(decoding: answer[..<end], as: UTF8.self))
            #expect(outcome.isWorthRetrying, "cut at \(end): \(outcome)")
        }
        #expect(try outcome(of: String(decoding: answer, as: UTF8.self)) == .accepted)
    }

    @Test func successWithHalfABodyIsSuccess() throws {
        #expect(try outcome(of: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") == .accepted)
    }

    @Test func aRefusalWithHalfABodyIsARefusal() throws {
        let outcome = try outcome(of: "HTTP/1.1 400 Bad\r\nContent-Length: 100\r\n\r\nhalf of 'it", then: .reset)
        #expect(outcome.status == 400)
        #expect(outcome.description == "server returned HTTP status 400: half of ...")
    }

    @Test(arguments: ["CANARY nonsense\r\n\r\n", "\0\0\0\0", "HTTP/9.9 hello\r\n\r\n", "SSH-2.0-OpenSSH\r\n"])
    func nonsenseIsNoAnswer(_ answer: String) throws {
        #expect(try outcome(of: answer).isWorthRetrying)
    }

    @Test func silenceEndsWithTheTimeout() throws {
        let start = ContinuousClock.now
        #expect(try outcome(of: "", then: .hang, timeout: .milliseconds(300)).failureKind == .timeout)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func aDripOfHeaderBytesEndsWithTheTimeout() throws {
        let outcome = try outcome(of: "HTTP/1.1 200 OK\r\nA: b", then: .hang, timeout: .milliseconds(300))
        #expect(outcome.failureKind == .timeout)
    }

    @Test func anEndlessBodyIsCutOff() throws {
        let outcome = try outcome(
            of: "HTTP/1.1 400 Bad\r\n\r\nreason\n",
            then: .repeatForEver([UInt8](repeating: 0x78, count: 65_536))
        )
        #expect(outcome.status == 400)
        #expect(outcome.words == "reason")
    }

    @Test func aBodyOfOneEndlessLineIsCutOff() throws {
        let outcome = try outcome(
            of: "HTTP/1.1 500 Bad\r\n\r\n",
            then: .repeatForEver([UInt8](repeating: 0x78, count: 65_536))
        )
        #expect(outcome.status == 500)
        #expect(outcome.words.utf8.count == 1_024)
    }

    @Test func anEndlessHeaderIsCutOff() throws {
        let lines = String(repeating: "A: bbbbbbbbbbbbbbbbbbbbbbbb\r\n", count: 1_000)
        let outcome = try outcome(of: "HTTP/1.1 200 OK\r\n", then: .repeatForEver(Array(lines.utf8)))
        #expect(outcome.failureKind == .malformed)
    }

    @Test func endlessInterimAnswersAreCutOff() throws {
        let lines = String(repeating: "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n", count: 1_000)
        let outcome = try outcome(of: "", then: .repeatForEver(Array(lines.utf8)))
        #expect(outcome.isWorthRetrying)
    }

    @Test func anInterruptEndsARunningPush() throws {
        let server = try MisbehavingServer("", then: .hang)
        defer { server.stop() }
        let interrupt = PushInterrupt()
        let setter = JoinedThread {
            // Once the server holds the connection the push is under way; earlier is harmless as well.
            try? waitUntil("the port answers") { LoopbackListener.isAnswering(server.port) }
            interrupt.interrupt()
        }
        defer { setter.join() }
        var options = ClientOptions(to: "http://127.0.0.1:\(server.port)/")
        options.timeout = .seconds(60)
        let start = ContinuousClock.now
        var client = try PushClient(options, interrupt: interrupt)
        #expect(client.push(Self.body).failureKind == .interrupted)
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(client.push(Self.body).failureKind == .interrupted)
    }

    @Test func aTenantThatWouldBreakTheHeaderIsNotSent() throws {
        let outcome = try push(ClientOptions(to: "http://127.0.0.1:1/"), tenant: "a\r\nX-Evil: CANARY")
        #expect(outcome == .unsendable(reason: "the tenant holds a character that headers cannot hold"))
    }

    @Test func optionsThatCannotWorkAreRefused() {
        for url in ["", "loki", "ftp://loki/", "http://", "file:///etc/passwd"] {
            #expect(throws: ClientError.url(option: "url")) { _ = try PushClient(ClientOptions(to: url)) }
        }
        var options = ClientOptions(to: "http://loki/")
        options.timeout = .zero
        #expect(throws: ClientError.timeout) { _ = try PushClient(options) }
        options = ClientOptions(to: "http://loki/")
        options.headers = [.init("X-A", Secret("CANARY\r\nX-B: c"))]
        #expect(throws: ClientError.header(name: "X-A")) { _ = try PushClient(options) }
    }

    @Test func printingOptionsShowsNoSecret() {
        var options = ClientOptions(to: "http://u:CANARY@loki/")
        options.headers = [.init("X-Key", Secret("CANARY"))]
        options.authentication = .basic(username: .value(Secret("u")), password: .value(Secret("CANARY")))
        options.tls.key = .value(Secret("CANARY"))
        options.proxy = .fixed(url: Secret("http://u:CANARY@proxy/"), noProxy: nil, connectHeaders: [])
        var dumped = ""
        dump(options, to: &dumped)
        let parts = ["\(options.headers)", "\(options.authentication)", "\(options.tls)", "\(options.proxy)"]
        for text in ["\(options)", String(reflecting: options), dumped] + parts {
            #expect(!text.contains("CANARY"))
        }
    }
}
