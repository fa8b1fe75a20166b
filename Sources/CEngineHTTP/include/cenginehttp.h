// Many GET requests at a time to one container engine or API server, by libcurl's multi interface: over a unix socket, TCP or TLS.
//
// Everything belongs to one thread. Callbacks come from cenginehttp_run, and may start and cancel transfers, but for the
// one they are called for.
#ifndef CENGINEHTTP_H
#define CENGINEHTTP_H

#include <stddef.h>
#include <stdint.h>

typedef struct cenginehttp cenginehttp;
typedef struct cenginehttp_transfer cenginehttp_transfer;

/// PEM in a file, or here; nothing where both are null.
typedef struct {
    const char *_Nullable file;
    const uint8_t *_Nullable bytes;
    size_t count;
} cenginehttp_material;

typedef struct {
    /// Null: over TCP.
    const char *_Nullable unix_path;
    /// One more header, `Name: value`.
    const char *_Nullable header;
    cenginehttp_material authority, certificate, key;
    int checks_certificate;
} cenginehttp_options;

/// Part of a body; 0 pauses the transfer, and the same part comes again once it goes on.
typedef int (*cenginehttp_body)(void *_Nullable context, long status, const uint8_t *_Nonnull bytes, size_t count);
/// The transfer is over, and gone: the status (0 without an answer), and why it failed, or null.
typedef void (*cenginehttp_end)(void *_Nullable context, long status, const char *_Nullable error);

cenginehttp *_Nullable cenginehttp_new(void);
/// Cancels what still runs, without a word to it.
void cenginehttp_free(cenginehttp *_Nullable client);

/// Starts a request. `timeout` in milliseconds bounds all of it; 0: it may last for ever, but not its beginning.
cenginehttp_transfer *_Nullable cenginehttp_get(cenginehttp *_Nonnull client, const char *_Nonnull url,
                                                const cenginehttp_options *_Nonnull options, long timeout,
                                                void *_Nullable context, cenginehttp_body _Nonnull body,
                                                cenginehttp_end _Nonnull end);
/// Ends a transfer without a word to it.
void cenginehttp_cancel(cenginehttp *_Nonnull client, cenginehttp_transfer *_Nonnull transfer);
/// A transfer that was paused goes on.
void cenginehttp_resume(cenginehttp_transfer *_Nonnull transfer);
/// Waits up to `milliseconds`, or until `descriptor` is readable, and does what there is to do.
void cenginehttp_run(cenginehttp *_Nonnull client, int descriptor, int milliseconds);

#endif
