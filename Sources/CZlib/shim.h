// SPDX-License-Identifier: Apache-2.0
#include <zlib.h>

// deflateInit2 is a macro, which Swift does not import. 15 + 16: the largest window, with a gzip wrapper.
static inline int czlib_gzip_begin(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
