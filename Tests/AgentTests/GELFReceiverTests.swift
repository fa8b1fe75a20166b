import TestSupport
import Testing

/// GELF over a real socket: plain, compressed by the real gzip, and in chunks.
@Suite(.serialized)
struct GELFReceiverTests {
    @Test func messagesArriveHoweverTheyAreSent() throws {
        let scene = try AgentScene()
        scene.options.source =
            "gelf: {listen_address: '127.0.0.1:0', use_incoming_timestamp: true, labels: {job: gelf}}"
        scene.options.relabelRules = [
            "{source_labels: [__gelf_message_host], target_label: host}",
            "{source_labels: [__gelf_message_level], target_label: level}",
        ]
        try scene.start()
        let port = try scene.receiverPort("gelf listening on address")
        func text(_ host: String) -> String {
            #"{"version":"1.1","host":"\#(host)","short_message":"hello","timestamp":1767225600.5,"level":4}"#
        }
        try sendDatagram(Array(text("plain").utf8), to: port)
        let packed = try Subprocess.run(["/bin/sh", "-c", "printf '%s' '\(text("packed"))' | gzip"]).output
        try sendDatagram(packed, to: port)
        let whole = Array(text("chunks").utf8)
        for number in [1, 0] {
            let head: [UInt8] = [0x1E, 0x0F, 1, 2, 3, 4, 5, 6, 7, 8, UInt8(number), 2]
            try sendDatagram(head + (number == 0 ? whole[..<20] : whole[20...]), to: port)
        }
        try sendDatagram(Array("{}x".utf8), to: port)
        try scene.waitForEntries(3)
        try scene.waitForMetric("promtail_gelf_target_parsing_errors_total") { $0 == 1 }
        #expect(try scene.metrics()["promtail_gelf_target_entries_total"] == 3)
        #expect(try scene.stop() == 0)
        let expected = ["chunks", "packed", "plain"].map {
            "{host=\"\($0)\", job=\"gelf\", level=\"warning\"} \(text($0))"
        }
        #expect(scene.receiver.entries.map { "\($0.labels) \($0.text)" }.sorted() == expected)
    }
}
