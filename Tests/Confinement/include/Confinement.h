// SPDX-License-Identifier: Apache-2.0
#ifndef CONFINEMENT_H
#define CONFINEMENT_H

/// What a confined process tries to do.
typedef enum {
    confinement_nothing,
    confinement_write,
    confinement_allocate,
    confinement_open,
    confinement_create,
    confinement_socket,
    confinement_execute,
    confinement_fork,
    confinement_thread,
    confinement_signal,
    confinement_trace,
    confinement_map_code,
    confinement_make_code,
    confinement_duplicate,
} confinement_attempt;

/// Tries it in a process of its own, confined as the image worker is, with `has_threads` in a thread that it had before. Returns 1 if it was
/// allowed, 0 if it failed or the process was ended for it by SIGSYS, and -1 if the process could not be confined, or ended in any other way.
int confinement_try(confinement_attempt attempt, int has_threads);

#endif
