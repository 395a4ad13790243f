// SPDX-License-Identifier: Apache-2.0
// The load generator of the benchmark: one thread, epoll, HTTP/1.1 on loopback. See ../README.md for the reasons.
#include "client.h"

#include <string.h>

int main(int argument_count, char **arguments) {
    const char *kind = argument_count > 1 ? arguments[1] : "";
    if (strcmp(kind, "flows") == 0) return run_flows(argument_count - 2, arguments + 2);
    if (strcmp(kind, "streams") == 0 || strcmp(kind, "parked") == 0)
        return run_held(argument_count - 1, arguments + 1);
    fail("load flows PORT SECONDS FLOW... | load streams|parked PORT READERS");
}
