// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char etag_mark[] = "{etag}";
static const char number_mark[] = "{a different number}"; // as long as the number, so that Content-Length holds

void fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    exit(1);
}

uint64_t now_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void raise_descriptor_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

// --- requests ---

// Removes the placeholder of the ETag from the request.
static void find_etag_mark(struct request *request) {
    char *mark = memmem(request->bytes, request->length, etag_mark, sizeof etag_mark - 1);
    request->etag_at = mark ? (size_t)(mark - request->bytes) : request->length;
    if (!mark) return;
    char *rest = mark + sizeof etag_mark - 1;
    memmove(mark, rest, (size_t)(request->bytes + request->length - rest));
    request->length -= sizeof etag_mark - 1;
}

// The placeholder of the number stays: each number is written over it.
static void find_number_mark(struct request *request) {
    const char *mark = memmem(request->bytes, request->length, number_mark, sizeof number_mark - 1);
    request->number_at = mark ? (size_t)(mark - request->bytes) : request->length;
}

struct request_list read_requests(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail("cannot read %s", path);
    struct request_list list = {0};
    size_t room = 0;
    struct request next;
    while (fscanf(file, "%d %ld %zu", &next.status, &next.body_length, &next.length) == 3) {
        if (list.count == room) {
            room = room ? room * 2 : 16;
            list.items = realloc(list.items, room * sizeof *list.items);
        }
        next.bytes = malloc(next.length);
        if (fgetc(file) != '\n' || fread(next.bytes, 1, next.length, file) != next.length)
            fail("%s is damaged", path);
        find_etag_mark(&next);
        find_number_mark(&next);
        list.items[list.count++] = next;
    }
    fclose(file);
    if (!list.count) fail("no request in %s", path);
    return list;
}

// --- connecting and sending ---

void client_connect(struct client *client, int port, size_t number) {
    const int yes = 1;
    const struct timeval patience = {.tv_sec = STALL_SECONDS};
    struct sockaddr_in address = {.sin_family = AF_INET};
    client->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->descriptor < 0) fail("no socket for connection %zu: %s", number + 1, strerror(errno));
    setsockopt(client->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    // Late port selection (IP_BIND_ADDRESS_NO_PORT): the same port can be used with other server addresses.
    setsockopt(client->descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    setsockopt(client->descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(number % 4));
    if (bind(client->descriptor, (struct sockaddr *)&address, sizeof address))
        fail("cannot bind connection %zu: %s", number + 1, strerror(errno));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    if (connect(client->descriptor, (struct sockaddr *)&address, sizeof address))
        fail("cannot connect connection %zu: %s", number + 1, strerror(errno));
}

static void send_all(int descriptor, const char *bytes, size_t length) {
    while (length) {
        ssize_t sent = send(descriptor, bytes, length, MSG_NOSIGNAL);
        if (sent < 0) fail("cannot send: %s", strerror(errno));
        bytes += sent;
        length -= (size_t)sent;
    }
}

// Starts at the current time, so that numbers are unique across rounds.
static void write_number(char *place) {
    static uint64_t number;
    char digits[sizeof number_mark];
    if (!number) number = now_nanoseconds();
    snprintf(digits, sizeof digits, "%020" PRIu64, number++);
    memcpy(place, digits, sizeof digits - 1);
}

void client_send(struct client *client, const struct request *request) {
    client->request = request;
    if (request->number_at < request->length) write_number(request->bytes + request->number_at);
    client->head_length = 0;
    client->in_body = false;
    if (request->etag_at == request->length) {
        send_all(client->descriptor, request->bytes, request->length);
        return;
    }
    char bytes[BUFFER_BYTES];
    const size_t etag = strlen(client->etag), rest = request->length - request->etag_at;
    if (request->length + etag > sizeof bytes) fail("the request is too long");
    memcpy(bytes, request->bytes, request->etag_at);
    memcpy(bytes + request->etag_at, client->etag, etag);
    memcpy(bytes + request->etag_at + etag, request->bytes + request->etag_at, rest);
    send_all(client->descriptor, bytes, request->length + etag);
}

// --- responses ---

size_t client_receive(struct client *client, char *buffer, size_t room) {
    ssize_t length = recv(client->descriptor, buffer, room, MSG_DONTWAIT);
    if (length > 0) return (size_t)length;
    if (length < 0 && errno == EAGAIN) return 0;
    fail("the server closed a connection%s%s", length < 0 ? ": " : "", length < 0 ? strerror(errno) : "");
}

const char *client_field(const struct client *client, const char *name) {
    const size_t length = strlen(name);
    const char *line = client->head;
    while ((line = strstr(line, "\r\n"))) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            line += length + 1;
            return line + strspn(line, " ");
        }
    }
    return NULL;
}

static void keep_etag(struct client *client) {
    const char *etag = client_field(client, "etag");
    if (!etag) fail("an answer without ETag");
    const size_t length = strcspn(etag, "\r");
    if (length >= sizeof client->etag) fail("the ETag is too long");
    memcpy(client->etag, etag, length);
    client->etag[length] = 0;
}

// The head is complete: checks the status and determines the length of the body.
static void begin_body(struct client *client) {
    const struct request *request = client->request;
    if (sscanf(client->head, "HTTP/1.1 %d", &client->status) != 1) fail("not an answer: %s", client->head);
    const bool expected = request->status ? client->status == request->status
                                          : client->status == 200 || client->status == 304;
    if (!expected) fail("%d instead of %d:\n%s", client->status, request->status, client->head);
    if (request->etag_at < request->length) keep_etag(client);
    client->in_body = true;
    client->body_length = 0;
    if (client->status != 304 && client->status != 204) {
        const char *length = client_field(client, "content-length");
        if (!length) fail("an answer without Content-Length:\n%s", client->head);
        client->body_length = atol(length);
    }
    if (request->body_length >= 0 && client->body_length != request->body_length)
        fail("a body of %ld bytes instead of %ld", client->body_length, request->body_length);
    client->body_left = client->body_length;
}

// Appends bytes to the head; returns how many belong to it.
static size_t take_head(struct client *client, const char *bytes, size_t length) {
    const size_t before = client->head_length, room = HEAD_BYTES - before;
    const size_t copied = length < room ? length : room;
    memcpy(client->head + before, bytes, copied);
    client->head[before + copied] = 0;
    const size_t from = before < 3 ? 0 : before - 3;
    char *end = memmem(client->head + from, before + copied - from, "\r\n\r\n", 4);
    if (!end) {
        if (copied < length || before + copied == HEAD_BYTES) fail("the head is too long:\n%s", client->head);
        client->head_length = before + copied;
        return length;
    }
    end[4] = 0;
    client->head_length = (size_t)(end + 4 - client->head);
    begin_body(client);
    return client->head_length - before;
}

enum progress client_take(struct client *client, const char *bytes, size_t length) {
    if (!client->in_body) {
        const size_t taken = take_head(client, bytes, length);
        length -= taken;
        if (!client->in_body) return MORE;
    }
    if ((long)length > client->body_left) fail("more bytes than the answer's length");
    client->body_left -= (long)length;
    return client->body_left ? MORE : ANSWERED;
}
