import Synchronization

/// What one worker counts. Each has its own, so that two processors do not fight over a cache line.
final class Counters: Sendable {
    let acceptedConnections = Atomic<Int>(0)
    let refusedConnections = Atomic<Int>(0)
    let refusedShares = Atomic<Int>(0)
    let requests = Atomic<Int>(0)
    let failures = Atomic<Int>(0)
    let abandonedRequests = Atomic<Int>(0)
    let droppedReaders = Atomic<Int>(0)
    let bytesSent = Atomic<Int>(0)

    func add(to statistics: inout ServerStatistics) {
        statistics.acceptedConnections += acceptedConnections.load(ordering: .relaxed)
        statistics.refusedConnections += refusedConnections.load(ordering: .relaxed)
        statistics.refusedShares += refusedShares.load(ordering: .relaxed)
        statistics.requests += requests.load(ordering: .relaxed)
        statistics.failures += failures.load(ordering: .relaxed)
        statistics.abandonedRequests += abandonedRequests.load(ordering: .relaxed)
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
