// SPDX-License-Identifier: Apache-2.0
#include "CPostgres.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

typedef cpostgres_connection C;
typedef cpostgres_result R;

// PGnotify, whose layout is part of libpq's ABI.
typedef struct {
    char *channel;
    int process;
    char *extra;
} Notification;

// Result type, name and parameters of each function of libpq.
#define FUNCTIONS(F) \
    F(C *, PQconnectdbParams, (const char *const *, const char *const *, int)) \
    F(void, PQfinish, (C *)) \
    F(int, PQstatus, (const C *)) \
    F(int, PQtransactionStatus, (const C *)) \
    F(const char *, PQerrorMessage, (const C *)) \
    F(int, PQsocket, (const C *)) \
    F(int, PQserverVersion, (const C *)) \
    F(void *, PQsetNoticeReceiver, (C *, void (*)(void *, const R *), void *)) \
    F(int, PQsetnonblocking, (C *, int)) \
    F(int, PQenterPipelineMode, (C *)) \
    F(int, PQexitPipelineMode, (C *)) \
    F(int, PQpipelineSync, (C *)) \
    F(int, PQflush, (C *)) \
    F(int, PQconsumeInput, (C *)) \
    F(R *, PQexec, (C *, const char *)) \
    F(int, PQsendPrepare, (C *, const char *, const char *, int, const unsigned int *)) \
    F(int, PQsendQueryPrepared, (C *, const char *, int, const char *const *, const int *, const int *, int)) \
    F(int, PQsendQueryParams, \
      (C *, const char *, int, const unsigned int *, const char *const *, const int *, const int *, int)) \
    F(R *, PQgetResult, (C *)) \
    F(void, PQclear, (R *)) \
    F(int, PQresultStatus, (const R *)) \
    F(const char *, PQresultErrorField, (const R *, int)) \
    F(const char *, PQresultErrorMessage, (const R *)) \
    F(int, PQntuples, (const R *)) \
    F(unsigned int, PQftype, (const R *, int)) \
    F(int, PQgetisnull, (const R *, int, int)) \
    F(const char *, PQgetvalue, (const R *, int, int)) \
    F(int, PQgetlength, (const R *, int, int)) \
    F(const char *, PQcmdTuples, (R *)) \
    F(Notification *, PQnotifies, (C *)) \
    F(void, PQfreemem, (void *))

#define MEMBER(result, name, parameters) result(*name) parameters;
static struct { FUNCTIONS(MEMBER) } libpq;

static const char *failure;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        failure = dlerror();
        if (!failure) failure = "libpq.so.5 cannot be loaded";
        return;
    }
#define FIND(result, name, parameters) \
    libpq.name = (result(*) parameters)dlsym(library, #name); \
    if (!libpq.name) failure = "libpq.so.5 is older than version 14: it has no " #name;
    FUNCTIONS(FIND)
}

const char *cpostgres_load(void) {
    pthread_once(&once, load);
    return failure;
}

static void discard(void *context, const R *notice) {}

C *cpostgres_connect(const char *const *names, const char *const *values) {
    C *connection = libpq.PQconnectdbParams(names, values, 1);
    if (connection) libpq.PQsetNoticeReceiver(connection, discard, NULL);
    return connection;
}

void cpostgres_finish(C *c) { libpq.PQfinish(c); }
int cpostgres_status(const C *c) { return libpq.PQstatus(c); }
int cpostgres_transaction_status(const C *c) { return libpq.PQtransactionStatus(c); }
const char *cpostgres_error_message(const C *c) { return libpq.PQerrorMessage(c); }
int cpostgres_socket(const C *c) { return libpq.PQsocket(c); }
int cpostgres_server_version(const C *c) { return libpq.PQserverVersion(c); }

int cpostgres_set_nonblocking(C *c, int is_nonblocking) { return libpq.PQsetnonblocking(c, is_nonblocking); }
int cpostgres_enter_pipeline_mode(C *c) { return libpq.PQenterPipelineMode(c); }
int cpostgres_exit_pipeline_mode(C *c) { return libpq.PQexitPipelineMode(c); }
int cpostgres_pipeline_sync(C *c) { return libpq.PQpipelineSync(c); }
int cpostgres_flush(C *c) { return libpq.PQflush(c); }
int cpostgres_consume_input(C *c) { return libpq.PQconsumeInput(c); }

R *cpostgres_exec(C *c, const char *script) { return libpq.PQexec(c, script); }

int cpostgres_send_prepare(C *c, const char *name, const char *sql, int count, const unsigned int *types) {
    return libpq.PQsendPrepare(c, name, sql, count, types);
}

int cpostgres_send_prepared(
    C *c, const char *name, int count, const char *const *values, const int *lengths, const int *formats) {
    return libpq.PQsendQueryPrepared(c, name, count, values, lengths, formats, 1);
}

int cpostgres_send_params(
    C *c, const char *sql, int count, const unsigned int *types, const char *const *values, const int *lengths,
    const int *formats) {
    return libpq.PQsendQueryParams(c, sql, count, types, values, lengths, formats, 1);
}

R *cpostgres_get_result(C *c) { return libpq.PQgetResult(c); }
void cpostgres_clear(R *r) { libpq.PQclear(r); }
int cpostgres_result_status(const R *r) { return libpq.PQresultStatus(r); }
const char *cpostgres_result_error_field(const R *r, int field) { return libpq.PQresultErrorField(r, field); }
const char *cpostgres_result_error_message(const R *r) { return libpq.PQresultErrorMessage(r); }
int cpostgres_rows(const R *r) { return libpq.PQntuples(r); }
unsigned int cpostgres_type(const R *r, int column) { return libpq.PQftype(r, column); }
int cpostgres_is_null(const R *r, int row, int column) { return libpq.PQgetisnull(r, row, column); }
const char *cpostgres_value(const R *r, int row, int column) { return libpq.PQgetvalue(r, row, column); }
int cpostgres_length(const R *r, int row, int column) { return libpq.PQgetlength(r, row, column); }
const char *cpostgres_changed_rows(R *r) { return libpq.PQcmdTuples(r); }

int cpostgres_take_notification(C *c, char *payload, int size) {
    Notification *notification = libpq.PQnotifies(c);
    if (!notification) return 0;
    snprintf(payload, size, "%s", notification->extra);
    libpq.PQfreemem(notification);
    return 1;
}
