// SPDX-License-Identifier: Apache-2.0
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <sys/socket.h>

/// The functions of libcurl 7.87 or newer that are used here, loaded at run time: a program that is linked to libcurl and to the libraries
/// that it brings starts later, also where it sends no request. Types and constants are those of <curl/curl.h>; each function has the name
/// and the meaning of libcurl's. Call none before `ccurl_load` has returned null.

/// Loads and initializes libcurl.so.4, once. Returns null, or the reason why it cannot be loaded.
const char *ccurl_load(void);

CURL *ccurl_easy_init(void);
CURLcode ccurl_easy_perform(CURL *handle);
void ccurl_easy_cleanup(CURL *handle);
const char *ccurl_easy_strerror(CURLcode code);

/// `curl_easy_setopt` by the type of the option's value.
CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
/// libcurl copies the string.
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
/// The value must live as long as the handle uses it.
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, const void *value);

/// Takes bytes of the response; returns how many it has taken. Any number other than `size * count` ends the transfer.
typedef size_t (*ccurl_receiver)(char *bytes, size_t size, size_t count, void *context);
CURLcode ccurl_set_receiver(CURL *handle, CURLoption function, CURLoption data, ccurl_receiver receiver, void *context);

/// Writes at most `size * count` bytes of the request's body to `bytes`; returns how many, 0 at the end, or CURL_READFUNC_ABORT.
typedef size_t (*ccurl_sender)(char *bytes, size_t size, size_t count, void *context);
CURLcode ccurl_set_sender(CURL *handle, ccurl_sender sender, void *context);

/// Decides on the very address that a connection is about to be made to; 0 refuses it.
typedef int (*ccurl_guard)(void *context, const struct sockaddr *address, unsigned int length);
/// What `ccurl_set_guard` takes; it must live as long as the handle.
typedef struct {
    ccurl_guard is_allowed;
    void *context;
} ccurl_guard_entry;
/// Has the guard asked before each socket is made. Sockets are closed in programs that this one executes.
CURLcode ccurl_set_guard(CURL *handle, ccurl_guard_entry *guard);

/// `CURLINFO_OS_ERRNO`: the `errno` of the last connection that could not be made, or 0.
long ccurl_os_errno(CURL *handle);

/// Appends a copy of the text; null if there is no memory.
struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text);
void ccurl_slist_free_all(struct curl_slist *list);

CURLU *ccurl_url(void);
CURLU *ccurl_url_dup(const CURLU *url);
void ccurl_url_cleanup(CURLU *url);
CURLUcode ccurl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags);
/// Sets `text` to a copy, which `ccurl_free` frees.
CURLUcode ccurl_url_get(const CURLU *url, CURLUPart part, char **text, unsigned int flags);
const char *ccurl_url_strerror(CURLUcode code);
void ccurl_free(void *text);

#endif
