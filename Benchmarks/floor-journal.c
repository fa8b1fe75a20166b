// The least that any reader of a journal must do with libsystemd: go to each entry and look at each of its fields.
//
// Nothing is copied, parsed or sent. Prints one JSON object; CPU is user and system time of the process.
//
//   usage: floor-journal FOLDER
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <systemd/sd-journal.h>

int main(int count, char **arguments) {
    sd_journal *journal;
    int code = count == 2 ? sd_journal_open_directory(&journal, arguments[1], 0) : -1;
    if (code < 0) {
        fprintf(stderr, "floor-journal: %s\n", strerror(-code));
        return 1;
    }
    uint64_t entries = 0, fields = 0;
    while ((code = sd_journal_next(journal)) > 0) {
        const void *data;
        size_t length;
        sd_journal_restart_data(journal);
        while (sd_journal_enumerate_data(journal, &data, &length) > 0) fields++;
        entries++;
    }
    sd_journal_close(journal);
    if (code < 0) return 1;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("{\"entries\": %llu, \"fields\": %llu, \"cpu_seconds\": %.6f}\n", (unsigned long long)entries,
           (unsigned long long)fields, seconds);
    return 0;
}
