import CCrypto
package import Entries

/// Message digests, as raw bytes.
package enum Hashing {
    package static func md5(_ message: Bytes) -> [UInt8] {
        digest(16) { ccrypto_md5(message.start, message.count, $0) }
    }

    package static func sha1(_ message: Bytes) -> [UInt8] {
        digest(20) { ccrypto_sha1(message.start, message.count, $0) }
    }

    package static func sha256(_ message: Bytes) -> [UInt8] {
        digest(32) { ccrypto_sha256(message.start, message.count, $0) }
    }

    package static func sha512(_ message: Bytes) -> [UInt8] {
        digest(64) { ccrypto_sha512(message.start, message.count, $0) }
    }

    /// SHA3-256 of FIPS 202; nil only where libcrypto is restricted to algorithms without SHA-3.
    package static func sha3(_ message: Bytes) -> [UInt8]? {
        var isDone = false
        let sum = digest(32) { isDone = ccrypto_sha3_256(message.start, message.count, $0) == 1 }
        return isDone ? sum : nil
    }

    /// HMAC-SHA-256 of RFC 2104; whoever uses a key more than once makes an ``HMACKey``.
    package static func hmacSHA256(key: Bytes, _ message: Bytes) -> [UInt8] {
        let key = HMACKey(key)
        return digest(HMACKey.digestLength) { key.authenticate(message, into: $0) }
    }

    /// Adler-32 of RFC 1950.
    package static func adler32(_ message: Bytes) -> UInt32 {
        var low: UInt32 = 1
        var high: UInt32 = 0
        for index in 0..<message.count {
            low = (low + UInt32(message[index])) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }

    private static func digest(_ count: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Void) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            guard let start = buffer.baseAddress else { return }
            start.initialize(repeating: 0, count: count)
            fill(start)
            filled = count
        }
    }
}
