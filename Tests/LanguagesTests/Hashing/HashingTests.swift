import Entries
import Testing

@testable import Languages

@Suite("Hashing")
struct HashingTests {
    private func hex(_ sum: [UInt8]?) -> String { String(decoding: Hashing.hex(sum ?? []), as: UTF8.self) }

    @Test("Digests of abc are those of the standards")
    func digests() {
        Bytes.with(Array("abc".utf8)) { text in
            #expect(hex(Hashing.md5(text)) == "900150983cd24fb0d6963f7d28e17f72")
            #expect(hex(Hashing.sha1(text)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
            #expect(
                hex(Hashing.sha256(text)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            )
            #expect(
                hex(Hashing.sha512(text)).hasPrefix("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2")
            )
            #expect(
                hex(Hashing.sha3(text)) == "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"
            )
            #expect(Hashing.adler32(text) == 0x024D_0127)
        }
    }

    @Test(
        "HMAC gives the values of RFC 4231",
        arguments: [
            (
                [UInt8](repeating: 0x0B, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ]
    )
    func hmac(key: [UInt8], message: String, sum: String) {
        Bytes.with(Array(message.utf8)) { message in
            Bytes.with(key) { key in
                #expect(hex(Hashing.hmacSHA256(key: key, message)) == sum)
            }
        }
    }

    @Test("A prepared key gives the same for each message")
    func preparedKey() {
        let key = Bytes.with(Array("Jefe".utf8)) { HMACKey($0) }
        var first = [UInt8](repeating: 0, count: HMACKey.digestLength)
        var second = first
        Bytes.with(Array("a".utf8)) { message in
            first.withUnsafeMutableBufferPointer { buffer in
                if let start = buffer.baseAddress { key.authenticate(message, into: start) }
            }
            second.withUnsafeMutableBufferPointer { buffer in
                if let start = buffer.baseAddress { key.authenticate(message, into: start) }
            }
            #expect(first == second)
            #expect(first == Bytes.with(Array("Jefe".utf8)) { Hashing.hmacSHA256(key: $0, message) })
        }
    }

    @Test(
        "Base64 goes there and back",
        arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
    )
    func base64(plain: String, encoded: String) {
        #expect(String(decoding: Hashing.base64(Array(plain.utf8)), as: UTF8.self) == encoded)
        #expect(Hashing.decodeBase64(Array(encoded.utf8)) == .success(Array(plain.utf8)))
    }

    @Test(
        "Base32 goes there and back",
        arguments: [("", ""), ("f", "MY======"), ("foo", "MZXW6==="), ("foob", "MZXW6YQ="), ("fooba", "MZXW6YTB")]
    )
    func base32(plain: String, encoded: String) {
        #expect(String(decoding: Hashing.base32(Array(plain.utf8)), as: UTF8.self) == encoded)
        #expect(Hashing.decodeBase32(Array(encoded.utf8)) == .success(Array(plain.utf8)))
    }

    @Test("What is no base64 is refused", arguments: ["Z", "Zg=", "Zg", "Z===", "Zg==x", "Zm9*", "===="])
    func badBase64(text: String) {
        #expect(throws: Hashing.EncodingMistake.self) { try Hashing.decodeBase64(Array(text.utf8)).get() }
    }

    /// Values of the reference implementation (xxhash 0.8.1) over bytes 151 * i + 7.
    @Test(
        "XXH64 is that of the reference implementation at every kind of length",
        arguments: [
            (0, UInt64(0xEF46_DB37_51D8_E999)), (1, 0xA96C_7F0C_E858_BBB7), (3, 0x2F28_7408_6C76_28D8),
            (4, 0x14FE_4537_7C82_2387), (5, 0x34D2_2063_E03A_06A6), (7, 0x1AFB_0E45_6603_3049),
            (8, 0x2B4E_E232_C934_9D82), (11, 0x1D01_04E2_4DFC_DD5C), (12, 0xA144_4F5B_343B_119C),
            (15, 0x006D_C4B2_61E6_AAD4), (16, 0x7A4E_A38E_A165_403B), (31, 0xD5CE_50E5_D53B_8C92),
            (32, 0xCA18_B6AE_4913_772A), (33, 0x531A_7C44_07D7_9F95), (39, 0xD6B7_86F6_7244_849B),
            (63, 0xA155_570C_DFC5_E7A3), (64, 0x1DEC_0ABA_21DD_4A5B), (65, 0x8765_07D0_902B_4A37),
            (100, 0x4BAC_7D6B_7A3F_FBAA), (128, 0x35E3_84DA_6ECF_EE48), (300, 0xC9BE_F902_68B4_E2BB),
        ]
    )
    func xxh64(_ count: Int, _ hash: UInt64) {
        let message = (0..<count).map { UInt8(truncatingIfNeeded: 151 * $0 + 7) }
        #expect(Bytes.with(message) { Hashing.xxh64($0) } == hash)
    }

    @Test("A seed gives another XXH64")
    func xxh64WithSeed() {
        #expect(Bytes.with(Array("xxhash".utf8)) { Hashing.xxh64($0, seed: 20_141_025) } == 0xB559_B98D_844E_0635)
    }
}
