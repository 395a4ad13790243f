// SPDX-License-Identifier: Apache-2.0
#ifndef CEPOLL_H
#define CEPOLL_H

#include <sys/epoll.h>
#include <sys/eventfd.h>

/// Number of processors in this process's CPU affinity mask (Swift cannot import the CPU_COUNT macro).
int cepoll_processor_count(void);

/// accept4, non-blocking and close-on-exec; `peer` is a sockaddr_storage. glibc declares accept4 only under
/// _GNU_SOURCE, which this header must not define: it would change types of Swift's Glibc module.
int cepoll_accept(int listener, void *peer, unsigned int *length);

/// recv and send as bare system calls: glibc's wrappers are thread cancellation points and check for that on each call, which is
/// not needed here. They return -1 and set errno. MSG_NOSIGNAL: no SIGPIPE after the peer has closed.
long cepoll_receive(int socket, void *bytes, unsigned long count);
long cepoll_send(int socket, const void *bytes, unsigned long count);

/// sendfile(2) from an offset, which leaves the file's own position alone. Returns -1 and sets errno. It may raise SIGPIPE: see
/// cepoll_survive_sigpipe.
long cepoll_sendfile(int socket, int file, long offset, unsigned long count);

/// Opens a file without a name in a folder, for reading and writing (O_TMPFILE, or mkostemp and unlink where the file system has not
/// got that). Returns -1 and sets errno.
int cepoll_temporary_file(const char *folder);

/// Keeps SIGPIPE from ending the process, unless its disposition was changed already: sendfile has no MSG_NOSIGNAL. A handler that
/// does nothing, not SIG_IGN, which programs started by this process would inherit.
void cepoll_survive_sigpipe(void);

#endif
