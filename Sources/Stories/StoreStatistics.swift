/// What a store has done since it was opened, and how large it is.
public struct StoreStatistics: Hashable, Sendable {
    /// Writes that wait to be committed.
    public var waitingWrites = 0
    /// Writes that were committed.
    public var committedWrites = 0
    /// Commits that went well, each of one write or of several.
    public var commits = 0
    /// Commits that came to nothing.
    public var failedCommits = 0
    /// Seconds that commits took, most of them for syncing the disk.
    public var commitSeconds = 0.0
    /// Bytes of the storage.
    public var bytes = 0
    /// Bytes of what is on the way there.
    public var logBytes = 0

    /// The figures of a store that has done nothing yet.
    public init() {}
}
