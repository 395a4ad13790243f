// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import SQLite
internal import StoryTables

/// Runs commands one after another in the transaction that a connection has open.
struct CommandRunner {
    let connection: Connection
    let pendingEvents: PendingEvents

    /// Runs commands without savepoints, in each of which SQLite would copy every page that is changed. Says how many have changed
    /// something; `nil` where one was refused after it had, so that all must be taken back.
    func runTogether(_ batch: [Command]) throws(DatabaseError) -> Int? {
        var writes = 0
        for command in batch {
            let (wentWell, hasChanged) = try perform(command)
            guard wentWell || !hasChanged else { return nil }
            if hasChanged { writes += 1 }
        }
        return writes
    }

    /// Runs each command in a savepoint, and takes back what it did if it was refused. Says how many have changed something.
    func runApart(_ batch: [Command]) throws(DatabaseError) -> Int {
        var writes = 0
        for command in batch {
            try connection.run("SAVEPOINT command")
            let (wentWell, hasChanged) = try perform(command)
            if !wentWell { try connection.run("ROLLBACK TO command") }
            try connection.run("RELEASE command")
            if wentWell, hasChanged { writes += 1 }
        }
        return writes
    }

    /// What a refused command has to tell is forgotten.
    private func perform(_ command: Command) throws(DatabaseError) -> (wentWell: Bool, hasChanged: Bool) {
        let (before, told) = (connection.totalChanges, pendingEvents.count)
        let wentWell = command.perform(Transaction(connection, pendingEvents: pendingEvents))
        if !connection.isInTransaction {
            throw DatabaseError.transactionLost  // SQLite has rolled all of it back: a full disk, for one.
        }
        if !wentWell { pendingEvents.cut(to: told) }
        return (wentWell, connection.totalChanges != before)
    }
}

extension DatabaseError {
    /// SQLITE_FULL: the transaction was rolled back under a command that had its own error, which its caller gets.
    fileprivate static let transactionLost = DatabaseError(
        sqlite: 13, message: "the transaction was rolled back by the database")
}
