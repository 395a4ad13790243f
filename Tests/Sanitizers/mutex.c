// SPDX-License-Identifier: Apache-2.0
// Tells ThreadSanitizer of Swift's Mutex, where that waits.
//
// The quick path of `Synchronization.Mutex` is compiled into our code, so the sanitizer sees it. The slow one, taken when
// another thread has the lock, is in a library that comes without instrumentation and hands the lock over in the kernel: to the
// sanitizer two threads then use what the lock guards without any order. This library is loaded before that one
// (LD_PRELOAD, see scripts/sanitize), calls the real functions, and says what they have done. Races of our own stay visible.
#include <dlfcn.h>
#include <stdint.h>

void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

#define SWIFT __attribute__((swiftcall))
#define SELF void *self __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF) {
    SWIFT void (*real)(uint32_t, SELF) = dlsym(RTLD_NEXT, LOCK);
    real(thread, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

SWIFT void unlock_slow(SELF) {
    SWIFT void (*real)(SELF) = dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(self);
    real(self);
}
