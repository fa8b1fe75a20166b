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
}
