// The other end of a benchmark: takes pushes, keeps their bodies, and counts what is in them only when it is asked.
//
// So it takes next to nothing of the processors while the agent works, and shares no code with the agent that it judges.
// Listens on a free port of 127.0.0.1, which it prints. POST anything: 204. GET /progress: requests and bytes so far.
// GET /stats: streams, entries and bytes of lines too, decoded from snappy and protobuf (logproto.PushRequest).
//
//   usage: receiver
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <snappy-c.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

struct body {
    struct body *next;
    size_t length;
    char bytes[];
};

static struct {
    pthread_mutex_t lock;
    struct body *waiting;
    uint64_t requests, wire_bytes, streams, entries, line_bytes, rejected;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

// Memory for bodies that is there before the first one comes: what the kernel does for a page that is new would else be
// done on a processor that the agent works on. What does not fit is taken from malloc.
static struct {
    char *bytes;
    size_t used, size;
    // Bodies in it that are not counted yet, those that are still coming in included.
    size_t bodies;
} arena = {.size = 448u << 20};

static void die(const char *what) {
    fprintf(stderr, "receiver: %s: %s\n", what, strerror(errno));
    exit(1);
}

// The next field of a message: its number, and the bytes of a length-delimited one. 0 at the end or when malformed.
static unsigned field(const uint8_t **p, const uint8_t *end, const uint8_t **start, size_t *length) {
    uint64_t values[2] = {0, 0};
    for (int index = 0; index < 2; index++) {
        for (unsigned shift = 0;; shift += 7) {
            if (*p >= end || shift > 63) return 0;
            uint8_t byte = *(*p)++;
            values[index] |= (uint64_t)(byte & 0x7F) << shift;
            if (byte < 0x80) break;
        }
    }
    *start = *p;
    *length = 0;
    if ((values[0] & 7) == 2) {
        if (values[1] > (uint64_t)(end - *p)) return 0;
        *length = values[1];
        *p += values[1];
    }
    return (unsigned)(values[0] >> 3);
}

// PushRequest{1: Stream{1: labels, 2: Entry{1: timestamp, 2: line, 3: metadata}}}
static void count_streams(const uint8_t *p, const uint8_t *end) {
    const uint8_t *stream, *entry, *line;
    size_t length, entry_length, line_length;
    while (field(&p, end, &stream, &length) == 1) {
        state.streams++;
        const uint8_t *stream_end = stream + length;
        for (unsigned number; (number = field(&stream, stream_end, &entry, &entry_length));) {
            if (number != 2) continue;
            state.entries++;
            const uint8_t *entry_end = entry + entry_length;
            for (unsigned part; (part = field(&entry, entry_end, &line, &line_length));) {
                if (part == 2) state.line_bytes += line_length;
            }
        }
    }
    if (p != end) state.rejected++;
}

static struct body *make_body(size_t length) {
    size_t needed = (sizeof(struct body) + length + 15) & ~(size_t)15;
    struct body *body = NULL;
    pthread_mutex_lock(&state.lock);
    if (needed <= arena.size - arena.used) {
        body = (struct body *)(arena.bytes + arena.used);
        arena.used += needed;
        arena.bodies++;
    }
    pthread_mutex_unlock(&state.lock);
    if (!body && !(body = malloc(needed))) die("malloc");
    body->length = length;
    return body;
}

// With the lock.
static void free_body(struct body *body) {
    if ((char *)body < arena.bytes || (char *)body >= arena.bytes + arena.size) {
        free(body);
    } else if (--arena.bodies == 0) {
        arena.used = 0;
    }
}

static void count(void) {
    while (state.waiting) {
        struct body *body = state.waiting;
        state.waiting = body->next;
        size_t length;
        if (snappy_uncompressed_length(body->bytes, body->length, &length) == SNAPPY_OK) {
            char *plain = malloc(length + 1);
            if (!plain) die("malloc");
            if (snappy_uncompress(body->bytes, body->length, plain, &length) == SNAPPY_OK) {
                count_streams((uint8_t *)plain, (uint8_t *)plain + length);
            } else {
                state.rejected++;
            }
            free(plain);
        } else {
            state.rejected++;
        }
        free_body(body);
    }
}

static int put(int connection, const char *text, size_t length) {
    while (length > 0) {
        ssize_t sent = send(connection, text, length, MSG_NOSIGNAL);
        if (sent <= 0) return 0;
        text += sent;
        length -= (size_t)sent;
    }
    return 1;
}

static int answer_numbers(int connection, int counts) {
    char text[512], head[128];
    pthread_mutex_lock(&state.lock);
    if (counts) count();
    int length = snprintf(
        text, sizeof text,
        "{\"requests\": %llu, \"wire_bytes\": %llu, \"streams\": %llu, \"entries\": %llu, \"line_bytes\": %llu, "
        "\"rejected\": %llu}\n",
        (unsigned long long)state.requests, (unsigned long long)state.wire_bytes, (unsigned long long)state.streams,
        (unsigned long long)state.entries, (unsigned long long)state.line_bytes, (unsigned long long)state.rejected);
    pthread_mutex_unlock(&state.lock);
    int head_length = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", length);
    return put(connection, head, (size_t)head_length) && put(connection, text, (size_t)length);
}

static int take(int connection, const char *rest, size_t rest_length, size_t length) {
    struct body *body = make_body(length);
    size_t got = rest_length < length ? rest_length : length;
    memcpy(body->bytes, rest, got);
    while (got < length) {
        ssize_t read = recv(connection, body->bytes + got, length - got, MSG_WAITALL);
        if (read <= 0) {
            pthread_mutex_lock(&state.lock);
            free_body(body);
            pthread_mutex_unlock(&state.lock);
            return 0;
        }
        got += (size_t)read;
    }
    pthread_mutex_lock(&state.lock);
    state.requests++;
    state.wire_bytes += length;
    body->next = state.waiting;
    state.waiting = body;
    pthread_mutex_unlock(&state.lock);
    static const char answer[] = "HTTP/1.1 204 No Content\r\n\r\n";
    return put(connection, answer, sizeof answer - 1);
}

// One request after the other; requests are not sent before the answer to the one before.
static void *serve(void *argument) {
    int connection = (int)(intptr_t)argument, goes_on = 1;
    char head[16 * 1024];
    while (goes_on) {
        size_t used = 0;
        char *end = NULL;
        while (!end && used < sizeof head - 1) {
            ssize_t read = recv(connection, head + used, sizeof head - 1 - used, 0);
            if (read <= 0) break;
            used += (size_t)read;
            head[used] = 0;
            end = strstr(head, "\r\n\r\n");
        }
        if (!end) break;
        size_t head_length = (size_t)(end + 4 - head);
        if (strncmp(head, "POST ", 5) == 0) {
            char *length = strcasestr(head, "\r\ncontent-length:");
            if (!length || length > end) break;
            goes_on = take(connection, end + 4, used - head_length, strtoull(length + 17, NULL, 10));
        } else {
            goes_on = answer_numbers(connection, strncmp(head, "GET /stats ", 11) == 0);
        }
    }
    close(connection);
    return NULL;
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    arena.bytes = mmap(NULL, arena.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (arena.bytes == MAP_FAILED) die("mmap");
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        die("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection < 0) continue;
        int yes = 1;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)connection) != 0) die("pthread_create");
        pthread_detach(thread);
    }
}
