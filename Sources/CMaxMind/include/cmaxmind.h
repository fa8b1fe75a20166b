// MaxMind databases, read by libmaxminddb: its look-up by variable arguments is nothing that Swift can call.
#ifndef CMAXMIND_H
#define CMAXMIND_H

#include <stddef.h>
#include <stdint.h>

/// An open database, mapped into memory. May be read by several threads.
typedef struct cmaxmind cmaxmind;

/// Opens the file at `path`; NULL when it cannot be opened or is no database, with the reason in `reason`.
cmaxmind *_Nullable cmaxmind_open(const char *_Nonnull path, const char *_Nullable *_Nonnull reason);

void cmaxmind_close(cmaxmind *_Nonnull database);

/// What kind of database it is, such as `GeoLite2-City`: `database_type` of its metadata.
const char *_Nonnull cmaxmind_type(const cmaxmind *_Nonnull database);

/// What a database says of one address.
typedef struct {
    /// 1 when it says anything.
    int is_found;
    uint32_t offset;
} cmaxmind_record;

/// Looks up the address that the `count` bytes at `text` write; nothing is found for what is no address.
cmaxmind_record cmaxmind_find(const cmaxmind *_Nonnull database, const uint8_t *_Nonnull text, size_t count);

/// A text of a record, which lives as long as the database; empty where there is none.
typedef struct {
    const uint8_t *_Nullable start;
    size_t count;
} cmaxmind_text;

/// The text at the end of a path of map keys and array indexes (negative ones from the end), ended by NULL.
cmaxmind_text cmaxmind_get_text(
    const cmaxmind *_Nonnull database, cmaxmind_record record, const char *_Nullable const *_Nonnull path);

/// The number at the end of a path; 0 where there is none.
double cmaxmind_get_number(
    const cmaxmind *_Nonnull database, cmaxmind_record record, const char *_Nullable const *_Nonnull path);

#endif
