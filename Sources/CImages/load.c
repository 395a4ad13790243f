// SPDX-License-Identifier: Apache-2.0
#include "internal.h"

#include <dlfcn.h>
#include <stdarg.h>

struct cimages_libraries cimages_lib;

static char failure_text[256];

static void *open_library(const char *file, const char *package) {
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        snprintf(failure_text, sizeof failure_text, "pictures need %s, which the package %s has: %s", file, package, dlerror());
    return library;
}

static void *find(void *library, const char *name, const char *package) {
    void *function = dlsym(library, name);
    if (!function) snprintf(failure_text, sizeof failure_text, "the library of %s is too old: it has no %s", package, name);
    return function;
}

#define FIND(result, name, parameters) \
    if (!(cimages_lib.name = (result(*) parameters)find(library, #name, package))) return false;
#define LIBRARY(function, file, name, FUNCTIONS) \
    static bool function(void) { \
        const char *package = name; \
        void *library = open_library(file, package); \
        if (!library) return false; \
        FUNCTIONS(FIND) \
        return true; \
    }
// The same library has two interfaces, of which Debian has the older.
#if JPEG_LIB_VERSION >= 80
LIBRARY(load_jpeg, "libjpeg.so.8", "libjpeg-turbo8 of Ubuntu", JPEG_FUNCTIONS)
#else
LIBRARY(load_jpeg, "libjpeg.so.62", "libjpeg62-turbo", JPEG_FUNCTIONS)
#endif
LIBRARY(load_png, "libpng16.so.16", "libpng16-16", PNG_FUNCTIONS)
LIBRARY(load_webp, "libwebp.so.7", "libwebp7", WEBP_FUNCTIONS)
LIBRARY(load_gif, "libgif.so.7", "libgif7", GIF_FUNCTIONS)
LIBRARY(load_cms, "liblcms2.so.2", "liblcms2-2", CMS_FUNCTIONS)

const char *cimages_load(void) {
    static bool is_loaded;
    if (!is_loaded) is_loaded = load_jpeg() && load_png() && load_webp() && load_gif() && load_cms();
    return is_loaded ? NULL : failure_text;
}

int cimages_fail(cimages_failure *failure, cimages_reason reason, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    failure->reason = reason;
    vsnprintf(failure->text, sizeof failure->text, format, arguments);
    va_end(arguments);
    return -1;
}

int cimages_fail_memory(cimages_failure *failure) {
    return cimages_fail(failure, cimages_too_large, "The picture needs more memory than it may have");
}
