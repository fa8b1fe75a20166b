// Byte scanning that Swift cannot express at full speed: 16 bytes a step with SSE2 or NEON, one byte a step elsewhere.
// Everything is `static inline`, so that Swift's optimiser sees through it.
//
// Every function reads only inside [p, end); the last few bytes are looked at one by one.
#ifndef CBYTES_H
#define CBYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/// A valid address for views of no bytes.
static inline const uint8_t *_Nonnull cbytes_empty(void) {
    static const uint8_t none[64];
    return none;
}

/// The first byte in [p, end) equal to `byte`, or `end`.
static inline const uint8_t *_Nonnull cbytes_find(const uint8_t *_Nonnull p, const uint8_t *_Nonnull end, uint8_t byte) {
    const void *hit = memchr(p, byte, (size_t)(end - p));
    return hit ? (const uint8_t *)hit : end;
}

/// The last byte in [p, end) equal to `byte`, or NULL. (memrchr is a GNU extension that Swift does not import.)
static inline const uint8_t *_Nullable cbytes_find_last(
    const uint8_t *_Nonnull p, const uint8_t *_Nonnull end, uint8_t byte
) {
    while (end > p) {
        if (*--end == byte) return end;
    }
    return NULL;
}

/// Whether [p, end) is well-formed UTF-8 (RFC 3629).
static inline int cbytes_is_utf8(const uint8_t *_Nonnull p, const uint8_t *_Nonnull end) {
    while (p < end) {
        if (end - p >= 8) {
            uint64_t word;
            memcpy(&word, p, 8);
            if ((word & 0x8080808080808080ull) == 0) {
                p += 8;
                continue;
            }
        }
        uint8_t c = *p;
        if (c < 0x80) {
            p += 1;
        } else if (c >= 0xC2 && c <= 0xDF) {
            if (end - p < 2 || (p[1] & 0xC0) != 0x80) return 0;
            p += 2;
        } else if (c >= 0xE0 && c <= 0xEF) {
            if (end - p < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80) return 0;
            if (c == 0xE0 && p[1] < 0xA0) return 0;
            if (c == 0xED && p[1] > 0x9F) return 0;
            p += 3;
        } else if (c >= 0xF0 && c <= 0xF4) {
            if (end - p < 4 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 || (p[3] & 0xC0) != 0x80) return 0;
            if (c == 0xF0 && p[1] < 0x90) return 0;
            if (c == 0xF4 && p[1] > 0x8F) return 0;
            p += 4;
        } else {
            return 0;
        }
    }
    return 1;
}

#endif
