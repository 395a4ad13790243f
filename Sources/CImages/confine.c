// SPDX-License-Identifier: Apache-2.0
// What the worker may do: a bug in a decoder must be worth nothing.
#define _GNU_SOURCE
#include "CImages.h"

#include <dirent.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "The filter of system calls knows x86-64 and AArch64 only."
#endif

// A sanitizer reserves terabytes of address space, and makes system calls of its own, some of them from a thread of its own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

#ifdef IS_SANITIZED
#define OTHERWISE (SECCOMP_RET_ERRNO | EPERM)
#else
#define OTHERWISE SECCOMP_RET_KILL_PROCESS
#endif

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define UNLESS_EQUAL_SKIP(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (count))
#define ALLOW(name) UNLESS_EQUAL_SKIP(__NR_##name, 1), RETURN(SECCOMP_RET_ALLOW)
#define REFUSE(name) UNLESS_EQUAL_SKIP(__NR_##name, 1), RETURN(SECCOMP_RET_ERRNO | EACCES)
// Unless the third argument asks for executable memory. Its upper half is not looked at: the kernel ignores it, too.
#define ALLOW_DATA(name) \
    UNLESS_EQUAL_SKIP(__NR_##name, 4), LOAD(args[2]), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), \
        RETURN(OTHERWISE), RETURN(SECCOMP_RET_ALLOW)

static struct sock_filter filter[] = {
    LOAD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
    RETURN(SECCOMP_RET_KILL_PROCESS),
    LOAD(nr),
    // Those of the x32 ABI have numbers from 0x40000000 on, and are on no line here.
    ALLOW(read),
    ALLOW(pread64),
    ALLOW(write),
    ALLOW(brk),
    ALLOW(munmap),
    ALLOW(mremap),
    ALLOW(madvise),
    ALLOW(futex),
    ALLOW(clock_gettime),
    ALLOW(gettimeofday),
    ALLOW(rt_sigreturn),
    // glibc's qsort asks how much memory there is.
    ALLOW(sysinfo),
    ALLOW(exit),
    ALLOW(exit_group),
#ifdef IS_SANITIZED
    ALLOW(sigaltstack),
    ALLOW(rt_sigprocmask),
    ALLOW(sched_yield),
    ALLOW(clock_nanosleep),
#endif
    // Of libraries that look for a file, such as that of the time zone; they do without.
    REFUSE(openat),
    ALLOW_DATA(mmap),
    // After ALLOW_DATA the accumulator holds the argument only where it returns.
    ALLOW_DATA(mprotect),
    RETURN(OTHERWISE),
};

int cimages_limits_memory(void) {
#ifdef IS_SANITIZED
    return 0;
#else
    return 1;
#endif
}

static int limit(int resource, uint64_t value) {
    struct rlimit bound = {value, value};
    return setrlimit((__rlimit_resource_t)resource, &bound);
}

/// Bytes of the address space that the program takes already, its libraries included; 0 if that is not known.
static uint64_t address_space(void) {
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    if (fscanf(file, "%llu", &pages) != 1) pages = 0;
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/// Should memory run out on the machine, this process is what the kernel ends, not the server.
static void volunteer(void) {
    FILE *file = fopen("/proc/self/oom_score_adj", "w");
    if (!file) return;
    fputs("1000", file);
    fclose(file);
}

static const char *set_limits(uint64_t memory, uint64_t seconds, uint64_t file_bytes) {
    // Beyond the soft limit SIGXCPU ends the process.
    struct rlimit time = {seconds, seconds + 1};
    if (cimages_limits_memory() && limit(RLIMIT_AS, address_space() + memory)) return "its address space cannot be limited";
    if (setrlimit(RLIMIT_CPU, &time)) return "its processor time cannot be limited";
    if (limit(RLIMIT_FSIZE, file_bytes)) return "the length of its files cannot be limited";
    if (limit(RLIMIT_CORE, 0)) return "its core dump cannot be prevented";
    // It keeps the descriptors that it has, and gets no other.
    if (limit(RLIMIT_NOFILE, 0)) return "its descriptors cannot be limited";
    return NULL;
}

/// Whether this is the only thread: the filter would not hold for others, which share its memory.
static int is_alone(void) {
#ifdef IS_SANITIZED
    return 1;
#else
    DIR *threads = opendir("/proc/self/task");
    if (!threads) return 0;
    int count = 0;
    while (readdir(threads)) count++;
    closedir(threads);
    // Beside "." and "..".
    return count == 3;
#endif
}

/// Waits until other threads have ended, for a tenth of a second at most. Returns whether they have.
static int await_threads(void) {
    struct timespec pause = {0, 2000000};
    for (int i = 0; i < 50; i++) {
        if (is_alone()) return 1;
        nanosleep(&pause, NULL);
    }
    return 0;
}

/// Returns 0, or something else. With `has_threads` all threads get the filter, or none does; not every service may call seccomp(2) for that.
static int install_filter(int has_threads) {
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (!has_threads) return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0;
}

const char *cimages_confine(uint64_t memory, uint64_t seconds, uint64_t file_bytes, int has_threads) {
    if (has_threads) has_threads = !await_threads();
    else if (!is_alone()) return "it has other threads";
    // Writing beyond the limit on the length of files then fails with EFBIG.
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR) return "SIGXFSZ cannot be ignored";
    volunteer();
    const char *failure = set_limits(memory, seconds, file_bytes);
    if (failure) return failure;
    // Should the server be gone, it ends by itself.
    alarm((unsigned int)seconds + 5);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)) return "it cannot be hidden from debuggers";
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return "it cannot be kept from gaining privileges";
    return install_filter(has_threads) ? "the filter of system calls cannot be installed" : NULL;
}
