// SPDX-License-Identifier: Apache-2.0
internal import Stories
internal import Synchronization

/// The time of the cluster: this node's clock, corrected by the database's, and never before the last commit known here. Clocks of nodes
/// differ, and times of publication order the feed.
final class DatabaseClock: Sendable {
    private let local: @Sendable () -> Timestamp
    private let offset = Atomic<Int64>(0)
    private let floor = Atomic<Int64>(0)

    private let isCorrected: Bool

    /// Creates a clock; if it is not `corrected`, it is just the local one.
    init(_ local: @escaping @Sendable () -> Timestamp, corrected: Bool) {
        (self.local, isCorrected) = (local, corrected)
    }

    /// The present time.
    var now: Timestamp {
        let corrected = local().milliseconds &+ offset.load(ordering: .relaxed)
        return Timestamp(milliseconds: max(corrected, floor.load(ordering: .relaxed)))
    }

    /// Sets the clock by the database's time in milliseconds since 1970. It is a moment old, so that small differences count for nothing.
    func set(_ time: Int64) {
        guard isCorrected else { return }
        let found = time &- local().milliseconds
        if abs(found &- offset.load(ordering: .relaxed)) > Self.tolerance {
            offset.store(found, ordering: .relaxed)
        }
        floor.max(time, ordering: .relaxed)
    }

    private static let tolerance: Int64 = 50
}
