#include "cenginehttp.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

struct cenginehttp_transfer {
    CURL *easy;
    struct curl_slist *headers;
    void *context;
    cenginehttp_body body;
    cenginehttp_end end;
    char error[CURL_ERROR_SIZE];
    // All of a client, in no order.
    cenginehttp_transfer *previous, *next;
};

struct cenginehttp {
    CURLM *multi;
    cenginehttp_transfer *first;
};

cenginehttp *cenginehttp_new(void) {
    cenginehttp *self = calloc(1, sizeof *self);
    if (!self) return NULL;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    self->multi = curl_multi_init();
    if (self->multi) return self;
    free(self);
    return NULL;
}

static void drop(cenginehttp *self, cenginehttp_transfer *transfer) {
    curl_multi_remove_handle(self->multi, transfer->easy);
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    if (transfer->previous) transfer->previous->next = transfer->next;
    if (transfer->next) transfer->next->previous = transfer->previous;
    if (self->first == transfer) self->first = transfer->next;
    free(transfer);
}

void cenginehttp_free(cenginehttp *self) {
    if (!self) return;
    while (self->first) drop(self, self->first);
    curl_multi_cleanup(self->multi);
    free(self);
}

// libcurl copies what is given here.
static void set(CURL *easy, CURLoption file, CURLoption blob, const cenginehttp_material *material) {
    if (material->file) curl_easy_setopt(easy, file, material->file);
    if (!material->bytes) return;
    struct curl_blob data = {.data = (void *)material->bytes, .len = material->count, .flags = CURL_BLOB_COPY};
    curl_easy_setopt(easy, blob, &data);
}

static size_t take(char *bytes, size_t size, size_t count, void *context) {
    cenginehttp_transfer *transfer = context;
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (!transfer->body(transfer->context, status, (const uint8_t *)bytes, size * count)) return CURL_WRITEFUNC_PAUSE;
    return size * count;
}

cenginehttp_transfer *cenginehttp_get(cenginehttp *self, const char *url, const cenginehttp_options *options,
                                      long timeout, void *context, cenginehttp_body body, cenginehttp_end end) {
    cenginehttp_transfer *transfer = calloc(1, sizeof *transfer);
    if (!transfer) return NULL;
    CURL *easy = curl_easy_init();
    if (!easy) {
        free(transfer);
        return NULL;
    }
    transfer->easy = easy;
    transfer->context = context;
    transfer->body = body;
    transfer->end = end;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    if (options->unix_path) curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, options->unix_path);
    if (options->header) transfer->headers = curl_slist_append(NULL, options->header);
    if (transfer->headers) curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
    set(easy, CURLOPT_CAINFO, CURLOPT_CAINFO_BLOB, &options->authority);
    set(easy, CURLOPT_SSLCERT, CURLOPT_SSLCERT_BLOB, &options->certificate);
    set(easy, CURLOPT_SSLKEY, CURLOPT_SSLKEY_BLOB, &options->key);
    if (!options->checks_certificate) {
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 16384L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    if (curl_multi_add_handle(self->multi, easy) != CURLM_OK) {
        curl_easy_cleanup(easy);
        curl_slist_free_all(transfer->headers);
        free(transfer);
        return NULL;
    }
    transfer->next = self->first;
    if (self->first) self->first->previous = transfer;
    self->first = transfer;
    return transfer;
}

void cenginehttp_cancel(cenginehttp *self, cenginehttp_transfer *transfer) { drop(self, transfer); }

void cenginehttp_resume(cenginehttp_transfer *transfer) { curl_easy_pause(transfer->easy, CURLPAUSE_CONT); }

void cenginehttp_run(cenginehttp *self, int descriptor, int milliseconds) {
    struct curl_waitfd other = {.fd = descriptor, .events = CURL_WAIT_POLLIN};
    int running, left;
    curl_multi_poll(self->multi, &other, 1, milliseconds, NULL);
    curl_multi_perform(self->multi, &running);
    for (CURLMsg *message; (message = curl_multi_info_read(self->multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        cenginehttp_transfer *transfer = NULL;
        long status = 0;
        CURLcode result = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        const char *error = result == CURLE_OK ? NULL : transfer->error[0] ? transfer->error : curl_easy_strerror(result);
        cenginehttp_end end = transfer->end;
        void *context = transfer->context;
        // The text must outlive the transfer.
        char text[CURL_ERROR_SIZE] = "";
        if (error) snprintf(text, sizeof text, "%s", error);
        drop(self, transfer);
        end(context, status, error ? text : NULL);
    }
}
