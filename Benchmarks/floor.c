// The least that any shipper of this kind must do: read a file, find its lines, compress them.
//
// Reads FILE block by block, finds every newline, and compresses the whole lines of each block as one snappy block,
// which is thrown away. No copy, no parsing, no protobuf, no network. Prints one JSON object; CPU is user and system
// time of the process, a GB is 1e9 bytes.
//
//   usage: floor FILE
#include <errno.h>
#include <fcntl.h>
#include <snappy-c.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

// What Promtail and sluice send at a time.
enum { BLOCK = 1024 * 1024 };

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int fail(const char *what) {
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: floor FILE\n");
        return 2;
    }
    int file = open(argv[1], O_RDONLY);
    if (file < 0) return fail(argv[1]);
    char *block = malloc(BLOCK);
    size_t compressed_capacity = snappy_max_compressed_length(BLOCK);
    char *compressed = malloc(compressed_capacity);
    if (!block || !compressed) return fail("malloc");

    uint64_t bytes = 0, lines = 0, compressed_bytes = 0;
    size_t kept = 0;
    for (;;) {
        ssize_t count = read(file, block + kept, BLOCK - kept);
        if (count < 0) return fail(argv[1]);
        char *end = block + kept + count;
        char *line = block;
        for (char *newline; (newline = memchr(line, '\n', (size_t)(end - line))); line = newline + 1) lines += 1;
        if (count == 0 || line == block) line = end;  // the last line, or one that is longer than a block
        size_t whole = (size_t)(line - block);
        if (whole > 0) {
            size_t length = compressed_capacity;
            if (snappy_compress(block, whole, compressed, &length) != SNAPPY_OK) return fail("snappy");
            compressed_bytes += length;
            bytes += whole;
        }
        if (count == 0) break;
        kept = (size_t)(end - line);
        memmove(block, line, kept);
    }
    double seconds = cpu_seconds();
    printf(
        "{\"bytes\": %llu, \"lines\": %llu, \"compressed_bytes\": %llu, \"cpu_seconds\": %.6f, \"cpu_seconds_per_gb\": %.4f}\n",
        (unsigned long long)bytes, (unsigned long long)lines, (unsigned long long)compressed_bytes, seconds,
        bytes ? seconds / ((double)bytes / 1e9) : 0.0);
    return 0;
}
