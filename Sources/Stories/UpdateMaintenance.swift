// SPDX-License-Identifier: Apache-2.0
/// Periodic maintenance of updates.
public protocol UpdateMaintenance: Sendable {
    /// Publishes all due scheduled updates, in the order of their schedules; returns their number. Call it periodically.
    @discardableResult
    func publishDueUpdates() async throws(StoryError) -> Int

    /// Purges updates whose retention in the bin has ended, at most a batch, oldest deletion first; returns their number. Call it
    /// periodically.
    @discardableResult
    func emptyBin(olderThan time: BinTime, atMost count: Int) async throws(StoryError) -> Int

    /// Erases remains of taken-down text outside of rows, such as in the write-ahead log. Returns `false` if a long read prevents it;
    /// the remains are then erased as soon as that ends.
    @discardableResult
    func eraseTraces() async -> Bool
}
