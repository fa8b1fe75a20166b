#ifndef SLUICE_CPATTERNS_H
#define SLUICE_CPATTERNS_H

// RE2 is C++, so it is reached through the functions declared here; PCRE2 is C, but most of its names are macros that
// depend on PCRE2_CODE_UNIT_WIDTH, which Swift cannot import.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- RE2 ----

/// A compiled expression with room for its captures: one thread at a time.
typedef struct cpatterns_re2 cpatterns_re2;

/// Never NULL but when memory has run out; a text that does not compile gives an object with an error.
cpatterns_re2 *cpatterns_re2_create(const char *text, size_t length);
void cpatterns_re2_free(cpatterns_re2 *pattern);

/// NULL when the expression compiled; else RE2's sentence, valid as long as `pattern`.
const char *cpatterns_re2_error(const cpatterns_re2 *pattern);

/// Groups without group 0.
int cpatterns_re2_group_count(const cpatterns_re2 *pattern);

/// First match at or after `from`. With `captures`, writes begin and end for groups 0 ..< pairs, -1 for a group that
/// took no part; `pairs` 0 only asks whether there is a match, which is several times faster.
bool cpatterns_re2_match(cpatterns_re2 *pattern, const uint8_t *text, size_t length, size_t from, ptrdiff_t *captures,
                         int pairs);

// ---- PCRE2 ----

/// Where a match is written: begin and end of groups 0 ..< pairs, -1 for a group that took no part.
pcre2_match_data_8 *cpatterns_captures_create(uint32_t pairs);
void cpatterns_captures_free(pcre2_match_data_8 *captures);

static inline ptrdiff_t *cpatterns_captures_offsets(pcre2_match_data_8 *captures) {
    return (ptrdiff_t *)pcre2_get_ovector_pointer_8(captures);
}

/// An expression as machine code, with a match limit. Matching borrows a stack of the calling thread.
typedef struct cpatterns_jit {
    pcre2_code_8 *code;
    pcre2_match_context_8 *context;
} cpatterns_jit;

enum { CPATTERNS_NO_MATCH = -1 };

/// False (and nothing to free) when PCRE2 refuses the text, counts other groups than `pairs` - 1, or has no JIT here.
/// Dot matches every character, `\N` all but a newline; `$` is the very end; classes such as `\d` are ASCII.
bool cpatterns_jit_create(cpatterns_jit *pattern, const char *text, size_t length, bool utf, uint32_t pairs,
                          uint32_t match_limit);
void cpatterns_jit_free(cpatterns_jit *pattern);

/// Over 0: match; CPATTERNS_NO_MATCH; any other value: a limit, ask RE2. `text` is not checked: it must be ASCII, or
/// valid UTF-8 when the expression was compiled for that.
static inline int cpatterns_jit_match(cpatterns_jit pattern, const uint8_t *text, size_t length, size_t from,
                                      pcre2_match_data_8 *captures) {
    return pcre2_jit_match_8(pattern.code, text, length, from, 0, captures, pattern.context);
}

// ---- Text ----

/// Whether no byte is over 0x7F.
static inline bool cpatterns_is_ascii(const uint8_t *text, size_t length) {
    size_t at = 0;
#if defined(__SSE2__)
    if (length >= 16) {
        // The last 16 bytes may have been looked at before.
        __m128i all = _mm_loadu_si128((const __m128i *)(text + length - 16));
        for (; at + 16 <= length; at += 16) all = _mm_or_si128(all, _mm_loadu_si128((const __m128i *)(text + at)));
        return _mm_movemask_epi8(all) == 0;
    }
#endif
    for (; at + 32 <= length; at += 32) {
        uint64_t words[4];
        __builtin_memcpy(words, text + at, sizeof words);
        if ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080u) return false;
    }
    uint8_t rest = 0;
    for (; at < length; at++) rest |= text[at];
    return rest < 0x80;
}

#ifdef __cplusplus
}
#endif

#endif
