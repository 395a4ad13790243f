// SPDX-License-Identifier: Apache-2.0
internal import Live
public import Stories
internal import Synchronization

/// Sends what is due in a queue, a few deliveries at a time. It looks when it is woken and once a second, and holds no writer up: what
/// it writes are commands like all others.
public final class DeliveryDispatcher<Queue: DeliveryQueue>: Sendable {
    private let queue: Queue
    private let limits: DeliveryLimits
    private let attempt: @Sendable (Queue.Item) async -> Queue.Outcome?
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
    ///   - attempt: makes one attempt; `nil` if none could be made, for which it is not the receiver's fault: the delivery is due again when
    ///     its lease ends.
    public init(
        _ queue: Queue, limits: DeliveryLimits = DeliveryLimits(),
        onTrouble: @escaping @Sendable (StoryError.StorageTrouble) -> Void = { _ in },
        attempt: @escaping @Sendable (Queue.Item) async -> Queue.Outcome?
    ) {
        (self.queue, self.limits, self.attempt, self.onTrouble) = (queue, limits, attempt, onTrouble)
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
                for item in items { group.addTask { await self.makeAttempt(item) } }
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
                await self.makeAttempt(item)
                self.state.withLock { state in
                    let rest = (state.running[item.target] ?? 1) - 1
                    state.running[item.target] = rest > 0 ? rest : nil
                }
                self.wake()
            }
        }
    }

    private func makeAttempt(_ item: Queue.Item) async {
        guard let outcome = await attempt(item) else { return }
        state.withLock { $0.figures.add(outcome) }
        // If it cannot be recorded, the delivery is sent again with the same id when the lease ends.
        for _ in 0..<limits.recordings {
            do throws(StoryError) {
                return try await queue.finish(item, outcome)
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
    /// Subscriptions of which a push service says that they have ended.
    public var pruned = 0
    /// Gauge: deliveries that waited at the last look.
    public var waiting = 0

    /// All zero.
    public init() {}

    fileprivate mutating func add(_ outcome: some CountedOutcome) {
        let counts = outcome.counts
        delivered += counts.delivered
        retried += counts.retried
        abandoned += counts.abandoned
        pruned += counts.pruned
    }
}

extension DeliveryOutcome: CountedOutcome {
    /// One attempt.
    public var counts: DeliveryFigures {
        var counts = DeliveryFigures()
        switch self {
        case .delivered: counts.delivered = 1
        case .retry: counts.retried = 1
        case .abandoned, .gone: counts.abandoned = 1
        }
        return counts
    }
}

extension PushOutcome: CountedOutcome {
    /// One for each subscriber.
    public var counts: DeliveryFigures {
        var counts = DeliveryFigures()
        guard case .sent(let results) = self else { return counts }
        for result in results {
            switch result {
            case .sent: counts.delivered += 1
            case .retry: counts.retried += 1
            case .failed: counts.abandoned += 1
            case .gone: counts.pruned += 1
            }
        }
        return counts
    }
}
