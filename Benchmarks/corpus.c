// Writes a log file of a given kind and size; the same arguments give the same bytes on every machine.
//
//   usage: corpus KIND MEGABYTES > FILE
//
//   json    one winston object per line, 250 to 300 bytes, as a web UI and an API with LLM calls write them;
//           8 % carry a secret, at the top, nested, or inside of a text
//   cri     the same, in the envelope that container runtimes put around each line
//   plain   lines of 120 bytes without structure
//   access  access log lines of nginx in the format `combined`
//
// Every planted secret contains MARKER, so that one search tells whether any of them got through. What was written goes
// to standard error as JSON.
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARKER "hunter2"
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

// MARK: - Chance

static uint64_t state = 0x5EED0F51u;

// splitmix64 (Steele, Lea, Flood 2014).
static uint64_t next_random(void) {
    uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

static unsigned below(unsigned limit) { return (unsigned)((next_random() >> 32) * limit >> 32); }
static const char *one_of(const char *const *list, size_t count) { return list[below((unsigned)count)]; }
#define ANY(list) one_of(list, COUNT(list))

// MARK: - The line being made

static char line[1024];
static size_t used;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    used += (size_t)vsnprintf(line + used, sizeof(line) - used, format, arguments);
    va_end(arguments);
}

static void put_hex(unsigned digits) {
    uint64_t bits = 0;
    for (unsigned index = 0; index < digits; index++, bits >>= 4) {
        if (index % 16 == 0) bits = next_random();
        line[used++] = "0123456789abcdef"[bits & 15];
    }
}

static void put_uuid(void) {
    static const unsigned groups[] = {8, 4, 4, 4, 12};
    for (unsigned index = 0; index < 5; index++) {
        if (index) line[used++] = '-';
        put_hex(groups[index]);
    }
}

// MARK: - Words

static const char *const services[] = {"opencode-api", "opencode-web", "opencode-llm", "opencode-auth", "opencode-jobs"};
static const char *const levels[] = {"info", "info", "info", "info", "info", "info", "http", "debug", "warn", "error"};
static const char *const methods[] = {"GET", "GET", "GET", "POST", "POST", "PUT", "PATCH", "DELETE"};
static const char *const paths[] = {
    "/api/v1/sessions", "/api/v1/projects", "/api/v1/chat/completions", "/api/v1/files", "/api/v1/graph/query",
    "/api/v1/users/me", "/api/v1/embeddings", "/auth/refresh", "/auth/login", "/health", "/static/app.js",
};
static const int statuses[] = {200, 200, 200, 200, 200, 201, 204, 304, 400, 401, 404, 429, 500, 503};
static const char *const providers[] = {"anthropic", "openai", "mistral", "local"};
static const char *const models[] = {"sonnet-4.5", "gpt-5-mini", "large-2", "llama-3.3-70b", "haiku-4.5"};
static const char *const events[] = {
    "request completed", "upstream answered", "cache miss, loading from graph", "session resumed",
    "connection returned to the pool", "job picked up", "rate limit checked", "response streamed to client",
    "schema validated", "retrying after a closed connection",
};
static const char *const agents[] = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    "curl/8.9.1", "kube-probe/1.30", "Prometheus/2.53.0",
};
static const char *const classes[] = {
    "pool.ConnectionManager", "graph.QueryPlanner", "http.RequestLog", "jobs.Scheduler", "cache.Evictor", "auth.Sessions",
};

// MARK: - Time: a few milliseconds pass from line to line, within November 2026

static uint64_t milliseconds;

static void put_time(const char *format) {
    milliseconds += below(6);
    unsigned ms = (unsigned)(milliseconds % 1000), seconds = (unsigned)(milliseconds / 1000);
    put(format, 1 + seconds / 86400 % 30, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60, ms);
}

// MARK: - Kinds of lines

static uint64_t secrets;

/// One field that must not leave the host, with the comma behind it.
static void put_secret(void) {
    secrets += 1;
    switch (below(6)) {
    case 0: put("\"password\":\"" MARKER "-"); put_hex(12); put("\","); break;
    case 1: put("\"headers\":{\"authorization\":\"Bearer " MARKER "."); put_hex(16); put("\"},"); break;
    case 2: put("\"llm\":{\"apiKey\":\"sk-" MARKER); put_hex(16); put("\"},"); break;
    case 3: put("\"user\":{\"auth\":{\"refresh_token\":\"" MARKER); put_hex(12); put("\"}},"); break;
    case 4: put("\"url\":\"/auth/login?secret=" MARKER); put_hex(8); put("&next=%%2F\","); break;
    default: put("\"body\":\"{\\\"client_secret\\\":\\\"" MARKER); put_hex(8); put("\\\"}\","); break;
    }
}

static void put_json(void) {
    const char *level = ANY(levels);
    int status = statuses[below(COUNT(statuses))];
    size_t start = used;
    put("{\"correlationId\":\"");
    put_uuid();
    put("\",\"http\":{\"method\":\"%s\",\"status\":%d},\"level\":\"%s\",", ANY(methods), status, level);
    if (below(100) < 8) {
        put_secret();
        put("\"message\":\"%s\",", "login");
    } else if (below(10) == 0) {
        put("\"llm\":{\"provider\":\"%s\",\"model\":\"%s\",\"promptTokens\":%u,\"cost\":0.%04u},", ANY(providers), ANY(models),
            below(8000), below(10000));
        put("\"message\":\"llm call\",");
    } else {
        put("\"message\":\"%s %s in %u ms\",", ANY(events), ANY(paths), below(2000));
    }
    put("\"pid\":%u,\"service\":\"%s\",", below(32768), ANY(services));
    put_time("\"timestamp\":\"2026-11-%02uT%02u:%02u:%02u.%03uZ\"");
    // Filled up to 250 bytes and some more with what such a line says about its request.
    size_t length = used - start + strlen(",\"trace\":\"\"}");
    if (length < 296) {
        put(",\"trace\":\"");
        put_hex((length < 250 ? (unsigned)(250 - length) : 0) + below(length < 280 ? 20 : 296 - (unsigned)length));
        put("\"");
    }
    put("}");
}

static void put_cri(void) {
    put_time("2026-11-%02uT%02u:%02u:%02u.%03u");
    put("%06uZ %s F ", below(1000000), below(10) ? "stdout" : "stderr");
    put_json();
}

static void put_plain(void) {
    put_time("2026-11-%02u %02u:%02u:%02u,%03u");
    put(" %-5s [worker-%02u] %s - %s %s id=", below(8) ? "INFO" : "WARN", below(32), ANY(classes), ANY(events), ANY(paths));
    if (used < 112) put_hex((unsigned)(112 - used));
    put(" %uus", 1 + below(99999));
}

static void put_access(void) {
    put("10.%u.%u.%u - %s ", below(4), below(256), below(256), below(5) ? "-" : "ann");
    put_time("[%02u/Nov/2026:%02u:%02u:%02u +0000]");
    put(" \"%s %s", ANY(methods), ANY(paths));
    if (below(3) == 0) put("?page=%u&q=%x", below(50), below(1 << 28));
    put(" HTTP/1.1\" %d %u \"", statuses[below(COUNT(statuses))], below(65536));
    put(below(3) ? "-\" \"" : "https://opencode.example/projects\" \"");
    put("%s\"", ANY(agents));
}

static void put_docker(void) {
    put("{\"log\":\"%s %s in %u ms\\n\",\"stream\":\"%s\",", ANY(events), ANY(paths), below(2000), below(10) ? "stdout" : "stderr");
    put_time("\"time\":\"2026-11-%02uT%02u:%02u:%02u.%03u");
    put("%06uZ\"}", below(1000000));
}

static void put_logfmt(void) {
    put_time("ts=2026-11-%02uT%02u:%02u:%02u.%03uZ");
    put(" level=%s msg=\"%s %s\" status=%d", ANY(levels), ANY(events), ANY(paths), statuses[below(COUNT(statuses))]);
    put(" method=%s duration=%ums id=", ANY(methods), below(2000));
    put_hex(16);
}

static const struct {
    const char *name;
    void (*put)(void);
} kinds[] = {{"json", put_json}, {"cri", put_cri}, {"plain", put_plain}, {"access", put_access}, {"docker", put_docker}, {"logfmt", put_logfmt}};

int main(int argc, char **argv) {
    double megabytes = argc == 3 ? atof(argv[2]) : 0;
    void (*put_line)(void) = NULL;
    for (size_t index = 0; argc == 3 && index < COUNT(kinds); index++) {
        if (!strcmp(kinds[index].name, argv[1])) put_line = kinds[index].put;
    }
    if (!put_line || megabytes <= 0) {
        fprintf(stderr, "usage: corpus json|cri|plain|access|docker|logfmt MEGABYTES > FILE\n");
        return 2;
    }
    static char buffer[1 << 20];
    setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
    uint64_t bytes = 0, lines = 0, limit = (uint64_t)(megabytes * 1e6);
    while (bytes < limit) {
        used = 0;
        put_line();
        line[used++] = '\n';
        if (fwrite(line, 1, used, stdout) != used) {
            perror("corpus");
            return 1;
        }
        bytes += used;
        lines += 1;
    }
    if (fflush(stdout)) {
        perror("corpus");
        return 1;
    }
    fprintf(
        stderr, "{\"bytes\": %llu, \"lines\": %llu, \"secrets\": %llu}\n", (unsigned long long)bytes, (unsigned long long)lines,
        (unsigned long long)secrets);
    return 0;
}
