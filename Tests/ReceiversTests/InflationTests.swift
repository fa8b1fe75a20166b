import Files
import Testing

/// Real gzip and zlib data, made by zlib's own tools and committed as bytes.
struct InflationTests {
    /// What `printf hello | gzip -n` gives.
    private let gzip: [UInt8] = [
        0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 7, 0, 0x86, 0xA6, 0x10, 0x36, 5, 0, 0, 0,
    ]
    private var deflate: [UInt8] { Array(gzip[10..<17]) }

    @Test func everyFormatComesBack() {
        #expect(Inflation.inflate(gzip, .gzip, limit: 5) == .done(Array("hello".utf8)))
        #expect(Inflation.inflate(gzip + gzip, .gzip, limit: 10) == .done(Array("hellohello".utf8)))
        #expect(Inflation.inflate(deflate, .deflate, limit: 5) == .done(Array("hello".utf8)))
        // Adler-32 of hello (RFC 1950).
        let zlib: [UInt8] = [0x78, 0x9C] + deflate + [0x06, 0x2C, 0x02, 0x15]
        #expect(Inflation.inflate(zlib, .zlib, limit: 5) == .done(Array("hello".utf8)))
    }

    @Test func moreThanTheLimitIsRefusedAndDamageFound() {
        #expect(Inflation.inflate(gzip, .gzip, limit: 4) == .tooLarge)
        for end in 0..<gzip.count { #expect(Inflation.inflate(Array(gzip[..<end]), .gzip, limit: 100) == .damaged) }
        #expect(Inflation.inflate(gzip, .zlib, limit: 100) == .damaged)
    }
}
