// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Glibc
internal import SQLite

/// Distinguishes commits of this process from external ones, and the database from an older state of the same file.
///
/// A cursor is a sequence number within one incarnation of the database. If a backup replaces the file, sequence numbers are
/// assigned a second time, so a new epoch is needed, however the file got there. So each incarnation has a session, and servers
/// count their transactions in the file; the lock file keeps both between servers. Fewer commits than last seen, or another
/// session, mean another incarnation. Commands do not count: changes by them have sequence numbers of their own.
///
/// Confined to the writer's queue.
struct DatabaseEpoch {
    /// `nil` for a command, which leaves detection to the server.
    private var session: Int64?
    private let lock: LockFile?
    private var commits: Int64 = 0
    /// The commit count that the current transaction has read from the file.
    private var foundCommits: Int64?
    /// `PRAGMA data_version`, which changes when another connection has committed.
    private var dataVersion: Int64 = 0
    /// Whether there were external writes since the last commit of this process.
    private(set) var sawExternalWrite = false

    /// Begins or resumes the epoch of the file, in a separate transaction.
    init(_ connection: Connection, lock: LockFile?, at milliseconds: Int64) throws(DatabaseError) {
        self.lock = lock
        try connection.run("BEGIN IMMEDIATE")
        try connection.run(
            "INSERT INTO database_epoch (only_row, epoch, created_at) VALUES (1, ?, ?) ON CONFLICT DO NOTHING",
            Self.newEpoch, milliseconds)
        if let lock { session = try Self.resumeSession(connection, known: lock.mark) }
        commits = try Self.mark(in: connection).commits
        try connection.run("COMMIT")
        dataVersion = try Self.dataVersion(of: connection)
        if let session { lock?.begin(CommitMark(session: session, commits: commits)) }
    }

    /// Returns the session of the file; a new one, with a new epoch, if the file is not in the state last seen.
    private static func resumeSession(_ connection: Connection, known: CommitMark?) throws(DatabaseError)
        -> Int64
    {
        let found = try mark(in: connection)
        if let known, found.session == known.session, found.commits >= known.commits {
            return found.session
        }
        // A file that no server has opened yet is a first incarnation, and keeps its epoch.
        if found.session != 0 || known != nil { try drawEpoch(connection) }
        let session = Int64.random(in: 1 ... .max)
        try connection.run("UPDATE database_epoch SET session = ?", session)
        return session
    }

    /// Returns whether another connection has committed since the last look.
    func hasForeignCommits(_ connection: Connection) throws(DatabaseError) -> Bool {
        if sawExternalWrite { return true }
        return try Self.dataVersion(of: connection) != dataVersion
    }

    /// Detects external commits, and draws a new epoch if the file is an older state. Call it first in each transaction.
    mutating func look(at connection: Connection) throws(DatabaseError) {
        guard try hasForeignCommits(connection) else { return }
        sawExternalWrite = true
        dataVersion = try Self.dataVersion(of: connection)
        let found = try Self.mark(in: connection)
        if let session, found.session != session || found.commits < commits {
            try Self.drawEpoch(connection)
            try connection.run("UPDATE database_epoch SET session = ?", session)
        }
        // Stored in `commits` only after the commit: until then the next look must come to the same result.
        foundCommits = found.commits
    }

    /// Records that another file was opened in place of the known one.
    mutating func fileWasReplaced() {
        sawExternalWrite = true
    }

    /// Increments the commit count in the file. Call it in each transaction that has written, before the commit.
    func count(in connection: Connection) throws(DatabaseError) {
        guard session != nil else { return }
        try connection.run("UPDATE database_epoch SET commits = commits + 1")
    }

    /// Updates the state after a commit. The mark in the lock file is not synced: a stale mark could hide an older state of the
    /// database only if both resulted from the same power loss.
    mutating func wasCommitted(counted: Bool) {
        sawExternalWrite = false
        // Wraps around, as the stored count may be damaged.
        commits = (foundCommits ?? commits) &+ (counted ? 1 : 0)
        foundCommits = nil
        if let session, counted { lock?.write(CommitMark(session: session, commits: commits)) }
    }

    /// Commits a transaction that only increments the commit count: SQLite would write nothing if no page changed.
    mutating func commitAlone(on connection: Connection) throws(DatabaseError) {
        try connection.run("UPDATE database_epoch SET commits = commits + 1")
        try connection.run("COMMIT")
        commits &+= 1
        if let session { lock?.write(CommitMark(session: session, commits: commits)) }
    }

    /// Makes a file that no server has open a new incarnation: draws a new epoch, and resets session and commit count.
    static func beginIncarnation(_ connection: Connection) throws(DatabaseError) {
        try drawEpoch(connection)
        try connection.run("UPDATE database_epoch SET session = 0, commits = 0")
    }

    private static var newEpoch: Int64 { .random(in: .min ... .max) }

    private static func drawEpoch(_ connection: Connection) throws(DatabaseError) {
        try connection.run(
            """
            INSERT INTO database_epoch (only_row, epoch, created_at) VALUES (1, ?, unixepoch() * 1000)
            ON CONFLICT DO UPDATE SET epoch = excluded.epoch
            """, newEpoch)
    }

    private static func mark(in connection: Connection) throws(DatabaseError) -> CommitMark {
        try connection.first("SELECT session, commits FROM database_epoch") {
            CommitMark(session: $0.integer(), commits: $0.integer())
        } ?? CommitMark(session: 0, commits: 0)
    }

    private static func dataVersion(of connection: Connection) throws(DatabaseError) -> Int64 {
        try connection.first("PRAGMA data_version") { $0.integer() } ?? 0
    }
}

/// The session and commit count of a database.
struct CommitMark: Equatable {
    var session: Int64
    var commits: Int64
}
