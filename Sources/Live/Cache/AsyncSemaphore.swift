// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// A counting semaphore for tasks. Tasks without a permit are suspended and resumed first in, first out.
package final class AsyncSemaphore: Sendable {
    private let state: Mutex<State>
    /// Counts the holders and the waiters of all semaphores that share the gauge.
    private let gauge: Gauge?

    /// Tasks that hold a permit or wait for one; 0 when there are no requests.
    package final class Gauge: Sendable {
        private let count = Atomic<Int>(0)

        /// Creates a gauge at 0.
        package init() {}

        /// The number of holders and waiters.
        package var value: Int { count.load(ordering: .relaxed) }

        fileprivate func move(by amount: Int) { count.add(amount, ordering: .relaxed) }
    }

    private struct State {
        var permits: Int
        var waiting: ArraySlice<CheckedContinuation<Void, Never>> = []
    }

    /// Creates a semaphore with `permits` permits.
    package init(_ permits: Int, gauge: Gauge? = nil) {
        state = Mutex(State(permits: permits))
        self.gauge = gauge
    }

    /// Runs `work` while holding a permit, and returns its result.
    package func withPermit<Result>(_ work: () async throws -> Result) async rethrows -> Result {
        gauge?.move(by: 1)
        await acquire()
        defer {
            release()
            gauge?.move(by: -1)
        }
        return try await work()
    }

    private func acquire() async {
        // Fast path: usually a permit is free, and nothing is suspended.
        if tryAcquire() { return }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.permits > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.permits -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private func tryAcquire() -> Bool {
        state.withLock { state in
            guard state.permits > 0 else { return false }
            state.permits -= 1
            return true
        }
    }

    /// Hands the permit to the next waiter, if there is one.
    private func release() {
        let next = state.withLock { state in
            let next = state.waiting.popFirst()
            if next == nil { state.permits += 1 }
            return next
        }
        next?.resume()
    }
}
