// Digests over libcrypto. Nothing here allocates per call except ccrypto_sha3_256.
#ifndef CCRYPTO_H
#define CCRYPTO_H

#include <stddef.h>
#include <stdint.h>

void ccrypto_md5(const uint8_t *_Nonnull bytes, size_t count, uint8_t out[_Nonnull 16]);
void ccrypto_sha1(const uint8_t *_Nonnull bytes, size_t count, uint8_t out[_Nonnull 20]);
void ccrypto_sha256(const uint8_t *_Nonnull bytes, size_t count, uint8_t out[_Nonnull 32]);
void ccrypto_sha512(const uint8_t *_Nonnull bytes, size_t count, uint8_t out[_Nonnull 64]);

/// 0 only when libcrypto runs without SHA-3 (a FIPS build) or without memory.
int ccrypto_sha3_256(const uint8_t *_Nonnull bytes, size_t count, uint8_t out[_Nonnull 32]);

/// The two SHA-256 states that an HMAC key makes (RFC 2104); copied for each message.
typedef struct {
    uint64_t inner[16];
    uint64_t outer[16];
} ccrypto_hmac_key;

void ccrypto_hmac_sha256_prepare(ccrypto_hmac_key *_Nonnull key, const uint8_t *_Nonnull secret, size_t count);
void ccrypto_hmac_sha256(
    const ccrypto_hmac_key *_Nonnull key, const uint8_t *_Nonnull message, size_t count, uint8_t out[_Nonnull 32]
);
/// Overwrites the key in memory.
void ccrypto_hmac_sha256_erase(ccrypto_hmac_key *_Nonnull key);

#endif
