#ifndef CEPOLL_H
#define CEPOLL_H

#include <sys/epoll.h>
#include <sys/eventfd.h>

/// How many processors this process may run on (the CPU_COUNT macro cannot be imported into Swift).
int cepoll_processor_count(void);

/// accept4, non-blocking and close-on-exec; `peer` is a sockaddr_storage. glibc shows accept4 only to
/// _GNU_SOURCE, which this header must not define: it would change the types that Swift's Glibc module has.
int cepoll_accept(int listener, void *peer, unsigned int *length);

/// recv and send without the check for a cancellation of the thread that glibc's own make at each call; nothing here cancels
/// threads. As those, they return -1 and set errno. A client that has gone raises no SIGPIPE.
long cepoll_receive(int socket, void *bytes, unsigned long count);
long cepoll_send(int socket, const void *bytes, unsigned long count);

#endif
