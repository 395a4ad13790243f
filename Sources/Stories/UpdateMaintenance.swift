/// What becomes of updates when their time has come.
public protocol UpdateMaintenance: Sendable {
    /// Publishes every update whose time has come, in the order of their times; says how many. To be called regularly.
    @discardableResult
    func publishDueUpdates() async throws(StoryError) -> Int

    /// Erases updates that were deleted so long ago, at most so many, the oldest deletion first; says how many. To be called
    /// regularly.
    @discardableResult
    func emptyBin(olderThan time: BinTime, atMost count: Int) async throws(StoryError) -> Int
}
