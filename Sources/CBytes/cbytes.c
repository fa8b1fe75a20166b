#define _GNU_SOURCE
#include "cbytes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

const uint8_t *cbytes_find_text(const uint8_t *p, const uint8_t *end, const uint8_t *text, size_t length) {
    return memmem(p, (size_t)(end - p), text, length);
}

int cbytes_is_utf8_beyond_ascii(const uint8_t *p, const uint8_t *end) {
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

/// Whether the bytes of [p, end) are below 0x80, and whether one of them is NUL: 64 bytes a step.
static void look_at_all(const uint8_t *p, const uint8_t *end, int *is_ascii, int *has_nul) {
    *is_ascii = 1;
    *has_nul = 0;
#if defined(__SSE2__)
    __m128i high = _mm_setzero_si128(), nul = _mm_setzero_si128();
    const __m128i zero = _mm_setzero_si128();
    for (; end - p >= 64; p += 64) {
        __m128i a = _mm_loadu_si128((const __m128i *)p), b = _mm_loadu_si128((const __m128i *)(p + 16));
        __m128i c = _mm_loadu_si128((const __m128i *)(p + 32)), d = _mm_loadu_si128((const __m128i *)(p + 48));
        high = _mm_or_si128(high, _mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d)));
        __m128i least = _mm_min_epu8(_mm_min_epu8(a, b), _mm_min_epu8(c, d));
        nul = _mm_or_si128(nul, _mm_cmpeq_epi8(least, zero));
    }
    *is_ascii = _mm_movemask_epi8(high) == 0;
    *has_nul = _mm_movemask_epi8(nul) != 0;
#endif
    uint8_t all = 0;
    for (; p < end; ++p) {
        all |= *p;
        if (*p == 0) *has_nul = 1;
    }
    if (all & 0x80) *is_ascii = 0;
}

#if defined(__x86_64__)
/// Kinds of mistake that two bytes in a row can be part of; the three tables below say which ones the high and low half
/// of the first byte and the high half of the second allow. What all three allow is one.
/// (Keiser and Lemire: Validating UTF-8 in less than one instruction per byte, 2020.)
enum {
    TOO_SHORT = 1,         // a start byte, and no continuation behind it
    TOO_LONG = 2,          // ASCII, and a continuation behind it
    OVERLONG_3 = 4,        // E0 80..9F
    TOO_LARGE = 8,         // F4 90 and above
    SURROGATE = 16,        // ED A0..BF
    OVERLONG_2 = 32,       // C0, C1
    TOO_LARGE_FAR = 64,    // F5 and above with 80..8F; shares its bit with OVERLONG_4
    OVERLONG_4 = 64,       // F0 80..8F
    CONTINUATIONS = 128,   // two in a row: right only behind a start byte of 3 or 4
    ANY_LOW = TOO_SHORT | TOO_LONG | CONTINUATIONS,
};

/// The same, 16 bytes a step.
__attribute__((target("ssse3"))) static int is_utf8_by_16(const uint8_t *p, const uint8_t *end) {
    const __m128i first_high = _mm_setr_epi8(
        TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, (char)CONTINUATIONS,
        (char)CONTINUATIONS, (char)CONTINUATIONS, (char)CONTINUATIONS, TOO_SHORT | OVERLONG_2, TOO_SHORT,
        TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_FAR | OVERLONG_4);
    const char far = (char)(ANY_LOW | TOO_LARGE | TOO_LARGE_FAR);
    const __m128i first_low = _mm_setr_epi8(
        (char)(ANY_LOW | OVERLONG_3 | OVERLONG_2 | OVERLONG_4), (char)(ANY_LOW | OVERLONG_2), (char)ANY_LOW,
        (char)ANY_LOW, (char)(ANY_LOW | TOO_LARGE), far, far, far, far, far, far, far, far, (char)(far | SURROGATE), far,
        far);
    const char inner = (char)(TOO_LONG | OVERLONG_2 | CONTINUATIONS);
    const __m128i second_high = _mm_setr_epi8(
        TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
        (char)(inner | OVERLONG_3 | TOO_LARGE_FAR | OVERLONG_4), (char)(inner | OVERLONG_3 | TOO_LARGE),
        (char)(inner | SURROGATE | TOO_LARGE), (char)(inner | SURROGATE | TOO_LARGE), TOO_SHORT, TOO_SHORT, TOO_SHORT,
        TOO_SHORT);
    const __m128i low = _mm_set1_epi8(0x0F), top = _mm_set1_epi8((char)0x80);
    const __m128i below_three = _mm_set1_epi8((char)(0xE0 - 0x80)), below_four = _mm_set1_epi8((char)(0xF0 - 0x80));
    __m128i before = _mm_setzero_si128(), mistakes = _mm_setzero_si128();
    // The last step is one of zeros, which makes an unfinished character a mistake.
    for (int is_last = 0; !is_last;) {
        uint8_t rest[16] = {0};
        __m128i here;
        if (end - p >= 16) {
            here = _mm_loadu_si128((const __m128i *)p);
            p += 16;
        } else {
            is_last = 1;
            memcpy(rest, p, (size_t)(end - p));
            here = _mm_loadu_si128((const __m128i *)rest);
        }
        __m128i one = _mm_alignr_epi8(here, before, 15), two = _mm_alignr_epi8(here, before, 14);
        __m128i three = _mm_alignr_epi8(here, before, 13);
        __m128i pairs = _mm_and_si128(
            _mm_and_si128(
                _mm_shuffle_epi8(first_high, _mm_and_si128(_mm_srli_epi16(one, 4), low)),
                _mm_shuffle_epi8(first_low, _mm_and_si128(one, low))),
            _mm_shuffle_epi8(second_high, _mm_and_si128(_mm_srli_epi16(here, 4), low)));
        // Third and fourth bytes have to be continuations of continuations, and only they.
        __m128i deep = _mm_and_si128(_mm_or_si128(_mm_subs_epu8(two, below_three), _mm_subs_epu8(three, below_four)), top);
        mistakes = _mm_or_si128(mistakes, _mm_xor_si128(deep, pairs));
        before = here;
    }
    return _mm_movemask_epi8(_mm_cmpeq_epi8(mistakes, _mm_setzero_si128())) == 0xFFFF;
}
#endif

static int is_utf8(const uint8_t *p, const uint8_t *end) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("ssse3")) return is_utf8_by_16(p, end);
#endif
    return cbytes_is_utf8_beyond_ascii(p, end);
}

uint32_t cbytes_oddities(const uint8_t *p, const uint8_t *end) {
    int is_ascii, has_nul;
    look_at_all(p, end, &is_ascii, &has_nul);
    return (has_nul ? CBYTES_NUL : 0) | (is_ascii || is_utf8(p, end) ? 0 : CBYTES_NOT_UTF8);
}
