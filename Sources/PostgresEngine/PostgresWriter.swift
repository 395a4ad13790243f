// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Dispatch
internal import Glibc
internal import Postgres
internal import Stories
internal import StoryTables

/// Commits batches of commands under the write lease (group commit). Confined to the command queue's dispatch queue.
final class PostgresWriter: BatchCommitter, @unchecked Sendable {
    private let connection: PostgresConnection
    private let queue: CommandQueue
    private let log: CommitLog
    private let clock: DatabaseClock
    private let pendingEvents = PendingEvents()
    /// Kept from one transaction to the next, as long as no other node commits between them.
    private let cache = WriterCache(defersWrites: true)
    /// The commit after which the cache is right, as long as it is the last one; `nil` after a failure.
    private var lastCommit: LogMark?

    /// For so long an answer to COMMIT is asked for after the connection was lost.
    private static let doubtLimit: Duration = .seconds(10)

    init(_ connection: PostgresConnection, queue: CommandQueue, log: CommitLog, clock: DatabaseClock) {
        (self.connection, self.queue, self.log, self.clock) = (connection, queue, log, clock)
    }

    /// Runs the commands in one transaction. There are no savepoints, each of which would cost the server more than the command: if one
    /// fails after writing, all are rolled back, and each runs in a transaction of its own.
    func commit(_ batch: [Command]) {
        dispatchPrecondition(condition: .onQueue(queue.queue))
        if batch.count > 1, attempt(batch) { return }
        for command in batch { _ = attempt([command]) }
    }

    /// How a transaction ended.
    private enum Ending {
        case committed(number: Int64, WriteLease)
        /// Nothing was written that a node keeps in memory, so the commit is not in the log and wakes no other node.
        case committedUnlogged
        /// Nothing was written, so there was nothing to commit.
        case unchanged
        /// A command failed after writing.
        case rolledBack
        case failed(StoryError)
    }

    /// Runs commands in a transaction, and finishes them. Returns `false`, with nothing done, if there are several and each has to run
    /// apart.
    private func attempt(_ batch: [Command]) -> Bool {
        let began = ContinuousClock.now
        let token = log.drawToken()
        var ending = transaction(batch, token)
        // A connection that has broken since its last use, for example by a fail-over, is made again.
        if case .failed(.storage(.unavailable)) = ending, !connection.isInTransaction {
            ending = transaction(batch, token)
        }
        let events = pendingEvents.take()
        switch ending {
        case .committed(let number, let lease):
            queue.note(batch.count, failed: false, took: began.duration(to: .now))
            log.publish(
                events, mark: LogMark(number: number, token: token), after: lease.records,
                wereLost: lease.wereLost || lease.isNewEpoch)
            for command in batch { command.finish(nil) }
        case .committedUnlogged:
            queue.note(batch.count, failed: false, took: began.duration(to: .now))
            log.abandon(token)
            for command in batch { command.finish(nil) }
        case .unchanged:
            log.abandon(token)
            for command in batch { command.finish(nil) }
        case .rolledBack:
            log.abandon(token)
            guard batch.count == 1 else { return false }
            // The command has its own error.
            for command in batch { command.finish(nil) }
        case .failed(let error):
            log.abandon(token)
            guard batch.count == 1 || !isOfOneCommand(error) else { return false }
            queue.note(batch.count, failed: true, took: began.duration(to: .now))
            for command in batch { command.finish(error) }
        }
        return true
    }

    /// Whether an error may be that of one statement, so that the other commands can still be done. Never for a commit in doubt, which
    /// may have done them.
    private func isOfOneCommand(_ error: StoryError) -> Bool {
        connection.isConnected && error != .storage(.busy) && error != .storage(.inDoubt)
    }

    private func transaction(_ batch: [Command], _ token: String) -> Ending {
        do throws(DatabaseError) {
            pendingEvents.cut(to: 0)
            let lease = try WriteLease(on: connection, known: log.known)
            clock.set(lease.time)
            if lease.last != lastCommit || lease.isNewEpoch { cache.clear() }
            // The cache is right again when all is done.
            lastCommit = nil
            let (before, openForms) = (writes, cache.openFormWrites)
            for command in batch {
                guard try perform(command) else {
                    try connection.run("ROLLBACK")
                    return .rolledBack
                }
            }
            guard writes > before || lease.isNewEpoch else {
                try connection.run("ROLLBACK")
                lastCommit = lease.last
                return .unchanged
            }
            let isOfOpenForms =
                writes - before == cache.openFormWrites - openForms && pendingEvents.count == 0
            if isOfOpenForms, !lease.isNewEpoch {
                let ending = try commitUnlogged()
                if case .committedUnlogged = ending { lastCommit = lease.last }
                return ending
            }
            try cache.writeDeferred(to: connection)
            let ending = try commit(lease, token)
            if case .committed(let number, _) = ending { lastCommit = LogMark(number: number, token: token) }
            return ending
        } catch {
            // If it fails, the connection is closed, and the server rolls back.
            try? connection.run("ROLLBACK")
            return .failed(StoryError(error))
        }
    }

    /// Writes so far, also those that were deferred.
    private var writes: Int { connection.writes + cache.deferrals }

    /// Runs a command. Returns `false` if it failed after writing.
    private func perform(_ command: Command) throws(DatabaseError) -> Bool {
        let (before, told) = (writes, pendingEvents.count)
        let wentWell = command.perform(Transaction(connection, pendingEvents: pendingEvents, cache: cache))
        if let failure = connection.failure { throw failure }
        if !wentWell {
            guard writes == before else { return false }
            pendingEvents.cut(to: told)
        }
        return true
    }

    private func commit(_ lease: WriteLease, _ token: String) throws(DatabaseError) -> Ending {
        let events = pendingEvents.events
        do throws(DatabaseError) {
            let number = try lease.commit(CommitChanges(events), token: token, on: connection)
            return .committed(number: number, lease)
        } catch {
            try? connection.run("ROLLBACK")
            guard error.code == .cannotOpen else { throw error }
            switch wasCommitted(token) {
            case true?: return .committed(number: lease.last.number + 1, lease)
            case false?: throw error
            case nil: return .failed(.storage(.inDoubt))
            }
        }
    }

    /// Commits without an entry in the log, which could tell whether the commit was done if its answer is lost.
    private func commitUnlogged() throws(DatabaseError) -> Ending {
        do throws(DatabaseError) {
            try connection.run("COMMIT")
            return .committedUnlogged
        } catch {
            try? connection.run("ROLLBACK")
            guard error.code == .cannotOpen else { throw error }
            return .failed(.storage(.inDoubt))
        }
    }

    /// Returns whether the commit with this token was done, after its answer was lost; `nil` if no server could be asked. The lease is
    /// taken for it, so that the former transaction is over.
    private func wasCommitted(_ token: String) -> Bool? {
        let began = ContinuousClock.now
        while began.duration(to: .now) < Self.doubtLimit {
            do throws(DatabaseError) {
                try connection.run("BEGIN")
                try connection.run("SELECT only_row FROM database_epoch FOR UPDATE")
                let found = try connection.first("SELECT 1 FROM commits WHERE token = ?", token) { _ in true }
                try connection.run("ROLLBACK")
                return found ?? false
            } catch {
                try? connection.run("ROLLBACK")
                usleep(100_000)
            }
        }
        return nil
    }
}
