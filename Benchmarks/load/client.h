// SPDX-License-Identifier: Apache-2.0
// A connection to the server under load, and the requests that it sends.
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HEAD_BYTES = 2048,    // of a response: far above what either server sends
    ETAG_BYTES = 128,
    BUFFER_BYTES = 1 << 16,
    STALL_SECONDS = 10,   // a round fails if no response arrives for this long
};

// A request as it is sent, and the expected response.
struct request {
    char *bytes;
    size_t length;
    int status;         // 0: 200 or 304
    long body_length;   // -1: any
    size_t etag_at;     // offset of the client's last ETag; length of the request if none
    size_t number_at;   // offset of a unique number; length of the request if none
};

struct request_list {
    struct request *items;
    size_t count;
};

struct client {
    int descriptor;
    int status;
    size_t head_length;
    bool in_body;
    long body_length, body_left;
    const struct request *request;
    uint64_t due;       // when the request was meant to go out, nanoseconds
    size_t flow;        // which flow it belongs to
    bool is_known;      // it has had an answer, so it has an ETag
    char etag[ETAG_BYTES];
    char head[HEAD_BYTES + 1];
};

enum progress { MORE, ANSWERED };

// Ends the program with a message on standard error: a partial measurement is worthless.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

uint64_t now_nanoseconds(void);

// Reads `path`: for each request a line "status body-length length" and then `length` bytes.
struct request_list read_requests(const char *path);

// Connects to 127.0.0.1 from one of several source addresses, to avoid port exhaustion.
void client_connect(struct client *client, int port, size_t number);

void client_send(struct client *client, const struct request *request);

// Parses received bytes. Fails on anything but the expected response.
enum progress client_take(struct client *client, const char *bytes, size_t length);

// Reads available bytes into `buffer`, 0 if there are none; fails if the server has closed.
size_t client_receive(struct client *client, char *buffer, size_t room);

// The value of a header field in a complete head; NULL if there is none.
const char *client_field(const struct client *client, const char *name);

void raise_descriptor_limit(void);

int run_flows(int argument_count, char **arguments);
int run_held(int argument_count, char **arguments);

#endif
