// SPDX-License-Identifier: Apache-2.0
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void cimages_sink_open(cimages_sink *sink, int file) {
    sink->file = file;
    sink->error = 0;
    sink->used = 0;
}

static void write_all(cimages_sink *sink, const uint8_t *bytes, size_t count) {
    while (count > 0 && !sink->error) {
        ssize_t written = write(sink->file, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            sink->error = errno;
            return;
        }
        bytes += written;
        count -= (size_t)written;
    }
}

bool cimages_sink_flush(cimages_sink *sink) {
    write_all(sink, sink->buffer, sink->used);
    sink->used = 0;
    return !sink->error;
}

bool cimages_sink_write(cimages_sink *sink, const void *bytes, size_t count) {
    if (count > sizeof sink->buffer - sink->used && !cimages_sink_flush(sink)) return false;
    if (count > sizeof sink->buffer) {
        write_all(sink, bytes, count);
        return !sink->error;
    }
    memcpy(sink->buffer + sink->used, bytes, count);
    sink->used += count;
    return !sink->error;
}

int cimages_sink_failure(const cimages_sink *sink, cimages_failure *failure) {
    // The limit on the length of files.
    if (sink->error == EFBIG) return cimages_fail(failure, cimages_too_large, "A file made of the picture would be too long");
    failure->number = sink->error;
    return cimages_fail(failure, cimages_storage, "%s", "");
}
