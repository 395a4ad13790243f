import Synchronization

/// What one worker counts. Each has its own, so that two processors do not fight over a cache line.
final class Counters: Sendable {
    let acceptedConnections = Atomic<Int>(0)
    let refusedConnections = Atomic<Int>(0)
    let requests = Atomic<Int>(0)
    let failures = Atomic<Int>(0)
    let abandonedRequests = Atomic<Int>(0)
    let openStreams = Atomic<Int>(0)
    let parkedRequests = Atomic<Int>(0)
    let droppedReaders = Atomic<Int>(0)
    let bytesSent = Atomic<Int>(0)

    func add(to statistics: inout ServerStatistics) {
        statistics.acceptedConnections += acceptedConnections.load(ordering: .relaxed)
        statistics.refusedConnections += refusedConnections.load(ordering: .relaxed)
        statistics.requests += requests.load(ordering: .relaxed)
        statistics.failures += failures.load(ordering: .relaxed)
        statistics.abandonedRequests += abandonedRequests.load(ordering: .relaxed)
        statistics.openStreams += openStreams.load(ordering: .relaxed)
        statistics.parkedRequests += parkedRequests.load(ordering: .relaxed)
        statistics.droppedReaders += droppedReaders.load(ordering: .relaxed)
        statistics.bytesSent += bytesSent.load(ordering: .relaxed)
    }
}

extension Atomic<Int> {
    /// Adds to a count that only its worker changes, which needs no locked instruction.
    @inline(__always) func count(_ amount: Int = 1) {
        store(load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }
}

/// Open connections over all workers, for the limit holds for the whole server.
final class ConnectionCount: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    /// Counts one more; returns how many there are with it.
    func increment() -> Int { count.add(1, ordering: .relaxed).newValue }

    func decrement() { count.subtract(1, ordering: .relaxed) }
}

/// Bytes that are held for clients over all workers, for the limit holds for the whole server.
final class HeldMemory: Sendable {
    private let limit: Int
    private let bytes = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    var byteCount: Int { bytes.load(ordering: .relaxed) }

    /// Whether nothing more is to be held.
    var isFull: Bool { byteCount >= limit }

    /// Whether there is little room, after it was full.
    var isCrowded: Bool { byteCount >= limit / 4 * 3 }

    func change(by amount: Int) { bytes.add(amount, ordering: .relaxed) }
}
