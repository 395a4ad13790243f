// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "Confinement.h"
#include "CImages.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_to_pipe(int *ends) { return write(ends[1], "x", 1) == 1; }

static int map(int protection) {
    return mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static int make_code(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static int execute(void) {
    char *arguments[] = {"true", NULL};
    execv("/bin/true", arguments);
    return 0;
}

/// Bare system calls: after fork of a process with threads, little else may be called.
static int is_allowed(confinement_attempt attempt, int *ends) {
    switch (attempt) {
    case confinement_nothing: return 1;
    case confinement_write: return write_to_pipe(ends);
    case confinement_allocate: return map(PROT_READ | PROT_WRITE);
    case confinement_open: return open("/etc/passwd", O_RDONLY) >= 0;
    case confinement_create: return open("/tmp/confinement", O_WRONLY | O_CREAT, 0600) >= 0;
    case confinement_socket: return socket(AF_INET, SOCK_STREAM, 0) >= 0;
    case confinement_execute: return execute();
    case confinement_fork: return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0;
    case confinement_thread: return syscall(SYS_clone, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND, 0, 0, 0, 0) >= 0;
    case confinement_signal: return kill(getppid(), 0) == 0;
    case confinement_trace: return ptrace(PTRACE_TRACEME, 0, 0, 0) == 0;
    case confinement_map_code: return map(PROT_READ | PROT_EXEC);
    case confinement_make_code: return make_code();
    case confinement_duplicate: return dup(ends[1]) >= 0;
    }
    return 0;
}

enum { ALLOWED = 10, REFUSED = 11, NOT_CONFINED = 12 };

typedef struct {
    confinement_attempt attempt;
    int *ends;
} thread_attempt;

static void *await_and_try(void *context) {
    thread_attempt *thread = context;
    char byte;
    if (read(thread->ends[0], &byte, 1) != 1) _exit(NOT_CONFINED);
    _exit(is_allowed(thread->attempt, thread->ends) ? ALLOWED : REFUSED);
}

/// The attempt is that of a thread which was there before its process was confined.
static void try_in_thread(confinement_attempt attempt, int *ends) {
    thread_attempt context = {attempt, ends};
    pthread_t thread;
    if (pthread_create(&thread, NULL, await_and_try, &context)) _exit(NOT_CONFINED);
    if (cimages_confine(1 << 30, 10, 1 << 20, 1) || !write_to_pipe(ends)) _exit(NOT_CONFINED);
    pthread_join(thread, NULL);
}

int confinement_try(confinement_attempt attempt, int has_threads) {
    int ends[2];
    if (cimages_pipe(ends)) return -1;
    pid_t process = fork();
    if (process == 0) {
        if (has_threads) try_in_thread(attempt, ends);
        if (cimages_confine(1 << 30, 10, 1 << 20, 0)) _exit(NOT_CONFINED);
        _exit(is_allowed(attempt, ends) ? ALLOWED : REFUSED);
    }
    close(ends[0]);
    close(ends[1]);
    int status = 0;
    if (process < 0 || waitpid(process, &status, 0) < 0) return -1;
    if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGSYS ? 0 : -1;
    return WEXITSTATUS(status) == ALLOWED ? 1 : WEXITSTATUS(status) == REFUSED ? 0 : -1;
}
