// Compresses into Snappy's block format (google/snappy, format_description.txt), for text that repeats itself.
#ifndef CSNAPPYBLOCK_H
#define CSNAPPYBLOCK_H

#include <stddef.h>
#include <stdint.h>

/// The most bytes that `csnappyblock_compress` writes for `count` bytes, at most 4 GiB, overhang included.
size_t csnappyblock_capacity(size_t count);

/// Compresses `count` bytes at `input` to `output`, which has room for `csnappyblock_capacity(count)`; the bytes of the
/// block. Takes 40 KiB of stack, allocates nothing, and gives the same block for the same bytes on every machine.
size_t csnappyblock_compress(const uint8_t *_Nonnull input, size_t count, uint8_t *_Nonnull output);

#endif
