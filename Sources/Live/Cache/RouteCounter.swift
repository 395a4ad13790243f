// SPDX-License-Identifier: Apache-2.0
package import HTTP
internal import Synchronization

/// The counters of one route.
package final class RouteCounter: Sendable {
    /// Counts the route's responses, on the connection that sends them.
    package let meter: RouteMeter
    private let hitCount = Atomic<Int>(0)

    /// Creates a counter with 0 hits.
    package init(_ meter: RouteMeter) {
        self.meter = meter
    }

    /// Counts a cache hit.
    func countHit() { hitCount.add(1, ordering: .relaxed) }

    /// Number of cache hits so far.
    package var hits: Int { hitCount.load(ordering: .relaxed) }
}
