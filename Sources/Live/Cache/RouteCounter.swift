// SPDX-License-Identifier: Apache-2.0
package import HTTP
internal import Synchronization

/// What is counted of one route.
package final class RouteCounter: Sendable {
    /// Counts its responses, at the connection that sends them.
    package let meter: RouteMeter
    private let hitCount = Atomic<Int>(0)

    /// Counters at 0.
    package init(_ meter: RouteMeter) {
        self.meter = meter
    }

    /// A cache hit.
    func countHit() { hitCount.add(1, ordering: .relaxed) }

    /// Cache hits so far.
    package var hits: Int { hitCount.load(ordering: .relaxed) }
}
