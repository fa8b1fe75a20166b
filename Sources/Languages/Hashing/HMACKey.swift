import CCrypto
package import Entries

/// A key for HMAC-SHA-256, prepared once; hashing a message then allocates nothing.
///
/// Never changes after it was made. The key is overwritten in memory when the last reference goes.
package final class HMACKey {
    /// Bytes of one result.
    package static let digestLength = 32

    private let state: UnsafeMutablePointer<ccrypto_hmac_key>

    package init(_ secret: Bytes) {
        state = .allocate(capacity: 1)
        state.initialize(to: ccrypto_hmac_key())
        ccrypto_hmac_sha256_prepare(state, secret.start, secret.count)
    }

    deinit {
        ccrypto_hmac_sha256_erase(state)
        state.deallocate()
    }

    /// Writes the ``digestLength`` bytes for `message` to `output`.
    package func authenticate(_ message: Bytes, into output: UnsafeMutablePointer<UInt8>) {
        ccrypto_hmac_sha256(state, message.start, message.count, output)
    }
}
