// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import SQLite
internal import StoryTables

/// Runs commands one after another in a connection's open transaction.
struct CommandRunner {
    let connection: Connection
    let pendingEvents: PendingEvents
    let cache: WriterCache

    /// Runs commands without savepoints, in each of which SQLite would copy every changed page. Returns how many changed something;
    /// `nil` if one failed after changing something, so that all must be rolled back.
    func runTogether(_ batch: [Command]) throws(DatabaseError) -> Int? {
        var writes = 0
        for command in batch {
            let (wentWell, hasChanged) = try perform(command)
            guard wentWell || !hasChanged else { return nil }
            if hasChanged { writes += 1 }
        }
        return writes
    }

    /// Runs each command in a savepoint, and rolls back those that fail. Returns how many changed something.
    func runApart(_ batch: [Command]) throws(DatabaseError) -> Int {
        var writes = 0
        for command in batch {
            try connection.run("SAVEPOINT command")
            let (wentWell, hasChanged) = try perform(command)
            if !wentWell {
                try connection.run("ROLLBACK TO command")
                cache.clear()
            }
            try connection.run("RELEASE command")
            if wentWell, hasChanged { writes += 1 }
        }
        return writes
    }

    /// Runs a command; drops its events if it fails.
    private func perform(_ command: Command) throws(DatabaseError) -> (wentWell: Bool, hasChanged: Bool) {
        let (before, told) = (connection.totalChanges, pendingEvents.count)
        let wentWell = command.perform(Transaction(connection, pendingEvents: pendingEvents, cache: cache))
        if !connection.isInTransaction {
            throw DatabaseError.transactionLost  // SQLite has rolled it back, e.g. on a full disk.
        }
        if !wentWell { pendingEvents.cut(to: told) }
        return (wentWell, connection.totalChanges != before)
    }
}

extension DatabaseError {
    /// SQLITE_FULL: the transaction was rolled back during a command, whose caller gets the command's own error if it threw one.
    fileprivate static let transactionLost = DatabaseError(
        sqlite: 13, message: "the transaction was rolled back by the database")
}
