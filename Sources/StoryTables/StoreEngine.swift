// SPDX-License-Identifier: Apache-2.0
public import Stories

/// What keeps the tables of a store: how a transaction is read, written and made to last. Knows no noun of theirs.
public protocol StoreEngine: Sendable {
    /// Runs the body in a transaction that only reads, and sees one state of the database.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result

    /// Runs the body in a transaction, where no other writes meanwhile; its result is on disk when this returns. What a body that
    /// throws has done is taken back.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result

    /// Erases the traces that deleted rows have left in the storage. False where that is not done yet: where reads hold them, or
    /// where it is the operator's to do.
    func eraseTraces() async -> Bool

    /// Publishes every commit, and external writes, to the observer.
    func observe(_ observer: @escaping @Sendable ([StoreEvent]) -> Void)

    /// What was done so far, and how large the storage is. From any thread.
    var statistics: StoreStatistics { get }

    /// Where a task that reads runs best; `nil` where that makes no difference.
    var executor: (any TaskExecutor)? { get }
}
