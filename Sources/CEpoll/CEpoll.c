// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CEpoll.h"
#include <sched.h>
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
