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

/// The first place in [p, end) where the `length` bytes at `text` stand, or NULL; an empty text stands everywhere.
/// (memmem is a GNU extension that Swift does not import.)
const uint8_t *_Nullable cbytes_find_text(
    const uint8_t *_Nonnull p, const uint8_t *_Nonnull end, const uint8_t *_Nonnull text, size_t length
);

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

/// What cbytes_oddities has found.
#define CBYTES_NUL 1u
#define CBYTES_NOT_UTF8 2u

/// Whether [p, end) holds a NUL byte, and whether it is something else than UTF-8. About 15 GB/s for ASCII.
uint32_t cbytes_oddities(const uint8_t *_Nonnull p, const uint8_t *_Nonnull end);

/// Eight bytes at `p` as a number; `p` may be unaligned.
static inline uint64_t cbytes_load64(const uint8_t *_Nonnull p) {
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

/// Four bytes at `p` as a number; `p` may be unaligned.
static inline uint32_t cbytes_load32(const uint8_t *_Nonnull p) {
    uint32_t word;
    memcpy(&word, p, 4);
    return word;
}

/// 64 bits that differ for different bytes of [p, end), started from `seed`. Not for adversaries: collisions cost time only.
static inline uint64_t cbytes_hash(const uint8_t *_Nonnull p, const uint8_t *_Nonnull end, uint64_t seed) {
    const uint64_t k = 0x9E3779B97F4A7C15ull;
    size_t count = (size_t)(end - p);
    uint64_t h = seed ^ (count * k);
    uint64_t word = 0;
    if (count >= 8) {
        while (end - p > 8) {
            h = (h ^ cbytes_load64(p)) * k;
            h ^= h >> 32;
            p += 8;
        }
        word = cbytes_load64(end - 8);
    } else if (count >= 4) {
        word = (uint64_t)cbytes_load32(p) << 32 | cbytes_load32(end - 4);
    } else if (count > 0) {
        word = (uint64_t)p[0] << 16 | (uint64_t)p[count / 2] << 8 | end[-1];
    }
    h = (h ^ word) * k;
    return h ^ (h >> 29);
}

/// Whether `=` or `:` was seen by cbytes_json_stop.
#define CBYTES_SEPARATOR 1u

/// The first byte in [p, end) that ends the plain run of a JSON string (quote, backslash, or below 0x20), or `end`.
///
/// Adds CBYTES_SEPARATOR to `seen` when an `=` or `:` lies before it: only then can the text hold `key=value`.
static inline const uint8_t *_Nonnull cbytes_json_stop(
    const uint8_t *_Nonnull p, const uint8_t *_Nonnull end, uint32_t *_Nonnull seen
) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), escape = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1F);
    const __m128i equals = _mm_set1_epi8('='), colon = _mm_set1_epi8(':');
    while (end - p >= 16) {
        __m128i chunk = _mm_loadu_si128((const __m128i *)p);
        __m128i stop = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(chunk, quote), _mm_cmpeq_epi8(chunk, escape)),
            _mm_cmpeq_epi8(_mm_min_epu8(chunk, control), chunk));
        unsigned separators = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(chunk, equals), _mm_cmpeq_epi8(chunk, colon)));
        unsigned stops = (unsigned)_mm_movemask_epi8(stop);
        if (stops) {
            unsigned at = (unsigned)__builtin_ctz(stops);
            if (separators & ((1u << at) - 1)) *seen |= CBYTES_SEPARATOR;
            return p + at;
        }
        if (separators) *seen |= CBYTES_SEPARATOR;
        p += 16;
    }
#elif defined(__aarch64__)
    const uint8x16_t quote = vdupq_n_u8('"'), escape = vdupq_n_u8('\\'), control = vdupq_n_u8(0x20);
    const uint8x16_t equals = vdupq_n_u8('='), colon = vdupq_n_u8(':');
    while (end - p >= 16) {
        uint8x16_t chunk = vld1q_u8(p);
        uint8x16_t stop = vorrq_u8(vorrq_u8(vceqq_u8(chunk, quote), vceqq_u8(chunk, escape)), vcltq_u8(chunk, control));
        if (vmaxvq_u8(stop)) break;
        if (vmaxvq_u8(vorrq_u8(vceqq_u8(chunk, equals), vceqq_u8(chunk, colon)))) *seen |= CBYTES_SEPARATOR;
        p += 16;
    }
#endif
    for (; p < end; ++p) {
        uint8_t c = *p;
        if (c == '"' || c == '\\' || c < 0x20) return p;
        if (c == '=' || c == ':') *seen |= CBYTES_SEPARATOR;
    }
    return end;
}

/// Copies [p, end) up to its first backslash to `out`, which has room for all of it; gives that backslash's place, or `end`.
static inline const uint8_t *_Nonnull cbytes_copy_to_escape(
    const uint8_t *_Nonnull p, const uint8_t *_Nonnull end, uint8_t *_Nonnull out
) {
#if defined(__SSE2__)
    const __m128i escape = _mm_set1_epi8('\\');
    while (end - p >= 16) {
        __m128i chunk = _mm_loadu_si128((const __m128i *)p);
        _mm_storeu_si128((__m128i *)out, chunk);
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(chunk, escape));
        if (found) return p + __builtin_ctz(found);
        p += 16;
        out += 16;
    }
#endif
    for (; p < end && *p != '\\'; ++p) *out++ = *p;
    return p;
}

/// The first `=` or `:` in [p, end), or `end`.
static inline const uint8_t *_Nonnull cbytes_find_separator(const uint8_t *_Nonnull p, const uint8_t *_Nonnull end) {
#if defined(__SSE2__)
    const __m128i equals = _mm_set1_epi8('='), colon = _mm_set1_epi8(':');
    while (end - p >= 16) {
        __m128i chunk = _mm_loadu_si128((const __m128i *)p);
        unsigned found = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(chunk, equals), _mm_cmpeq_epi8(chunk, colon)));
        if (found) return p + __builtin_ctz(found);
        p += 16;
    }
#endif
    for (; p < end; ++p) {
        if (*p == '=' || *p == ':') return p;
    }
    return end;
}

/// Writes `value` as a protobuf varint; gives the place behind it. Takes at most 10 bytes.
static inline uint8_t *_Nonnull cbytes_put_varint(uint8_t *_Nonnull p, uint64_t value) {
    while (value >= 0x80) {
        *p++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *p++ = (uint8_t)value;
    return p;
}

/// Bytes that `value` takes as a protobuf varint.
static inline int cbytes_varint_length(uint64_t value) {
    // 64 - clz(value | 1) significant bits, 7 to a byte.
    return (70 - __builtin_clzll(value | 1)) / 7;
}

/// The first 24 bytes of a key as three numbers, zero behind its end.
typedef struct {
    uint64_t first, second, third;
} cbytes_key;

/// Loads a key of `length` <= 24 bytes without a branch. Reads 24 bytes at `p` whatever the length.
static inline cbytes_key cbytes_load_key(const uint8_t *_Nonnull p, size_t length) {
    static const uint64_t masks[9] = {
        0,
        0xFFull,
        0xFFFFull,
        0xFFFFFFull,
        0xFFFFFFFFull,
        0xFFFFFFFFFFull,
        0xFFFFFFFFFFFFull,
        0xFFFFFFFFFFFFFFull,
        0xFFFFFFFFFFFFFFFFull,
    };
    size_t second = length > 8 ? length - 8 : 0, third = length > 16 ? length - 16 : 0;
    cbytes_key key;
    key.first = cbytes_load64(p) & masks[length < 8 ? length : 8];
    key.second = cbytes_load64(p + 8) & masks[second < 8 ? second : 8];
    key.third = cbytes_load64(p + 16) & masks[third];
    return key;
}

/// The same without reading past the end of the key.
static inline cbytes_key cbytes_load_key_within(const uint8_t *_Nonnull p, size_t length) {
    cbytes_key key = {0, 0, 0};
    if (length >= 8) {
        // The last eight bytes overlap what was read before; shifting takes that part off.
        uint64_t last = cbytes_load64(p + length - 8);
        key.first = cbytes_load64(p);
        if (length > 16) {
            key.second = cbytes_load64(p + 8);
            key.third = last >> (8 * (24 - length));
        } else if (length > 8) {
            key.second = last >> (8 * (16 - length));
        }
    } else {
        for (size_t i = 0; i < length; ++i) key.first |= (uint64_t)p[i] << (8 * i);
    }
    return key;
}

/// The 24 bytes at `p`.
static inline cbytes_key cbytes_load_words(const uint8_t *_Nonnull p) {
    return (cbytes_key){cbytes_load64(p), cbytes_load64(p + 8), cbytes_load64(p + 16)};
}

/// Masks for the first `length` of 24 bytes.
static inline cbytes_key cbytes_key_masks(size_t length) {
    uint8_t bytes[24];
    memset(bytes, 0, sizeof bytes);
    memset(bytes, 0xFF, length < sizeof bytes ? length : sizeof bytes);
    return cbytes_load_words(bytes);
}

/// Whether `count` bytes at both places are equal. For the short texts of labels, where a call of memcmp costs most.
static inline int cbytes_equal(const uint8_t *_Nonnull a, const uint8_t *_Nonnull b, size_t count) {
    if (count >= 8) {
        if (count > 16) return memcmp(a, b, count) == 0;
        return ((cbytes_load64(a) ^ cbytes_load64(b)) |
                (cbytes_load64(a + count - 8) ^ cbytes_load64(b + count - 8))) == 0;
    }
    if (count >= 4) {
        return ((cbytes_load32(a) ^ cbytes_load32(b)) |
                (cbytes_load32(a + count - 4) ^ cbytes_load32(b + count - 4))) == 0;
    }
    for (size_t index = 0; index < count; index++) {
        if (a[index] != b[index]) return 0;
    }
    return 1;
}

/// Whether a byte may stand in the name of a key in free text: letters, digits, `_ - . + [ ] % $ @`, and beyond ASCII.
static inline int cbytes_is_name(uint8_t byte) {
    // One bit for each byte below 0x80.
    static const uint64_t low = 1ull << '$' | 1ull << '%' | 1ull << '+' | 1ull << '-' | 1ull << '.' | 0x3FFull << '0';
    static const uint64_t high = 1ull << ('@' - 64) | 0x3FFFFFFull << ('A' - 64) | 1ull << ('[' - 64) |
                                 1ull << (']' - 64) | 1ull << ('_' - 64) | 0x3FFFFFFull << ('a' - 64);
    if (byte >= 0x80) return 1;
    return (int)(((byte < 64 ? low : high) >> (byte & 63)) & 1);
}

#endif
