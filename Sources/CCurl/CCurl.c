// SPDX-License-Identifier: Apache-2.0
// Without the macros that check the types of variadic arguments: these are calls through pointers.
#define CURL_DISABLE_TYPECHECK
#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

// Result type, name and parameters of each function of libcurl.
#define FUNCTIONS(F) \
    F(CURLcode, curl_global_init, (long)) \
    F(curl_version_info_data *, curl_version_info, (CURLversion)) \
    F(CURL *, curl_easy_init, (void)) \
    F(CURLcode, curl_easy_setopt, (CURL *, CURLoption, ...)) \
    F(CURLcode, curl_easy_perform, (CURL *)) \
    F(CURLcode, curl_easy_getinfo, (CURL *, CURLINFO, ...)) \
    F(void, curl_easy_cleanup, (CURL *)) \
    F(const char *, curl_easy_strerror, (CURLcode)) \
    F(struct curl_slist *, curl_slist_append, (struct curl_slist *, const char *)) \
    F(void, curl_slist_free_all, (struct curl_slist *)) \
    F(CURLU *, curl_url, (void)) \
    F(CURLU *, curl_url_dup, (const CURLU *)) \
    F(void, curl_url_cleanup, (CURLU *)) \
    F(CURLUcode, curl_url_set, (CURLU *, CURLUPart, const char *, unsigned int)) \
    F(CURLUcode, curl_url_get, (const CURLU *, CURLUPart, char **, unsigned int)) \
    F(const char *, curl_url_strerror, (CURLUcode)) \
    F(void, curl_free, (void *))

#define MEMBER(result, name, parameters) result(*name) parameters;
static struct { FUNCTIONS(MEMBER) } libcurl;

static const char *failure;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// The first version with all options that are set, CURLOPT_QUICK_EXIT being the latest.
enum { LEAST_VERSION = 0x075700 };

static void load(void) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        // The text of dlerror lasts until the next error of this thread.
        static char reason[256];
        const char *error = dlerror();
        snprintf(reason, sizeof reason, "%s", error ? error : "libcurl.so.4 cannot be loaded");
        failure = reason;
        return;
    }
#define FIND(result, name, parameters) \
    libcurl.name = (result(*) parameters)dlsym(library, #name); \
    if (!libcurl.name) failure = "libcurl.so.4 is older than version 7.87: it has no " #name;
    FUNCTIONS(FIND)
    if (failure) return;
    if (libcurl.curl_version_info(CURLVERSION_NOW)->version_num < LEAST_VERSION)
        failure = "libcurl.so.4 is older than version 7.87";
    else if (libcurl.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        failure = "libcurl.so.4 cannot be initialized";
}

const char *ccurl_load(void) {
    pthread_once(&once, load);
    return failure;
}

CURL *ccurl_easy_init(void) { return libcurl.curl_easy_init(); }
CURLcode ccurl_easy_perform(CURL *h) { return libcurl.curl_easy_perform(h); }
void ccurl_easy_cleanup(CURL *h) { libcurl.curl_easy_cleanup(h); }
const char *ccurl_easy_strerror(CURLcode code) { return libcurl.curl_easy_strerror(code); }

CURLcode ccurl_set_long(CURL *h, CURLoption option, long value) {
    return libcurl.curl_easy_setopt(h, option, value);
}

CURLcode ccurl_set_offset(CURL *h, CURLoption option, curl_off_t value) {
    return libcurl.curl_easy_setopt(h, option, value);
}

CURLcode ccurl_set_string(CURL *h, CURLoption option, const char *value) {
    return libcurl.curl_easy_setopt(h, option, value);
}

CURLcode ccurl_set_pointer(CURL *h, CURLoption option, const void *value) {
    return libcurl.curl_easy_setopt(h, option, value);
}

CURLcode ccurl_set_receiver(CURL *h, CURLoption function, CURLoption data, ccurl_receiver receiver, void *context) {
    CURLcode code = libcurl.curl_easy_setopt(h, function, receiver);
    return code ? code : libcurl.curl_easy_setopt(h, data, context);
}

CURLcode ccurl_set_sender(CURL *h, ccurl_sender sender, void *context) {
    CURLcode code = libcurl.curl_easy_setopt(h, CURLOPT_READFUNCTION, sender);
    return code ? code : libcurl.curl_easy_setopt(h, CURLOPT_READDATA, context);
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    const ccurl_guard_entry *guard = context;
    if (purpose != CURLSOCKTYPE_IPCXN) return CURL_SOCKET_BAD;
    if (!guard->is_allowed(guard->context, &address->addr, address->addrlen)) return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CURLcode ccurl_set_guard(CURL *h, ccurl_guard_entry *guard) {
    CURLcode code = libcurl.curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    return code ? code : libcurl.curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, guard);
}

long ccurl_os_errno(CURL *h) {
    long number = 0;
    return libcurl.curl_easy_getinfo(h, CURLINFO_OS_ERRNO, &number) == CURLE_OK ? number : 0;
}

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text) {
    return libcurl.curl_slist_append(list, text);
}

void ccurl_slist_free_all(struct curl_slist *list) { libcurl.curl_slist_free_all(list); }

CURLU *ccurl_url(void) { return libcurl.curl_url(); }
CURLU *ccurl_url_dup(const CURLU *url) { return libcurl.curl_url_dup(url); }
void ccurl_url_cleanup(CURLU *url) { libcurl.curl_url_cleanup(url); }

CURLUcode ccurl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags) {
    return libcurl.curl_url_set(url, part, text, flags);
}

CURLUcode ccurl_url_get(const CURLU *url, CURLUPart part, char **text, unsigned int flags) {
    return libcurl.curl_url_get(url, part, text, flags);
}

const char *ccurl_url_strerror(CURLUcode code) { return libcurl.curl_url_strerror(code); }
void ccurl_free(void *text) { libcurl.curl_free(text); }
