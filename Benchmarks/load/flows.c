// SPDX-License-Identifier: Apache-2.0
// Requests that are answered immediately: closed loop (as fast as responses arrive), or open loop (at a constant rate).
#define _GNU_SOURCE
#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

enum { SLOWEST_MICROSECONDS = 2000000, EVENTS = 128, MOST_FLOWS = 4 };

// Requests of one kind over connections of their own.
struct flow {
    const char *name;
    struct request_list requests;
    size_t connections;
    double interval;        // nanoseconds from one request to the next; 0: the next as soon as one is answered
    bool once;              // every request of the list once, then end
    struct client *clients;
    struct client **idle;   // a ring, so that every connection gets its turn
    size_t idle_first, idle_count;
    size_t sent, answered, timed, unchanged;
    long body_bytes;
    uint32_t *latencies;    // how often each number of microseconds was seen
};

static uint64_t begin, end;
static int epoll;

// --- connections of a flow ---

static void put_idle(struct flow *flow, struct client *client) {
    flow->idle[(flow->idle_first + flow->idle_count++) % flow->connections] = client;
}

static struct client *take_idle(struct flow *flow) {
    struct client *client = flow->idle[flow->idle_first];
    flow->idle_first = (flow->idle_first + 1) % flow->connections;
    flow->idle_count--;
    return client;
}

static void open_flow(struct flow *flow, size_t number, int port) {
    flow->clients = calloc(flow->connections, sizeof *flow->clients);
    flow->idle = calloc(flow->connections, sizeof *flow->idle);
    flow->latencies = calloc(SLOWEST_MICROSECONDS + 1, sizeof *flow->latencies);
    for (size_t i = 0; i < flow->connections; i++) {
        struct client *client = &flow->clients[i];
        client->flow = number;
        strcpy(client->etag, "\"none\"");
        client_connect(client, port, i);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
        epoll_ctl(epoll, EPOLL_CTL_ADD, client->descriptor, &event);
        put_idle(flow, client);
    }
}

// --- sending ---

// The scheduled time of the next request; past the end if there is none.
static uint64_t next_due(const struct flow *flow, uint64_t now) {
    if (flow->once) return flow->sent < flow->requests.count ? now : UINT64_MAX;
    const uint64_t due = flow->interval > 0 ? begin + (uint64_t)((double)flow->sent * flow->interval) : now;
    return due < end ? due : UINT64_MAX;
}

static void send_due(struct flow *flow) {
    while (flow->idle_count) {
        const uint64_t now = now_nanoseconds(), due = next_due(flow, now);
        if (due > now) return;
        struct client *client = take_idle(flow);
        client->due = due;
        client_send(client, &flow->requests.items[flow->sent++ % flow->requests.count]);
    }
}

// --- receiving ---

static void note_answer(struct flow *flow, struct client *client) {
    const uint64_t microseconds = (now_nanoseconds() - client->due) / 1000;
    // A reader's first poll fetches the page and its ETag; only later polls are measured.
    if (client->is_known || client->request->etag_at == client->request->length) {
        flow->latencies[microseconds < SLOWEST_MICROSECONDS ? microseconds : SLOWEST_MICROSECONDS]++;
        flow->timed++;
    }
    client->is_known = true;
    flow->answered++;
    flow->unchanged += client->status == 304;
    flow->body_bytes += client->body_length;
    put_idle(flow, client);
}

static void receive(struct flow *flows, struct client *client) {
    static char buffer[BUFFER_BYTES];
    const size_t length = client_receive(client, buffer, sizeof buffer);
    if (!length) return;
    if (!client->request) fail("bytes that nobody asked for");
    if (client_take(client, buffer, length) == MORE) return;
    note_answer(&flows[client->flow], client);
    client->request = NULL;
}

// --- the round ---

// Waits for responses, or until a flow's next request is due.
static void wait_and_receive(struct flow *flows, size_t count) {
    struct epoll_event events[EVENTS];
    const uint64_t now = now_nanoseconds();
    uint64_t wake = now + 100000000u;
    for (size_t i = 0; i < count; i++) {
        const uint64_t due = flows[i].idle_count ? next_due(&flows[i], now) : UINT64_MAX;
        if (due < wake) wake = due;
    }
    const uint64_t pause = wake > now ? wake - now : 0;
    const struct timespec patience = {.tv_nsec = (long)pause};
    const int found = epoll_pwait2(epoll, events, EVENTS, &patience, NULL);
    if (found < 0 && errno != EINTR) fail("epoll: %s", strerror(errno));
    for (int i = 0; i < found; i++) receive(flows, events[i].data.ptr);
}

static bool is_done(const struct flow *flows, size_t count, uint64_t now) {
    for (size_t i = 0; i < count; i++)
        if (flows[i].answered < flows[i].sent || next_due(&flows[i], now) != UINT64_MAX) return false;
    return true;
}

static void run(struct flow *flows, size_t count) {
    size_t answered = 0;
    uint64_t last_answer = now_nanoseconds();
    while (!is_done(flows, count, now_nanoseconds())) {
        for (size_t i = 0; i < count; i++) send_due(&flows[i]);
        wait_and_receive(flows, count);
        size_t total = 0;
        for (size_t i = 0; i < count; i++) total += flows[i].answered;
        if (total != answered) last_answer = now_nanoseconds();
        answered = total;
        if (now_nanoseconds() - last_answer > STALL_SECONDS * 1000000000ull)
            fail("no answer for %d seconds", STALL_SECONDS);
    }
}

// --- reporting ---

static double quantile_milliseconds(const struct flow *flow, double share) {
    const double wanted = share * (double)flow->timed;
    size_t seen = 0;
    for (size_t i = 0; i <= SLOWEST_MICROSECONDS; i++) {
        seen += flow->latencies[i];
        if (seen && (double)seen >= wanted) return (double)i / 1000;
    }
    return 0;
}

static void print_flow(const struct flow *flow, double seconds) {
    printf("\"%s\": {\"requests\": %zu, \"seconds\": %.6f, \"unchanged\": %zu, \"body_bytes\": %ld, ", flow->name,
           flow->answered, seconds, flow->unchanged, flow->body_bytes);
    printf("\"p50\": %.3f, \"p99\": %.3f, \"slowest\": %.3f}", quantile_milliseconds(flow, 0.5),
           quantile_milliseconds(flow, 0.99), quantile_milliseconds(flow, 1));
}

// "name:file:connections:rate"; rate 0: no pace, "once": every request once.
static struct flow read_flow(char *text) {
    struct flow flow = {.name = strsep(&text, ":")};
    const char *file = strsep(&text, ":"), *connections = strsep(&text, ":");
    if (!text) fail("a flow is name:file:connections:rate");
    flow.requests = read_requests(file);
    flow.connections = (size_t)atol(connections);
    flow.once = strcmp(text, "once") == 0;
    const double rate = flow.once ? 0 : atof(text);
    flow.interval = rate > 0 ? 1e9 / rate : 0;
    return flow;
}

int run_flows(int argument_count, char **arguments) {
    if (argument_count < 3 || argument_count - 2 > MOST_FLOWS) fail("load flows PORT SECONDS FLOW...");
    struct flow flows[MOST_FLOWS];
    const size_t count = (size_t)argument_count - 2;
    epoll = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < count; i++) {
        flows[i] = read_flow(arguments[i + 2]);
        open_flow(&flows[i], i, atoi(arguments[0]));
    }
    begin = now_nanoseconds();
    end = begin + (uint64_t)(atof(arguments[1]) * 1e9);
    run(flows, count);
    const double seconds = (double)(now_nanoseconds() - begin) / 1e9;
    for (size_t i = 0; i < count; i++) {
        printf(i ? ", " : "{");
        print_flow(&flows[i], seconds);
    }
    puts("}");
    return 0;
}
