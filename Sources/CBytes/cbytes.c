#define _GNU_SOURCE
#include "cbytes.h"

const uint8_t *cbytes_find_text(const uint8_t *p, const uint8_t *end, const uint8_t *text, size_t length) {
    return memmem(p, (size_t)(end - p), text, length);
}
