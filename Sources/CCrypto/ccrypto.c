// The low-level contexts are deprecated in favour of EVP, whose every use costs a look-up and allocations.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "ccrypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <string.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(((ccrypto_hmac_key *)0)->inner), "room for a SHA-256 state");

void ccrypto_md5(const uint8_t *bytes, size_t count, uint8_t out[16]) {
    MD5_CTX state;
    MD5_Init(&state);
    MD5_Update(&state, bytes, count);
    MD5_Final(out, &state);
}

void ccrypto_sha1(const uint8_t *bytes, size_t count, uint8_t out[20]) {
    SHA_CTX state;
    SHA1_Init(&state);
    SHA1_Update(&state, bytes, count);
    SHA1_Final(out, &state);
}

void ccrypto_sha256(const uint8_t *bytes, size_t count, uint8_t out[32]) {
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, bytes, count);
    SHA256_Final(out, &state);
}

void ccrypto_sha512(const uint8_t *bytes, size_t count, uint8_t out[64]) {
    SHA512_CTX state;
    SHA512_Init(&state);
    SHA512_Update(&state, bytes, count);
    SHA512_Final(out, &state);
}

int ccrypto_sha3_256(const uint8_t *bytes, size_t count, uint8_t out[32]) {
    return EVP_Digest(bytes, count, out, NULL, EVP_sha3_256(), NULL) == 1;
}

void ccrypto_hmac_sha256_prepare(ccrypto_hmac_key *key, const uint8_t *secret, size_t count) {
    uint8_t block[SHA256_CBLOCK] = {0};
    if (count > sizeof block) {
        ccrypto_sha256(secret, count, block);
    } else {
        memcpy(block, secret, count);
    }
    SHA256_CTX state;
    for (size_t i = 0; i < sizeof block; i++) block[i] ^= 0x36;
    SHA256_Init(&state);
    SHA256_Update(&state, block, sizeof block);
    memcpy(key->inner, &state, sizeof state);
    for (size_t i = 0; i < sizeof block; i++) block[i] ^= 0x36 ^ 0x5c;
    SHA256_Init(&state);
    SHA256_Update(&state, block, sizeof block);
    memcpy(key->outer, &state, sizeof state);
    OPENSSL_cleanse(block, sizeof block);
    OPENSSL_cleanse(&state, sizeof state);
}

void ccrypto_hmac_sha256(const ccrypto_hmac_key *key, const uint8_t *message, size_t count, uint8_t out[32]) {
    uint8_t inner[SHA256_DIGEST_LENGTH];
    SHA256_CTX state;
    memcpy(&state, key->inner, sizeof state);
    SHA256_Update(&state, message, count);
    SHA256_Final(inner, &state);
    memcpy(&state, key->outer, sizeof state);
    SHA256_Update(&state, inner, sizeof inner);
    SHA256_Final(out, &state);
}

void ccrypto_hmac_sha256_erase(ccrypto_hmac_key *key) {
    OPENSSL_cleanse(key, sizeof *key);
}
