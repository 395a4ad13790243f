// SPDX-License-Identifier: Apache-2.0
#ifndef CPOSTGRES_H
#define CPOSTGRES_H

/// The functions of libpq 14 or newer that are used here, loaded at run time: a program that is linked to libpq starts 6 ms later and
/// takes 6 MB more, also where it never connects. Each has the name and the meaning of libpq's, without the prefix PQ.

typedef struct pg_conn cpostgres_connection;
typedef struct pg_result cpostgres_result;

/// Loads libpq.so.5, once. Returns null, or the reason why it cannot be loaded.
const char *cpostgres_load(void);

// ConnStatusType, PGTransactionStatusType and ExecStatusType, whose values are part of libpq's ABI.
enum { CPOSTGRES_OK = 0 };
enum { CPOSTGRES_IDLE = 0, CPOSTGRES_ACTIVE = 1, CPOSTGRES_IN_TRANSACTION = 2, CPOSTGRES_IN_ERROR = 3, CPOSTGRES_UNKNOWN = 4 };
enum {
    CPOSTGRES_COMMAND_OK = 1,
    CPOSTGRES_TUPLES_OK = 2,
    CPOSTGRES_FATAL_ERROR = 7,
    CPOSTGRES_PIPELINE_SYNC = 10,
    CPOSTGRES_PIPELINE_ABORTED = 11,
};
/// PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY.
enum { CPOSTGRES_SQLSTATE = 'C', CPOSTGRES_MESSAGE = 'M' };

/// Connects with parameters; both lists end with null. Notices of the server are discarded.
cpostgres_connection *cpostgres_connect(const char *const *names, const char *const *values);
void cpostgres_finish(cpostgres_connection *connection);
int cpostgres_status(const cpostgres_connection *connection);
int cpostgres_transaction_status(const cpostgres_connection *connection);
const char *cpostgres_error_message(const cpostgres_connection *connection);
int cpostgres_socket(const cpostgres_connection *connection);
int cpostgres_server_version(const cpostgres_connection *connection);

int cpostgres_set_nonblocking(cpostgres_connection *connection, int is_nonblocking);
int cpostgres_enter_pipeline_mode(cpostgres_connection *connection);
int cpostgres_exit_pipeline_mode(cpostgres_connection *connection);
int cpostgres_pipeline_sync(cpostgres_connection *connection);
int cpostgres_flush(cpostgres_connection *connection);
int cpostgres_consume_input(cpostgres_connection *connection);

cpostgres_result *cpostgres_exec(cpostgres_connection *connection, const char *script);
int cpostgres_send_prepare(
    cpostgres_connection *connection, const char *name, const char *sql, int count, const unsigned int *types);
/// Parameters and results are binary.
int cpostgres_send_prepared(
    cpostgres_connection *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats);
int cpostgres_send_params(
    cpostgres_connection *connection, const char *sql, int count, const unsigned int *types, const char *const *values,
    const int *lengths, const int *formats);

cpostgres_result *cpostgres_get_result(cpostgres_connection *connection);
void cpostgres_clear(cpostgres_result *result);
int cpostgres_result_status(const cpostgres_result *result);
const char *cpostgres_result_error_field(const cpostgres_result *result, int field);
const char *cpostgres_result_error_message(const cpostgres_result *result);
int cpostgres_rows(const cpostgres_result *result);
unsigned int cpostgres_type(const cpostgres_result *result, int column);
int cpostgres_is_null(const cpostgres_result *result, int row, int column);
const char *cpostgres_value(const cpostgres_result *result, int row, int column);
int cpostgres_length(const cpostgres_result *result, int row, int column);
/// Number of rows that a statement has changed, as decimal digits; empty for others.
const char *cpostgres_changed_rows(cpostgres_result *result);
/// Takes the next notification that was received, and copies as much of its payload as `size` bytes hold, with a null byte at the end.
/// Returns whether there was one.
int cpostgres_take_notification(cpostgres_connection *connection, char *payload, int size);

#endif
