// The variadic and macro parts of libcurl's easy interface, which Swift cannot call. Nothing here keeps state or
// blocks; return codes are libcurl's own.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stddef.h>

/// curl_global_init with everything; call it once, before the first handle.
CURLcode ccurl_start(void);

CURLcode ccurl_set_long(CURL *_Nonnull handle, CURLoption option, long value);
/// libcurl copies the string; NULL puts the option back to its default.
CURLcode ccurl_set_string(CURL *_Nonnull handle, CURLoption option, const char *_Nullable value);
/// libcurl does not copy the list: it must live until it is replaced or the handle is closed.
CURLcode ccurl_set_list(CURL *_Nonnull handle, CURLoption option, struct curl_slist *_Nullable list);
/// libcurl copies the bytes; a NULL start puts the option back to its default.
CURLcode ccurl_set_blob(CURL *_Nonnull handle, CURLoption option, const void *_Nullable start, size_t count);
/// Makes the next transfer a POST of these bytes, which must live until it has ended.
CURLcode ccurl_set_body(CURL *_Nonnull handle, const void *_Nullable start, size_t count);

/// Takes `size` times `count` bytes; answering anything but their number ends the transfer with CURLE_WRITE_ERROR.
typedef size_t (*ccurl_receive)(char *_Nullable start, size_t size, size_t count, void *_Nullable context);
/// Called about once a second and whenever bytes move; answering non-zero ends the transfer.
typedef int (*ccurl_progress)(void *_Nullable context, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                              curl_off_t up);

/// Who takes the body and the header lines and watches the transfer; all are called on the thread of curl_easy_perform.
CURLcode ccurl_set_callbacks(CURL *_Nonnull handle, ccurl_receive _Nonnull body, ccurl_receive _Nonnull header,
                             ccurl_progress _Nonnull progress, void *_Nullable context);

/// Status of the last answer; 0 if there was none.
long ccurl_status(CURL *_Nonnull handle);
/// Whether the last request was a POST; redirects may have made it a GET.
int ccurl_was_post(CURL *_Nonnull handle);
/// Seconds of the last answer's Retry-After, computed from its date if it gave one; 0 if there was none.
curl_off_t ccurl_retry_after(CURL *_Nonnull handle);
/// CURLAUTH_BASIC, a macro with a cast that Swift does not import.
long ccurl_auth_basic(void);
/// The value for CURLOPT_SSLVERSION. Versions are 0 (unset) or the minor number of TLS 1.x plus 1.
long ccurl_tls_versions(int minimum, int maximum);

#endif
