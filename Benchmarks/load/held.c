// SPDX-License-Identifier: Apache-2.0
// Requests that the server holds until a change is published: streams, or parked long polls.
//
// Reads commands from standard input; prints a line of JSON for each:
//   ask LENGTH\n<request>              every connection sends the request
//   publish MARK LENGTH\n<request>     publishes on a connection of its own, until every reader has the mark
#define _GNU_SOURCE
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS = 512, MARK_BYTES = 64, MOST_REQUEST_BYTES = 1 << 16 };

struct reader {
    struct client client;
    bool is_open;             // the head of its answer is there
    bool has_mark, is_done;
    uint64_t done_at;
    size_t tail_length;       // the last bytes that came, in which a mark may have begun
    char tail[MARK_BYTES];
};

static struct reader *readers;
static size_t reader_count, done_count;
static bool is_parked;        // answers that end, rather than streams
static char mark[MARK_BYTES];
static size_t mark_length;
static struct request asked;
static struct client publisher;
static uint64_t answered_at;  // when the publisher had its answer; 0 before
static bool is_publishing;
static int epoll, server_port;
static long received_bytes;

// --- input ---

// Whether the mark ends in these bytes. The buffer must have space before them for the previous tail.
static bool finds_mark(struct reader *reader, char *bytes, size_t length) {
    if (!mark_length) return false;
    char *start = bytes - reader->tail_length;
    memcpy(start, reader->tail, reader->tail_length);
    const size_t total = reader->tail_length + length;
    const bool found = memmem(start, total, mark, mark_length) != NULL;
    reader->tail_length = total < mark_length - 1 ? total : mark_length - 1;
    memcpy(reader->tail, start + total - reader->tail_length, reader->tail_length);
    return found;
}

static void note_done(struct reader *reader) {
    reader->is_done = true;
    reader->done_at = now_nanoseconds();
    done_count++;
}

static void open_stream(struct reader *reader, const char *bytes, size_t length) {
    struct client *client = &reader->client;
    if (client->head_length + length > HEAD_BYTES) fail("the head of a stream is too long");
    memcpy(client->head + client->head_length, bytes, length);
    client->head_length += length;
    client->head[client->head_length] = 0;
    if (!strstr(client->head, "\r\n\r\n")) return;
    const char *type = client_field(client, "content-type");
    if (strncmp(client->head, "HTTP/1.1 200", 12) || !type || strncmp(type, "text/event-stream", 17))
        fail("not a stream:\n%s", client->head);
    reader->is_open = true;
}

static void take_parked(struct reader *reader, const char *bytes, size_t length) {
    if (reader->is_done) fail("bytes after the answer to a long poll");
    if (client_take(&reader->client, bytes, length) == MORE) return;
    if (!reader->has_mark) fail("a long poll was answered without what was published");
    note_done(reader);
}

static void take(struct reader *reader, char *bytes, size_t length) {
    received_bytes += (long)length;
    if (!is_parked && !reader->is_open) {
        open_stream(reader, bytes, length);
        return;
    }
    if (is_parked && !is_publishing) fail("a long poll was answered before anything was published");
    const bool found = finds_mark(reader, bytes, length);
    if (found && !reader->has_mark) {
        reader->has_mark = true;
        if (!is_parked) note_done(reader);
    }
    if (is_parked) take_parked(reader, bytes, length);
}

static void take_publisher(const char *bytes, size_t length) {
    if (!is_publishing) fail("bytes after the answer to a publish");
    if (client_take(&publisher, bytes, length) == ANSWERED) answered_at = now_nanoseconds();
}

static void receive(void *source) {
    static char buffer[MARK_BYTES + BUFFER_BYTES];
    char *bytes = buffer + MARK_BYTES;
    struct reader *reader = source;
    const size_t length = client_receive(source == &publisher ? &publisher : &reader->client, bytes, BUFFER_BYTES);
    if (!length) return;
    if (source == &publisher) take_publisher(bytes, length);
    else take(reader, bytes, length);
}

// Handles available input; returns whether there is a command on standard input.
static bool handle_events(int milliseconds) {
    struct epoll_event events[EVENTS];
    const int found = epoll_wait(epoll, events, EVENTS, milliseconds);
    bool has_command = false;
    for (int i = 0; i < found; i++) {
        if (events[i].data.ptr) receive(events[i].data.ptr);
        else has_command = true;
    }
    return has_command;
}

// --- commands ---

static void read_exactly(char *bytes, size_t length) {
    while (length) {
        const ssize_t got = read(STDIN_FILENO, bytes, length);
        if (got <= 0) fail("the command broke off");
        bytes += got;
        length -= (size_t)got;
    }
}

// Reads a line byte by byte, so that nothing after it is consumed. False at end of file.
static bool read_line(char *line, size_t room) {
    size_t length = 0;
    while (read(STDIN_FILENO, line + length, 1) == 1) {
        if (line[length] == '\n') {
            line[length] = 0;
            return true;
        }
        if (++length == room) fail("the command is too long");
    }
    return false;
}

static void read_request(struct request *request, size_t length) {
    if (length > MOST_REQUEST_BYTES) fail("the request is too long");
    free(request->bytes);
    request->bytes = malloc(length);
    request->length = request->etag_at = request->number_at = length;
    request->body_length = -1;
    read_exactly(request->bytes, length);
}

static bool all_open(void) {
    for (size_t i = 0; i < reader_count; i++)
        if (!readers[i].is_open) return false;
    return true;
}

static void watch(int descriptor, void *source) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)) fail("cannot watch a descriptor");
}

// Connects only now: so many connections may take longer than the server lets one be idle.
static void ask(size_t length) {
    read_request(&asked, length);
    asked.status = 200;
    for (size_t i = 0; i < reader_count; i++) {
        if (!readers[i].client.descriptor) {
            client_connect(&readers[i].client, server_port, i);
            watch(readers[i].client.descriptor, &readers[i]);
        }
        client_send(&readers[i].client, &asked);
        readers[i].is_done = readers[i].has_mark = false;
        handle_events(0);
    }
    const uint64_t deadline = now_nanoseconds() + STALL_SECONDS * 1000000000ull;
    while (!is_parked && !all_open()) {
        handle_events(10);
        if (now_nanoseconds() > deadline) fail("not every stream was opened within %d seconds", STALL_SECONDS);
    }
    printf("{\"asked\": %zu}\n", reader_count);
}

static int compare_times(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void print_delivery(uint64_t sent_at) {
    double *after = malloc(reader_count * sizeof *after);
    for (size_t i = 0; i < reader_count; i++)
        after[i] = ((double)readers[i].done_at - (double)answered_at) / 1e6;
    qsort(after, reader_count, sizeof *after, compare_times);
    printf("{\"readers\": %zu, \"answer\": %.3f, \"median\": %.3f, \"last\": %.3f, \"bytes\": %ld}\n", reader_count,
           (double)(answered_at - sent_at) / 1e6, after[reader_count / 2], after[reader_count - 1], received_bytes);
    free(after);
}

static void publish(size_t length) {
    static struct request request;
    read_request(&request, length);
    request.status = 201;
    for (size_t i = 0; i < reader_count; i++) {
        readers[i].is_done = readers[i].has_mark = false;
        readers[i].tail_length = 0;
    }
    done_count = 0;
    received_bytes = 0;
    answered_at = 0;
    is_publishing = true;
    if (!publisher.descriptor) {
        client_connect(&publisher, server_port, 0);
        watch(publisher.descriptor, &publisher);
    }
    const uint64_t sent_at = now_nanoseconds();
    client_send(&publisher, &request);
    while (done_count < reader_count || !answered_at) {
        handle_events(100);
        if (now_nanoseconds() - sent_at > STALL_SECONDS * 1000000000ull)
            fail("%zu of %zu readers had what was published within %d seconds%s", done_count, reader_count,
                 STALL_SECONDS, answered_at ? "" : ", and the publisher no answer");
    }
    is_publishing = false;
    print_delivery(sent_at);
}

static bool obey(void) {
    char line[256];
    size_t length;
    if (!read_line(line, sizeof line)) return false;
    if (sscanf(line, "ask %zu", &length) == 1) {
        ask(length);
    } else if (sscanf(line, "publish %63s %zu", mark, &length) == 2) {
        mark_length = strlen(mark);
        publish(length);
    } else {
        fail("not a command: %s", line);
    }
    fflush(stdout);
    return true;
}

// --- main ---

int run_held(int argument_count, char **arguments) {
    if (argument_count != 3) fail("load streams|parked PORT READERS");
    server_port = atoi(arguments[1]);
    is_parked = strcmp(arguments[0], "parked") == 0;
    reader_count = (size_t)atol(arguments[2]);
    raise_descriptor_limit();
    epoll = epoll_create1(EPOLL_CLOEXEC);
    readers = calloc(reader_count, sizeof *readers);
    watch(STDIN_FILENO, NULL);
    printf("{\"readers\": %zu}\n", reader_count);
    fflush(stdout);
    while (true)
        if (handle_events(-1) && !obey()) return 0;
}
