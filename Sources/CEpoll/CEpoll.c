#define _GNU_SOURCE
#include "CEpoll.h"
#include <sched.h>
#include <sys/socket.h>

int cepoll_processor_count(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

int cepoll_accept(int listener, void *peer, unsigned int *length) {
    return accept4(listener, peer, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
