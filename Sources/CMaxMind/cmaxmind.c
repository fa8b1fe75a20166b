#include "cmaxmind.h"

#include <arpa/inet.h>
#include <errno.h>
#include <maxminddb.h>
#include <stdlib.h>
#include <string.h>

struct cmaxmind {
    MMDB_s database;
};

cmaxmind *cmaxmind_open(const char *path, const char **reason) {
    cmaxmind *made = malloc(sizeof *made);
    if (!made) {
        *reason = strerror(ENOMEM);
        return NULL;
    }
    int status = MMDB_open(path, MMDB_MODE_MMAP, &made->database);
    if (status == MMDB_SUCCESS) return made;
    *reason = status == MMDB_IO_ERROR || status == MMDB_FILE_OPEN_ERROR ? strerror(errno) : MMDB_strerror(status);
    free(made);
    return NULL;
}

void cmaxmind_close(cmaxmind *database) {
    MMDB_close(&database->database);
    free(database);
}

const char *cmaxmind_type(const cmaxmind *database) {
    return database->database.metadata.database_type ? database->database.metadata.database_type : "";
}

cmaxmind_record cmaxmind_find(const cmaxmind *database, const uint8_t *text, size_t count) {
    cmaxmind_record record = {0, 0};
    char name[INET6_ADDRSTRLEN];
    if (count == 0 || count >= sizeof name) return record;
    memcpy(name, text, count);
    name[count] = 0;
    if (strlen(name) != count) return record;
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    memset(&address, 0, sizeof address);
    if (inet_pton(AF_INET, name, &address.v4.sin_addr) == 1) {
        address.any.sa_family = AF_INET;
    } else if (inet_pton(AF_INET6, name, &address.v6.sin6_addr) == 1) {
        address.any.sa_family = AF_INET6;
    } else {
        return record;
    }
    int error = 0;
    MMDB_lookup_result_s result = MMDB_lookup_sockaddr(&database->database, &address.any, &error);
    if (error == MMDB_SUCCESS && result.found_entry) {
        record.is_found = 1;
        record.offset = result.entry.offset;
    }
    return record;
}

static int get(const cmaxmind *database, cmaxmind_record record, const char *const *path, MMDB_entry_data_s *data) {
    if (!record.is_found) return 0;
    MMDB_entry_s entry = {.mmdb = &database->database, .offset = record.offset};
    return MMDB_aget_value(&entry, data, path) == MMDB_SUCCESS && data->has_data;
}

cmaxmind_text cmaxmind_get_text(const cmaxmind *database, cmaxmind_record record, const char *const *path) {
    MMDB_entry_data_s data;
    cmaxmind_text text = {NULL, 0};
    if (get(database, record, path, &data) && data.type == MMDB_DATA_TYPE_UTF8_STRING) {
        text.start = (const uint8_t *)data.utf8_string;
        text.count = data.data_size;
    }
    return text;
}

double cmaxmind_get_number(const cmaxmind *database, cmaxmind_record record, const char *const *path) {
    MMDB_entry_data_s data;
    if (!get(database, record, path, &data)) return 0;
    switch (data.type) {
    case MMDB_DATA_TYPE_DOUBLE: return data.double_value;
    case MMDB_DATA_TYPE_FLOAT: return (double)data.float_value;
    case MMDB_DATA_TYPE_UINT16: return data.uint16;
    case MMDB_DATA_TYPE_UINT32: return data.uint32;
    case MMDB_DATA_TYPE_INT32: return data.int32;
    case MMDB_DATA_TYPE_UINT64: return (double)data.uint64;
    default: return 0;
    }
}
