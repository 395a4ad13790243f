// SPDX-License-Identifier: Apache-2.0
/// Counters and gauges of a store since it was opened.
public struct StoreStatistics: Hashable, Sendable {
    /// Gauge: writes queued for the next group commit.
    public var waitingWrites = 0
    /// Writes committed.
    public var committedWrites = 0
    /// Successful commits, each of one write or a group.
    public var commits = 0
    /// Failed commits.
    public var failedCommits = 0
    /// Total duration of commits in seconds, mostly fsync.
    public var commitSeconds = 0.0
    /// Gauge: size of the database in bytes.
    public var bytes = 0
    /// Gauge: size of the write-ahead log in bytes.
    public var logBytes = 0
    /// Gauge: seconds since this node last heard of the commits of other nodes; `nil` if there are no other nodes.
    public var followerLagSeconds: Double?

    /// All zero.
    public init() {}
}
