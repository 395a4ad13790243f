// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>

/// A file of the repository as it was when the program was built.
struct resource {
    /// Its path from the root of the repository.
    const char *path;
    const unsigned char *bytes;
    size_t length;
};

/// Every embedded file, ordered by path. Static memory.
const struct resource *resource_table(void);
size_t resource_count(void);
