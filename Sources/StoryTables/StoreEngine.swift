// SPDX-License-Identifier: Apache-2.0
public import Stories

/// A database engine for the tables of a store: runs read and write transactions, independent of the schema.
public protocol StoreEngine: Sendable {
    /// Runs the body in a read-only transaction on a snapshot of the database.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result

    /// Runs the body in an exclusive write transaction; its result is on disk when this returns. If the body throws, its changes
    /// are rolled back.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result

    /// Erases the remains of deleted rows from the storage. Returns `false` if that is not done yet, because reads prevent it, or
    /// because it is the operator's task.
    func eraseTraces() async -> Bool

    /// Adds an observer of all commits and external writes.
    func observe(_ observer: @escaping @Sendable ([StoreEvent]) -> Void)

    /// The statistics so far, and the size of the storage. Thread-safe.
    var statistics: StoreStatistics { get }

    /// What the operator should know of the storage when a server starts, as sentences.
    var warnings: [String] { get }

    /// The preferred executor of tasks that read; `nil` if there is none.
    var executor: (any TaskExecutor)? { get }
}

extension StoreEngine {
    /// None.
    public var warnings: [String] { [] }
}
