#include "ccurl.h"

#include <string.h>

CURLcode ccurl_start(void) {
    return curl_global_init(CURL_GLOBAL_ALL);
}

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *list) {
    return curl_easy_setopt(handle, option, list);
}

CURLcode ccurl_set_blob(CURL *handle, CURLoption option, const void *start, size_t count) {
    struct curl_blob blob = {.data = (void *)start, .len = count, .flags = CURL_BLOB_COPY};
    return curl_easy_setopt(handle, option, start ? &blob : NULL);
}

CURLcode ccurl_set_body(CURL *handle, const void *start, size_t count) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_POST, 1L);
    // The size goes first: without it libcurl may measure the body with strlen.
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_POSTFIELDS, start);
    return code;
}

CURLcode ccurl_set_callbacks(CURL *handle, ccurl_receive body, ccurl_receive header, ccurl_progress progress,
                             void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, header);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    return code;
}

long ccurl_status(CURL *handle) {
    long status = 0;
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}

int ccurl_was_post(CURL *handle) {
    const char *method = NULL;
    return curl_easy_getinfo(handle, CURLINFO_EFFECTIVE_METHOD, &method) == CURLE_OK && method
        && strcmp(method, "POST") == 0;
}

curl_off_t ccurl_retry_after(CURL *handle) {
    curl_off_t seconds = 0;
    return curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK ? seconds : 0;
}

long ccurl_auth_basic(void) {
    return CURLAUTH_BASIC;
}

long ccurl_tls_versions(int minimum, int maximum) {
    static const long lowest[] = {CURL_SSLVERSION_DEFAULT, CURL_SSLVERSION_TLSv1_0, CURL_SSLVERSION_TLSv1_1,
                                  CURL_SSLVERSION_TLSv1_2, CURL_SSLVERSION_TLSv1_3};
    static const long highest[] = {CURL_SSLVERSION_MAX_DEFAULT, CURL_SSLVERSION_MAX_TLSv1_0,
                                   CURL_SSLVERSION_MAX_TLSv1_1, CURL_SSLVERSION_MAX_TLSv1_2,
                                   CURL_SSLVERSION_MAX_TLSv1_3};
    return lowest[minimum >= 0 && minimum <= 4 ? minimum : 0] | highest[maximum >= 0 && maximum <= 4 ? maximum : 0];
}
