// A cursor over systemd's journal (sd-journal(3)) that copies the fields somebody wants of one entry in one pass.
//
// The data that libsystemd gives out lies in memory maps that its next call may take away, so what is wanted is copied at
// once, into a buffer that is kept. A journal belongs to one thread. Functions that give an int give -errno on failure.
#ifndef CJOURNAL_H
#define CJOURNAL_H

#include <stddef.h>
#include <stdint.h>

typedef struct cjournal cjournal;

/// A field of the current entry: where its name and its value lie in ``cjournal_bytes``.
typedef struct {
    size_t name, name_length, value, value_length;
    /// Which of the wanted fields it is; -1 where all are collected.
    int wanted;
} cjournal_field;

/// Opens the files of a folder, or the machine's own journals where `path` is null.
int cjournal_open(const char *_Nullable path, cjournal *_Nullable *_Nonnull journal);
void cjournal_close(cjournal *_Nullable journal);

/// Collects the field `name` from now on; gives its number, counted from 0. Without any wanted, all fields are collected.
int cjournal_want(cjournal *_Nonnull journal, const char *_Nonnull name);
/// Selects entries by `FIELD=value`: one of those with the same field has to fit, and one for each field.
int cjournal_match(cjournal *_Nonnull journal, const char *_Nonnull match, size_t length);

int cjournal_seek_head(cjournal *_Nonnull journal);
/// Microseconds since 1970.
int cjournal_seek_time(cjournal *_Nonnull journal, uint64_t time);
int cjournal_seek_cursor(cjournal *_Nonnull journal, const char *_Nonnull cursor);
/// Whether the current entry is the one that `cursor` names: 1 or 0.
int cjournal_is_at(cjournal *_Nonnull journal, const char *_Nonnull cursor);

/// Goes to the next entry: 1, or 0 at the end.
int cjournal_next(cjournal *_Nonnull journal);
/// When journald received the current entry, in microseconds since 1970.
int cjournal_time(cjournal *_Nonnull journal, uint64_t *_Nonnull time);
/// The name of the current entry: a text that the caller frees.
int cjournal_cursor(cjournal *_Nonnull journal, char *_Nullable *_Nonnull cursor);
/// Collects fields of the current entry, values of at most `limit` bytes together; gives how many. Of a wanted field that
/// occurs more than once the last one stays. What cannot be read because of its compression is left out.
int cjournal_collect(cjournal *_Nonnull journal, size_t limit);
/// Whether a value was longer than there was room for, and is cut.
int cjournal_was_cut(const cjournal *_Nonnull journal);
const cjournal_field *_Nullable cjournal_fields(const cjournal *_Nonnull journal);
const uint8_t *_Nullable cjournal_bytes(const cjournal *_Nonnull journal);

/// The field with this number among the wanted ones; null if the entry has none.
const cjournal_field *_Nullable cjournal_wanted_field(const cjournal *_Nonnull journal, int number);
/// Puts the values of all wanted fields but the first one behind each other, each behind its length: equal for two entries
/// only if all of these values are. Gives where they stand, and sets a hash of them (not one for adversaries).
const uint8_t *_Nullable cjournal_key(cjournal *_Nonnull journal, size_t longest_value, size_t *_Nonnull length,
                                      uint64_t *_Nonnull hash);

/// A descriptor for poll(2), the events to wait for, and how long at most: milliseconds, or -1.
int cjournal_descriptor(cjournal *_Nonnull journal);
int cjournal_events(cjournal *_Nonnull journal);
int cjournal_timeout(cjournal *_Nonnull journal);
/// To be called after each wait.
int cjournal_process(cjournal *_Nonnull journal);

#endif
