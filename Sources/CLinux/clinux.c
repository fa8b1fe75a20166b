#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

static int64_t nanoseconds(int64_t seconds, int64_t rest) { return seconds * 1000000000 + rest; }

/// For kernels and sandboxes without statx(2): everything but the birth time.
static int status_by_fstatat(int folder, const char *path, int flags, clinux_status *status) {
    struct stat old;
    if (fstatat(folder, path, &old, flags) != 0) return errno;
    status->device = old.st_dev;
    status->inode = old.st_ino;
    status->size = old.st_size;
    status->modified = nanoseconds(old.st_mtim.tv_sec, old.st_mtim.tv_nsec);
    status->born = 0;
    status->mode = old.st_mode;
    status->links = (uint32_t)old.st_nlink;
    return 0;
}

static int status_of(int folder, const char *path, int flags, clinux_status *status) {
    struct statx found;
    if (statx(folder, path, flags, STATX_BASIC_STATS | STATX_BTIME, &found) != 0) {
        if (errno == ENOSYS || errno == EPERM) return status_by_fstatat(folder, path, flags, status);
        return errno;
    }
    status->device = makedev(found.stx_dev_major, found.stx_dev_minor);
    status->inode = found.stx_ino;
    status->size = (int64_t)found.stx_size;
    status->modified = nanoseconds(found.stx_mtime.tv_sec, found.stx_mtime.tv_nsec);
    status->born = found.stx_mask & STATX_BTIME ? nanoseconds(found.stx_btime.tv_sec, found.stx_btime.tv_nsec) : 0;
    status->mode = found.stx_mode;
    status->links = found.stx_nlink;
    return 0;
}

int clinux_status_of_path(const char *path, clinux_status *status) { return status_of(AT_FDCWD, path, 0, status); }

int clinux_status_of_link(const char *path, clinux_status *status) {
    return status_of(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, status);
}

int clinux_status_of_descriptor(int descriptor, clinux_status *status) {
    return status_of(descriptor, "", AT_EMPTY_PATH, status);
}

int clinux_is_regular(uint32_t mode) { return S_ISREG(mode); }
int clinux_is_folder(uint32_t mode) { return S_ISDIR(mode); }
int clinux_is_link(uint32_t mode) { return S_ISLNK(mode); }

int clinux_open_for_reading(const char *path) {
    int descriptor;
    do descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    while (descriptor < 0 && errno == EINTR);
    return descriptor < 0 ? -errno : descriptor;
}

int clinux_open_for_overwriting(const char *path) {
    int descriptor;
    do descriptor = open(path, O_WRONLY | O_CLOEXEC);
    while (descriptor < 0 && errno == EINTR);
    return descriptor < 0 ? -errno : descriptor;
}

int clinux_make_temporary(char *template_path) {
    int descriptor = mkostemp(template_path, O_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int clinux_sync_folder(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    int result = fsync(descriptor) == 0 ? 0 : errno;
    close(descriptor);
    return result;
}

int clinux_is_remote(const char *path) {
    struct statfs found;
    if (statfs(path, &found) != 0) return 0;
    switch ((uint32_t)found.f_type) {
    case NFS_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case CIFS_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
    case FUSE_SUPER_MAGIC:
    case V9FS_MAGIC:
    case CEPH_SUPER_MAGIC:
    case AFS_SUPER_MAGIC:
    case CODA_SUPER_MAGIC:
    case OCFS2_SUPER_MAGIC:
    case 0x01161970:  // GFS2
    case 0x0BD00BD0:  // Lustre
    case 0x47504653:  // IBM Storage Scale
    case 0x786F4256:  // VirtualBox shared folders
    case 0xBACBACBC:  // VMware shared folders
        return 1;
    default:
        return 0;
    }
}

int clinux_watch_open(void) {
    int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int clinux_watch_folder(int descriptor, const char *path) {
    uint32_t mask = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF
        | IN_ONLYDIR | IN_EXCL_UNLINK;
    int watch = inotify_add_watch(descriptor, path, mask);
    return watch < 0 ? -errno : watch;
}

void clinux_unwatch(int descriptor, int watch) { inotify_rm_watch(descriptor, watch); }

int clinux_event_is_name_change(uint32_t mask) {
    return (mask & (IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)) != 0;
}
int clinux_event_is_content_change(uint32_t mask) { return (mask & IN_MODIFY) != 0; }
int clinux_event_is_folder(uint32_t mask) { return (mask & IN_ISDIR) != 0; }
int clinux_event_is_overflow(uint32_t mask) { return (mask & IN_Q_OVERFLOW) != 0; }
int clinux_event_is_watch_gone(uint32_t mask) { return (mask & IN_IGNORED) != 0; }
int clinux_event_is_folder_moved(uint32_t mask) { return (mask & IN_MOVE_SELF) != 0; }

const uint8_t *clinux_find_last(const uint8_t *start, size_t count, uint8_t byte) {
    return memrchr(start, byte, count);
}

void *clinux_converter_open(const char *encoding) {
    iconv_t converter = iconv_open("UTF-8", encoding);
    return converter == (iconv_t)-1 ? NULL : (void *)converter;
}

void clinux_converter_close(void *converter) { iconv_close((iconv_t)converter); }

void clinux_converter_reset(void *converter) { iconv((iconv_t)converter, NULL, NULL, NULL, NULL); }

int clinux_convert(
    void *converter, const uint8_t **input, size_t *input_left, uint8_t **output, size_t *output_left
) {
    // iconv takes char ** for input it does not change.
    size_t result = iconv((iconv_t)converter, (char **)(uintptr_t)input, input_left, (char **)output, output_left);
    return result == (size_t)-1 ? errno : 0;
}
