// Linux calls that Swift's Glibc module leaves out or cannot import: statx, inotify, statfs magic numbers, variadic
// open, iconv. Each function returns 0 or an errno value unless it says otherwise.
#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <stdint.h>

/// What statx(2) tells about a file. Times are nanoseconds since 1970; `born` is 0 where the file system keeps none.
typedef struct {
    uint64_t device;
    uint64_t inode;
    int64_t size;
    int64_t modified;
    int64_t born;
    uint32_t mode;
    uint32_t links;
} clinux_status;

/// The status of what `path` leads to, symbolic links followed.
int clinux_status_of_path(const char *_Nonnull path, clinux_status *_Nonnull status);

/// The status of `path` itself, also when it is a symbolic link.
int clinux_status_of_link(const char *_Nonnull path, clinux_status *_Nonnull status);

/// The status of an open file.
int clinux_status_of_descriptor(int descriptor, clinux_status *_Nonnull status);

int clinux_is_regular(uint32_t mode);
int clinux_is_folder(uint32_t mode);
int clinux_is_link(uint32_t mode);

/// Opens `path` for reading; never blocks on a FIFO and is closed on exec. Returns the descriptor, or -errno.
int clinux_open_for_reading(const char *_Nonnull path);

/// Opens an existing file for overwriting, without cutting it. Returns the descriptor, or -errno.
int clinux_open_for_overwriting(const char *_Nonnull path);

/// Makes a new file, mode 0600; the XXXXXX at the end of its path is replaced. Returns the descriptor, or -errno.
int clinux_make_temporary(char *_Nonnull template_path);

/// Makes the entries of a folder durable.
int clinux_sync_folder(const char *_Nonnull path);

/// Whether changes at `path` may happen on another machine or in user space, where inotify does not see them.
int clinux_is_remote(const char *_Nonnull path);

/// A non-blocking inotify instance, or -errno.
int clinux_watch_open(void);

/// Watches the folder `path` for names that appear, vanish or change. Returns the watch descriptor, or -errno.
int clinux_watch_folder(int descriptor, const char *_Nonnull path);

/// Ends a watch.
void clinux_unwatch(int descriptor, int watch);

/// Whether an inotify event mask says that a name appeared or vanished.
int clinux_event_is_name_change(uint32_t mask);
/// Whether an inotify event mask says that the content of a file changed.
int clinux_event_is_content_change(uint32_t mask);
/// Whether the name of an event is a folder's.
int clinux_event_is_folder(uint32_t mask);
/// Whether events were lost.
int clinux_event_is_overflow(uint32_t mask);
/// Whether the watched folder itself is gone and the watch with it.
int clinux_event_is_watch_gone(uint32_t mask);
/// Whether the watched folder was moved, so that its path is no longer known.
int clinux_event_is_folder_moved(uint32_t mask);

/// The last of `count` bytes at `start` that is `byte`, or NULL. (Swift does not import memrchr, a GNU extension.)
const uint8_t *_Nullable clinux_find_last(const uint8_t *_Nonnull start, size_t count, uint8_t byte);

/// A converter from `encoding` to UTF-8, or NULL when there is none.
void *_Nullable clinux_converter_open(const char *_Nonnull encoding);
void clinux_converter_close(void *_Nonnull converter);
/// Puts the converter into its first state.
void clinux_converter_reset(void *_Nonnull converter);
/// Converts as iconv(3) does and moves both positions on. Returns 0, E2BIG, EILSEQ or EINVAL.
int clinux_convert(
    void *_Nonnull converter,
    const uint8_t *_Nonnull *_Nonnull input, size_t *_Nonnull input_left,
    uint8_t *_Nonnull *_Nonnull output, size_t *_Nonnull output_left
);

#endif
