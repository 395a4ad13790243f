// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CImages.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <unistd.h>

/// Above those that the program gets, so that none is replaced before it was duplicated.
enum { FIRST_COPY = 64, MOST_DESCRIPTORS = 16 };

static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
    // Of its own group: a terminal's interrupt is for the server, which ends its workers itself.
    if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
    return error
        ? error
        : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
}

static int add_descriptors(posix_spawn_file_actions_t *actions, const int *copies, int count) {
    int error = 0;
    for (int i = 0; i < count && !error; i++)
        if (i != 2) error = posix_spawn_file_actions_adddup2(actions, copies[i], i);
    if (!error) error = posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0);
    return error ? error : posix_spawn_file_actions_addclosefrom_np(actions, count);
}

static int spawn(const char *path, char *const *arguments, const int *copies, int count, pid_t *process) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char *environment[] = {NULL};
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = set_attributes(&attributes);
        if (!error) error = add_descriptors(&actions, copies, count);
        if (!error) error = posix_spawn(process, path, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int cimages_spawn(const char *path, char *const *arguments, const int *descriptors, int count, pid_t *process) {
    if (count < 3 || count > MOST_DESCRIPTORS) return EINVAL;
    int copies[MOST_DESCRIPTORS], copied = 0, error = 0;
    for (; copied < count && !error; copied++) {
        copies[copied] = -1;
        if (copied == 2) continue;
        copies[copied] = fcntl(descriptors[copied], F_DUPFD_CLOEXEC, FIRST_COPY);
        if (copies[copied] < 0) error = errno;
    }
    if (!error) error = spawn(path, arguments, copies, count, process);
    for (int i = 0; i < copied; i++)
        if (copies[i] >= 0) close(copies[i]);
    return error;
}

int cimages_pipe(int *ends) { return pipe2(ends, O_CLOEXEC) ? errno : 0; }

int cimages_create(int folder, const char *name) {
    return openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
}

int cimages_create_in_memory(void) { return memfd_create("wireroom", MFD_CLOEXEC); }
