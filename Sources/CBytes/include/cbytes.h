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

// A load of 16 bytes that lies within one page cannot fault, whatever is known to be readable. AddressSanitizer and
// ThreadSanitizer would complain all the same.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CBYTES_STRICT 1
#endif
#endif

/// Whether `count` bytes, at most 64, may be loaded at `p` although fewer, but at least one, belong to the text.
static inline int cbytes_may_load(const uint8_t *_Nonnull p, size_t count) {
#ifdef CBYTES_STRICT
    (void)p, (void)count;
    return 0;
#else
    return ((uintptr_t)p & 4095) <= 4096 - count;
#endif
}

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

/// Whether [p, end), which has bytes beyond ASCII, is well-formed UTF-8 (RFC 3629).
int cbytes_is_utf8_beyond_ascii(const uint8_t *_Nonnull p, const uint8_t *_Nonnull end);

/// Whether [p, end) is well-formed UTF-8 (RFC 3629). Quick for short ASCII.
static inline int cbytes_is_utf8(const uint8_t *_Nonnull p, const uint8_t *_Nonnull end) {
    size_t count = (size_t)(end - p);
    uint64_t all = 0;
    if (count >= 8) {
        for (const uint8_t *next = p; end - next > 8; next += 8) all |= cbytes_load64(next);
        all |= cbytes_load64(end - 8);
    } else if (count >= 4) {
        all = cbytes_load32(p) | cbytes_load32(end - 4);
    } else if (count > 0) {
        all = p[0] | p[count / 2] | end[-1];
    }
    return (all & 0x8080808080808080ull) == 0 || cbytes_is_utf8_beyond_ascii(p, end);
}

/// The halves of a product of 128 bits, joined.
static inline uint64_t cbytes_mix(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/// 64 bits that differ for different bytes of [p, end), started from `seed`. Not for adversaries: collisions cost time only.
static inline uint64_t cbytes_hash(const uint8_t *_Nonnull p, const uint8_t *_Nonnull end, uint64_t seed) {
    const uint64_t k0 = 0x9E3779B97F4A7C15ull, k1 = 0xC2B2AE3D27D4EB4Full;
    size_t count = (size_t)(end - p);
    seed ^= count * k1;
    uint64_t a, b;
    if (count >= 8) {
        for (; end - p > 16; p += 16) seed = cbytes_mix(cbytes_load64(p) ^ seed ^ k0, cbytes_load64(p + 8) ^ k1);
        a = end - p >= 8 ? cbytes_load64(p) : 0;
        b = cbytes_load64(end - 8);
    } else if (count >= 4) {
        a = cbytes_load32(p);
        b = cbytes_load32(end - 4);
    } else {
        a = count > 0 ? (uint64_t)p[0] << 16 | (uint64_t)p[count / 2] << 8 | end[-1] : 0;
        b = 0;
    }
    return cbytes_mix(a ^ seed ^ k0, b ^ k1);
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
    while (p < end) {
        ptrdiff_t left = end - p;
        if (left < 16 && !cbytes_may_load(p, 16)) break;
        __m128i chunk = _mm_loadu_si128((const __m128i *)p);
        __m128i stop = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(chunk, quote), _mm_cmpeq_epi8(chunk, escape)),
            _mm_cmpeq_epi8(_mm_min_epu8(chunk, control), chunk));
        unsigned separators = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(chunk, equals), _mm_cmpeq_epi8(chunk, colon)));
        unsigned stops = (unsigned)_mm_movemask_epi8(stop);
        // Behind the end everything stops.
        if (left < 16) stops |= 0xFFFFu << left;
        if (stops) {
            unsigned at = (unsigned)__builtin_ctz(stops);
            *seen |= (separators & ((1u << at) - 1)) != 0;
            return p + at;
        }
        *seen |= separators != 0;
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

/// Behind the digits that begin at `p`.
static inline const uint8_t *_Nonnull cbytes_behind_digits(const uint8_t *_Nonnull p, const uint8_t *_Nonnull end) {
    // Eight at once, as numbers are of many lengths and none can be foreseen.
    if (end - p >= 8) {
        uint64_t word = cbytes_load64(p) ^ 0x3030303030303030ull;
        uint64_t others = ((word + 0x7676767676767676ull) | word) & 0x8080808080808080ull;
        if (others) return p + (__builtin_ctzll(others) >> 3);
        p += 8;
    }
    while (p < end && (uint8_t)(*p - '0') < 10) ++p;
    return p;
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

/// A look at the name before a separator, for those that cannot be a key of any interest: see cbytes_look_before.
typedef struct {
    /// Whether the name ends right before the separator, lies within 16 bytes, is ASCII, and has no escape in or before it.
    int is_plain;
    /// Letters in the name.
    int letters;
    /// Whether a blank stands before the name.
    int is_behind_blank;
} cbytes_name_look;

/// Looks at the name that ends before `separator`; the text begins at `lowest`.
static inline cbytes_name_look cbytes_look_before(
    const uint8_t *_Nonnull separator, const uint8_t *_Nonnull lowest
) {
    cbytes_name_look look = {0, 0, 0};
#if defined(__SSE2__)
    size_t room = (size_t)(separator - lowest);
    if (room < 16 && !cbytes_may_load(separator - 16, 16)) return look;
    __m128i chunk = _mm_loadu_si128((const __m128i *)(separator - 16));
    // Letters of either case become small letters; nothing else becomes one but letters.
    __m128i small = _mm_or_si128(chunk, _mm_set1_epi8(0x20));
    __m128i letter = _mm_and_si128(
        _mm_cmpgt_epi8(small, _mm_set1_epi8('a' - 1)), _mm_cmpgt_epi8(_mm_set1_epi8('z' + 1), small));
    __m128i digit = _mm_and_si128(
        _mm_cmpgt_epi8(chunk, _mm_set1_epi8('0' - 1)), _mm_cmpgt_epi8(_mm_set1_epi8('9' + 1), chunk));
    __m128i dash = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(chunk, _mm_set1_epi8('-')), _mm_cmpeq_epi8(chunk, _mm_set1_epi8('.'))),
        _mm_cmpeq_epi8(chunk, _mm_set1_epi8('_')));
    unsigned letters = (unsigned)_mm_movemask_epi8(letter);
    unsigned name = letters | (unsigned)_mm_movemask_epi8(_mm_or_si128(digit, dash));
    unsigned inside = room < 16 ? 0xFFFFu & (0xFFFFu << (16 - room)) : 0xFFFFu;
    name &= inside;
    // Ones above the last byte that belongs to no such name.
    unsigned others = ~name & 0xFFFFu;
    unsigned start = others ? 32u - (unsigned)__builtin_clz(others) : 0;
    if (start >= 16 || (start == 0 && room > 16)) return look;
    if (start > 0 && room > 16 - start) {
        uint8_t before = separator[(int)start - 17];
        if (before >= 0x80 || before == '\\' || before == '%' || before == '+' || before == '[' || before == ']' ||
            before == '$' || before == '@')
            return look;
        look.is_behind_blank = before == ' ' || before == '\t';
    }
    look.is_plain = 1;
    look.letters = __builtin_popcount(letters & name & (0xFFFFu << start));
#else
    (void)separator, (void)lowest;
#endif
    return look;
}

/// The first `=` or `:` in [p, end), or `end`.
static inline const uint8_t *_Nonnull cbytes_find_separator(const uint8_t *_Nonnull p, const uint8_t *_Nonnull end) {
#if defined(__SSE2__)
    const __m128i equals = _mm_set1_epi8('='), colon = _mm_set1_epi8(':');
    while (p < end) {
        ptrdiff_t left = end - p;
        if (left < 16 && !cbytes_may_load(p, 16)) break;
        __m128i chunk = _mm_loadu_si128((const __m128i *)p);
        unsigned found = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(chunk, equals), _mm_cmpeq_epi8(chunk, colon)));
        if (left < 16) found |= 0xFFFFu << left;
        if (found) return p + __builtin_ctz(found);
        p += 16;
    }
#endif
    for (; p < end; ++p) {
        if (*p == '=' || *p == ':') return p;
    }
    return end;
}

/// Writes `value`, which is most often below 2^14, as a protobuf varint; gives the place behind it.
static inline uint8_t *_Nonnull cbytes_put_length(uint8_t *_Nonnull p, uint32_t value) {
    if (value >= 0x80 && value < 0x4000) {
        p[0] = (uint8_t)(value | 0x80);
        p[1] = (uint8_t)(value >> 7);
        return p + 2;
    }
    for (; value >= 0x80; value >>= 7) *p++ = (uint8_t)(value | 0x80);
    *p++ = (uint8_t)value;
    return p;
}

/// Bytes that `value` takes as a protobuf varint, quickest below 2^14.
static inline int64_t cbytes_length_of(uint32_t value) {
    if (value < 0x4000) return value < 0x80 ? 1 : 2;
    return value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}

/// Writes `value`, most often above 2^21, as a protobuf varint of `length` bytes; overwrites eight bytes.
static inline void cbytes_put_wide(uint8_t *_Nonnull p, uint32_t value, int64_t length) {
    uint64_t v = value;
    uint64_t spread = (v & 0x7F) | (v & 0x3F80) << 1 | (v & 0x1FC000) << 2 | (v & 0xFE00000) << 3 | (v >> 28) << 32;
    // Every byte but the last says that another follows.
    static const uint64_t more[6] = {0, 0, 0x80, 0x8080, 0x808080, 0x80808080};
    spread |= more[length];
    memcpy(p, &spread, 8);
}

/// Stores the eight bytes of `word` at `p`, which may be unaligned.
static inline void cbytes_store64(uint8_t *_Nonnull p, uint64_t word) { memcpy(p, &word, 8); }

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

/// Whether the bytes at `p` are those of `words` where `masks` has ones; `length` <= 24 of them are asked for.
static inline int cbytes_key_stands(
    const uint8_t *_Nonnull p, const uint8_t *_Nonnull end, size_t length, cbytes_key words, cbytes_key masks
) {
    size_t left = (size_t)(end - p);
    if (left < 24 && (left < length || !cbytes_may_load(p, 24))) return 0;
    return (((cbytes_load64(p) ^ words.first) & masks.first) | ((cbytes_load64(p + 8) ^ words.second) & masks.second) |
            ((cbytes_load64(p + 16) ^ words.third) & masks.third)) == 0;
}

/// Behind the blanks of JSON (RFC 8259 section 2) that begin at `p`, most often none.
static inline const uint8_t *_Nonnull cbytes_json_behind_blanks(
    const uint8_t *_Nonnull p, const uint8_t *_Nonnull end
) {
    while (p < end && *p <= 0x20) {
        if (*p != 0x20 && *p != 0x0A && *p != 0x0D && *p != 0x09) return p;
        ++p;
    }
    return p;
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

/// Up to 16 bytes as two numbers, zero behind their end.
typedef struct {
    uint64_t first, second;
} cbytes_short;

/// Loads a text of `length` <= 16 bytes without a branch. Reads 16 bytes at `p` whatever the length.
static inline cbytes_short cbytes_load_short(const uint8_t *_Nonnull p, size_t length) {
    static const uint8_t masks[32] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    const uint8_t *mask = masks + 16 - length;
    return (cbytes_short){cbytes_load64(p) & cbytes_load64(mask), cbytes_load64(p + 8) & cbytes_load64(mask + 8)};
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
