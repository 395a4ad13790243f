// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Counters of one worker; one set each avoids contention for a cache line (false sharing).
final class Counters: Sendable {
    let acceptedConnections = Atomic<Int>(0)
    let refusedConnections = Atomic<Int>(0)
    let quotaRefusals = Atomic<Int>(0)
    let requests = Atomic<Int>(0)
    let failures = Atomic<Int>(0)
    let abandonedRequests = Atomic<Int>(0)
    let droppedReaders = Atomic<Int>(0)
    let bytesSent = Atomic<Int>(0)

    func add(to statistics: inout ServerStatistics) {
        statistics.acceptedConnections += acceptedConnections.load(ordering: .relaxed)
        statistics.refusedConnections += refusedConnections.load(ordering: .relaxed)
        statistics.quotaRefusals += quotaRefusals.load(ordering: .relaxed)
        statistics.requests += requests.load(ordering: .relaxed)
        statistics.failures += failures.load(ordering: .relaxed)
        statistics.abandonedRequests += abandonedRequests.load(ordering: .relaxed)
        statistics.droppedReaders += droppedReaders.load(ordering: .relaxed)
        statistics.bytesSent += bytesSent.load(ordering: .relaxed)
    }
}

extension Atomic<Int> {
    /// Adds to a counter with a single writer, its worker: a plain load and store, no locked instruction.
    @inline(__always) func count(_ amount: Int = 1) {
        store(load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }
}
