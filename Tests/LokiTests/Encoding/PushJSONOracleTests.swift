import Entries
import TestSupport
import Testing

@testable import Loki

/// The JSON form against a parser that is not ours.
struct PushJSONOracleTests {
    private static let script = """
        import json, sys
        for line in open(sys.argv[1], 'rb'):
            for stream in json.loads(line)['streams']:
                print('stream', ' '.join(k + '=' + v.encode().hex() for k, v in sorted(stream['stream'].items())))
                for value in stream['values']:
                    pairs = value[2] if len(value) > 2 else {}
                    print(value[0], value[1].encode().hex(), ' '.join(k + '=' + v.encode().hex() for k, v in pairs.items()))
        """

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test func pythonReadsTheSame() throws {
        let folder = try TemporaryFolder()
        var file: [UInt8] = []
        var expected = ""
        for seed in 0..<30 as Range<UInt64> {
            let push = RandomPush(seed: seed, entries: 20, streams: 3, isText: true)
            var buffer = BodyBuffer()
            file += push.batch().jsonBody(&buffer).array + [0x0A]
            buffer.deallocate()
            for stream in push.expected.streams {
                let app = String(decoding: stream.labels, as: UTF8.self).split(separator: "\"")
                expected += "stream app=\(hex(Array(app[1].utf8))) level=\(hex(Array(app[3].utf8)))\n"
                for entry in stream.entries {
                    let isFar = abs(entry.timestamp.seconds) >= 9_223_372_036
                    let limit: Int64 = entry.timestamp.seconds < 0 ? .min : .max
                    let time = isFar ? limit : entry.timestamp.unixNanoseconds
                    let pairs = entry.metadata.map { "\(String(decoding: $0.name, as: UTF8.self))=\(hex($0.value))" }
                    expected += "\(time) \(hex(entry.line)) \(pairs.joined(separator: " "))\n"
                }
            }
        }
        let path = try folder.write("pushes", file)
        let result = try Subprocess.run(["/usr/bin/python3", "-c", Self.script, path])
        #expect(result.code == 0)
        #expect(String(decoding: result.output, as: UTF8.self) == expected)
    }
}
