// SPDX-License-Identifier: Apache-2.0
internal import Live
public import Stories
internal import Synchronization

/// Sends what is due in a queue, a few deliveries at a time. It looks when it is woken and once a second, and holds no writer up: what
/// it writes are commands like all others.
public final class DeliveryDispatcher<Queue: DeliveryQueue>: Sendable {
    private let queue: Queue
    private let policy: RetryPolicy
    private let limits: DeliveryLimits
    private let send: @Sendable (Queue.Item) async -> AttemptResult?
    private let onTrouble: @Sendable (StoryError.StorageTrouble) -> Void
    /// Made when it starts: Dispatch lets no timer go that was never activated.
    private let ticker = Mutex<Ticker?>(nil)
    private let state = Mutex(State())

    private struct State {
        var isLooking = false
        var mustLookAgain = false
        var isStopped = false
        /// Deliveries that are being sent, by target.
        var running: [Identifier: Int] = [:]
        var figures = DeliveryFigures()

        var runningCount: Int { running.values.reduce(0, +) }
    }

    /// Creates a dispatcher that is not started.
    ///
    /// - Parameters:
    ///   - onTrouble: called with failures of the storage; must not block.
    ///   - send: makes one attempt; `nil` if none could be made, for which it is not the receiver's fault: the delivery is due again when
    ///     its lease ends.
    public init(
        _ queue: Queue, policy: RetryPolicy = RetryPolicy(), limits: DeliveryLimits = DeliveryLimits(),
        onTrouble: @escaping @Sendable (StoryError.StorageTrouble) -> Void = { _ in },
        send: @escaping @Sendable (Queue.Item) async -> AttemptResult?
    ) {
        (self.queue, self.policy, self.limits, self.send) = (queue, policy, limits, send)
        self.onTrouble = onTrouble
    }

    /// Looks once a second from now on.
    public func start() {
        ticker.withLock { ticker in
            guard ticker == nil else { return }
            ticker = Ticker()
            ticker?.start { [weak self] in self?.wake() }
        }
    }

    /// Looks at the queue now, because something was added to it.
    public func wake() {
        let mustStart = state.withLock { state -> Bool in
            guard !state.isStopped else { return false }
            guard !state.isLooking else {
                state.mustLookAgain = true
                return false
            }
            state.isLooking = true
            return true
        }
        if mustStart { Task { await self.look() } }
    }

    /// Claims nothing more, and returns when all attempts have ended, or after this time.
    public func stop(within limit: Duration) async {
        state.withLock { $0.isStopped = true }
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end, state.withLock({ $0.isLooking || $0.runningCount > 0 }) {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Sends until nothing is due, and returns how many attempts were made. For tests, instead of ``start()``.
    @discardableResult
    public func sendDue() async throws(StoryError) -> Int {
        var count = 0
        while true {
            let items = try await queue.claim(
                limit: limits.atOnce, perTarget: limits.perTarget, running: [:],
                leaseMilliseconds: limits.leaseMilliseconds)
            guard !items.isEmpty else { return count }
            count += items.count
            await withTaskGroup(of: Void.self) { group in
                for item in items { group.addTask { await self.attempt(item) } }
            }
        }
    }

    /// Counters, and how many waited when it last looked.
    public var figures: DeliveryFigures { state.withLock { $0.figures } }

    // MARK: Sending

    private func look() async {
        repeat {
            do throws(StoryError) { try await claimDue() } catch { report(error) }
        } while state.withLock { state in
            defer { (state.isLooking, state.mustLookAgain) = (state.mustLookAgain, false) }
            return state.mustLookAgain && !state.isStopped
        }
        state.withLock { if $0.isStopped { $0.isLooking = false } }
    }

    /// Claims as much as may be sent now. A reader is asked first, as there is usually nothing to claim.
    private func claimDue() async throws(StoryError) {
        let waiting = try await queue.waiting()
        let (running, room) = state.withLock { state in
            state.figures.waiting = waiting.count
            return (state.running, state.isStopped ? 0 : limits.atOnce - state.runningCount)
        }
        guard room > 0, let due = waiting.nextDue, due <= queue.time else { return }
        let items = try await queue.claim(
            limit: room, perTarget: limits.perTarget, running: running,
            leaseMilliseconds: limits.leaseMilliseconds)
        state.withLock { state in
            for item in items { state.running[item.target, default: 0] += 1 }
        }
        for item in items {
            Task {
                await self.attempt(item)
                self.state.withLock { state in
                    let rest = (state.running[item.target] ?? 1) - 1
                    state.running[item.target] = rest > 0 ? rest : nil
                }
                self.wake()
            }
        }
    }

    private func attempt(_ item: Queue.Item) async {
        guard let result = await send(item) else { return }
        let outcome = policy.outcome(
            of: result, attempts: item.attempts, since: item.since, at: queue.time)
        state.withLock { $0.figures.count(outcome) }
        // If it cannot be recorded, the delivery is sent again with the same id when the lease ends.
        for _ in 0..<limits.recordings {
            do throws(StoryError) {
                return try await queue.finish(
                    item, outcome, retryWindowMilliseconds: policy.retryWindowMilliseconds)
            } catch {
                report(error)
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func report(_ error: StoryError) {
        if case .storage(let trouble) = error { onTrouble(trouble) }
    }
}

/// How much is sent at a time.
public struct DeliveryLimits: Hashable, Sendable {
    /// Attempts at a time.
    public var atOnce = 8
    /// Of them to one target, so that a slow one does not delay the others.
    public var perTarget = 2
    /// How long a claim holds: longer than an attempt and its recording.
    public var leaseMilliseconds: Int64 = 30_000
    /// So often the recording of an attempt is tried.
    public var recordings = 5

    /// The default limits.
    public init() {}
}

/// Counters of a dispatcher since it was created, and a gauge.
public struct DeliveryFigures: Hashable, Sendable {
    /// Attempts that receivers have taken.
    public var delivered = 0
    /// Attempts that have failed, and are made again.
    public var retried = 0
    /// Deliveries that are not tried again.
    public var abandoned = 0
    /// Gauge: deliveries that waited at the last look.
    public var waiting = 0

    /// All zero.
    public init() {}

    mutating func count(_ outcome: DeliveryOutcome) {
        switch outcome {
        case .delivered: delivered += 1
        case .retry: retried += 1
        case .abandoned, .gone: abandoned += 1
        }
    }
}
