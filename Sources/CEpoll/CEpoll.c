// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CEpoll.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int cepoll_processor_count(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

int cepoll_accept(int listener, void *peer, unsigned int *length) {
    return accept4(listener, peer, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

long cepoll_receive(int socket, void *bytes, unsigned long count) {
    return syscall(SYS_recvfrom, socket, bytes, count, 0, (void *)0, (void *)0);
}

long cepoll_send(int socket, const void *bytes, unsigned long count) {
    return syscall(SYS_sendto, socket, bytes, count, MSG_NOSIGNAL, (void *)0, 0);
}

long cepoll_sendfile(int socket, int file, long offset, unsigned long count) {
    off_t position = offset;
    return sendfile(socket, file, &position, count);
}

static int unlinked_file(const char *folder) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/spool-XXXXXX", folder);
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int file = mkostemp(path, O_CLOEXEC);
    if (file >= 0 && unlink(path) != 0) {
        int reason = errno;
        close(file);
        errno = reason;
        return -1;
    }
    return file;
}

int cepoll_temporary_file(const char *folder) {
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    /* open(2): what file systems and kernels without O_TMPFILE report. */
    int is_missing = file < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL);
    return is_missing ? unlinked_file(folder) : file;
}

static void nothing(int signal) { (void)signal; }

void cepoll_survive_sigpipe(void) {
    struct sigaction present;
    if (sigaction(SIGPIPE, NULL, &present) != 0 || present.sa_handler != SIG_DFL) return;
    struct sigaction action = {.sa_handler = nothing, .sa_flags = SA_RESTART};
    sigaction(SIGPIPE, &action, NULL);
}
