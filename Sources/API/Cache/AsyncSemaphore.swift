internal import Synchronization

/// Lets a few do something at the same time; the others wait in the order in which they came.
final class AsyncSemaphore: Sendable {
    private let state: Mutex<State>
    /// Counts those who do it or wait for it, of several that share the gauge.
    private let gauge: Gauge?

    /// Tasks that hold a turn or wait for one; 0 when there are no requests.
    final class Gauge: Sendable {
        private let count = Atomic<Int>(0)
        var value: Int { count.load(ordering: .relaxed) }
        fileprivate func move(by amount: Int) { count.add(amount, ordering: .relaxed) }
    }

    private struct State {
        var free: Int
        var waiting: ArraySlice<CheckedContinuation<Void, Never>> = []
    }

    init(_ count: Int, gauge: Gauge? = nil) {
        state = Mutex(State(free: count))
        self.gauge = gauge
    }

    /// Does the work when it is its turn.
    func perform<Result, Failure>(
        _ work: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        gauge?.move(by: 1)
        await take()
        defer {
            give()
            gauge?.move(by: -1)
        }
        return try await work()
    }

    private func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    /// Hands the turn to the next, if there is one.
    private func give() {
        let next = state.withLock { state in
            let next = state.waiting.popFirst()
            if next == nil { state.free += 1 }
            return next
        }
        next?.resume()
    }
}
