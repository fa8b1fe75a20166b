#include "cjournal.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <time.h>

typedef struct {
    char *name;
    size_t length;
} wanted_field;

struct cjournal {
    sd_journal *journal;
    wanted_field *wanted;
    int wanted_count;
    // Index of the field that was found for each; -1: none.
    int *slots;
    // Whether a wanted name has this byte in its second place: turns down most fields with one look.
    uint8_t has_second[256];
    cjournal_field *fields;
    int count, capacity, was_cut;
    uint8_t *bytes;
    size_t length, size;
    uint8_t *key;
    size_t key_size;
};

// A buffer that one huge entry has made larger than this is given back.
static const size_t kept_bytes = 1 << 20;

int cjournal_open(const char *path, cjournal **result) {
    cjournal *self = calloc(1, sizeof *self);
    if (!self) return -ENOMEM;
    int code = path ? sd_journal_open_directory(&self->journal, path, 0)
                    : sd_journal_open(&self->journal, SD_JOURNAL_LOCAL_ONLY);
    if (code < 0) {
        free(self);
        return code;
    }
    // No limit: a value is cut by cjournal_collect, which can tell.
    sd_journal_set_data_threshold(self->journal, 0);
    *result = self;
    return 0;
}

void cjournal_close(cjournal *self) {
    if (!self) return;
    sd_journal_close(self->journal);
    for (int index = 0; index < self->wanted_count; index++) free(self->wanted[index].name);
    free(self->wanted);
    free(self->slots);
    free(self->fields);
    free(self->bytes);
    free(self->key);
    free(self);
}

int cjournal_want(cjournal *self, const char *name) {
    wanted_field *wanted = reallocarray(self->wanted, (size_t)self->wanted_count + 1, sizeof *wanted);
    if (!wanted) return -ENOMEM;
    self->wanted = wanted;
    int *slots = reallocarray(self->slots, (size_t)self->wanted_count + 1, sizeof *slots);
    if (!slots) return -ENOMEM;
    self->slots = slots;
    slots[self->wanted_count] = -1;
    char *copy = strdup(name);
    if (!copy) return -ENOMEM;
    size_t length = strlen(copy);
    self->wanted[self->wanted_count] = (wanted_field){.name = copy, .length = length};
    // Behind a name of one byte stands its '='.
    self->has_second[(uint8_t)(length > 1 ? copy[1] : '=')] = 1;
    return self->wanted_count++;
}

int cjournal_match(cjournal *self, const char *match, size_t length) {
    return sd_journal_add_match(self->journal, match, length);
}

int cjournal_seek_head(cjournal *self) { return sd_journal_seek_head(self->journal); }

int cjournal_seek_time(cjournal *self, uint64_t time) { return sd_journal_seek_realtime_usec(self->journal, time); }

int cjournal_seek_cursor(cjournal *self, const char *cursor) { return sd_journal_seek_cursor(self->journal, cursor); }

int cjournal_is_at(cjournal *self, const char *cursor) {
    int code = sd_journal_test_cursor(self->journal, cursor);
    return code > 0 ? 1 : code;
}

int cjournal_next(cjournal *self) { return sd_journal_next(self->journal); }

int cjournal_time(cjournal *self, uint64_t *time) { return sd_journal_get_realtime_usec(self->journal, time); }

int cjournal_cursor(cjournal *self, char **cursor) { return sd_journal_get_cursor(self->journal, cursor); }

static int reserve(cjournal *self, size_t more) {
    if (more > self->size - self->length) {
        size_t size = self->length + more;
        size = size < 4096 ? 4096 : size + size / 2;
        uint8_t *bytes = realloc(self->bytes, size);
        if (!bytes) return -ENOMEM;
        self->bytes = bytes;
        self->size = size;
    }
    if (self->count == self->capacity) {
        int capacity = self->capacity ? self->capacity * 2 : 32;
        cjournal_field *fields = reallocarray(self->fields, (size_t)capacity, sizeof *fields);
        if (!fields) return -ENOMEM;
        self->fields = fields;
        self->capacity = capacity;
    }
    return 0;
}

static int add(cjournal *self, int wanted, const uint8_t *data, size_t name_length, size_t length, size_t limit) {
    size_t value_length = length - name_length - 1;
    size_t room = limit > self->length ? limit - self->length : 0;
    if (value_length > room) {
        value_length = room;
        self->was_cut = 1;
    }
    int code = reserve(self, name_length + value_length);
    if (code < 0) return code;
    int index = wanted >= 0 && self->slots[wanted] >= 0 ? self->slots[wanted] : self->count++;
    if (wanted >= 0) self->slots[wanted] = index;
    memcpy(self->bytes + self->length, data, name_length);
    memcpy(self->bytes + self->length + name_length, data + name_length + 1, value_length);
    self->fields[index] = (cjournal_field){
        .name = self->length,
        .name_length = name_length,
        .value = self->length + name_length,
        .value_length = value_length,
        .wanted = wanted,
    };
    self->length += name_length + value_length;
    return 0;
}

int cjournal_collect(cjournal *self, size_t limit) {
    self->count = 0;
    self->length = 0;
    self->was_cut = 0;
    for (int index = 0; index < self->wanted_count; index++) self->slots[index] = -1;
    if (self->size > kept_bytes) {
        free(self->bytes);
        self->bytes = NULL;
        self->size = 0;
    }
    sd_journal_restart_data(self->journal);
    for (;;) {
        const void *found;
        size_t length;
        int code = sd_journal_enumerate_data(self->journal, &found, &length);
        // This one goes past a value that cannot be read; the other one is faster.
        if (code < 0) code = sd_journal_enumerate_available_data(self->journal, &found, &length);
        if (code < 0) return code;
        if (code == 0) return self->count;
        const uint8_t *data = found;
        if (self->wanted_count == 0) {
            const uint8_t *equals = memchr(data, '=', length);
            if (!equals) continue;
            code = add(self, -1, data, (size_t)(equals - data), length, limit);
            if (code < 0) return code;
            continue;
        }
        if (length < 2 || !self->has_second[data[1]]) continue;
        for (int index = 0; index < self->wanted_count; index++) {
            const wanted_field *wanted = &self->wanted[index];
            if (length <= wanted->length || data[wanted->length] != '=') continue;
            if (memcmp(data, wanted->name, wanted->length) != 0) continue;
            code = add(self, index, data, wanted->length, length, limit);
            if (code < 0) return code;
            break;
        }
    }
}

const cjournal_field *cjournal_wanted_field(const cjournal *self, int number) {
    int slot = self->slots[number];
    return slot < 0 ? NULL : &self->fields[slot];
}

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

const uint8_t *cjournal_key(cjournal *self, size_t longest_value, size_t *length, uint64_t *result) {
    // Values are read by eight bytes, so that up to seven behind the last one are zeros.
    size_t needed = 8;
    for (int index = 1; index < self->wanted_count; index++) {
        int slot = self->slots[index];
        needed += 8 + (slot < 0 ? 0 : self->fields[slot].value_length + 8);
    }
    if (needed > self->key_size) {
        free(self->key);
        self->key = malloc(needed * 2);
        self->key_size = self->key ? needed * 2 : 0;
        if (!self->key) return NULL;
    }
    uint8_t *end = self->key;
    uint64_t hash = 1;
    for (int index = 1; index < self->wanted_count; index++) {
        int slot = self->slots[index];
        size_t count = slot < 0 ? 0 : self->fields[slot].value_length;
        if (count > longest_value) count = longest_value;
        uint64_t head = slot < 0 ? UINT64_MAX : count;
        memcpy(end, &head, 8);
        end += 8;
        hash = mix(hash, head);
        if (slot < 0) continue;
        memcpy(end, self->bytes + self->fields[slot].value, count);
        memset(end + count, 0, 8);
        for (size_t place = 0; place < count; place += 8) {
            uint64_t word;
            memcpy(&word, end + place, 8);
            hash = mix(hash, word);
        }
        end += count;
    }
    *length = (size_t)(end - self->key);
    *result = hash;
    return self->key;
}

int cjournal_was_cut(const cjournal *self) { return self->was_cut; }

const cjournal_field *cjournal_fields(const cjournal *self) { return self->fields; }

const uint8_t *cjournal_bytes(const cjournal *self) { return self->bytes; }

int cjournal_descriptor(cjournal *self) { return sd_journal_get_fd(self->journal); }

int cjournal_events(cjournal *self) { return sd_journal_get_events(self->journal); }

int cjournal_timeout(cjournal *self) {
    uint64_t due;
    if (sd_journal_get_timeout(self->journal, &due) < 0 || due == UINT64_MAX) return -1;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t passed = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
    uint64_t left = due > passed ? (due - passed + 999) / 1000 : 0;
    return left > INT_MAX ? INT_MAX : (int)left;
}

int cjournal_process(cjournal *self) { return sd_journal_process(self->journal); }
