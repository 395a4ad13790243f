// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Glibc
internal import SQLite

/// Tells this process's own commits from those of others, and its file from an older state of the same file.
///
/// A cursor is a number of one life of the database. If a backup is put in place of the file, its numbers will be given
/// a second time, so it needs a new epoch, however it got there. Each life therefore has a session, and servers count
/// their transactions in the file; the lock file keeps both for the time when no server runs. Fewer commits than were seen
/// last, or another session: another life. Commands do not count: what they make has numbers of its own.
///
/// Belongs to the writer's queue.
struct DatabaseEpoch {
    /// `nil` for a command, which leaves judging to the server.
    private var session: Int64?
    private let lock: LockFile?
    private var commits: Int64 = 0
    /// What the transaction at hand has found in the file.
    private var foundCommits: Int64?
    /// What SQLite says of the file: it moves when another connection has committed.
    private var dataVersion: Int64 = 0
    /// Whether others have written since the last commit of ours.
    private(set) var sawExternalWrite = false

    /// Begins or resumes the epoch of the file, in a transaction of its own.
    init(_ connection: Connection, lock: LockFile?, at milliseconds: Int64) throws(DatabaseError) {
        self.lock = lock
        try connection.run("BEGIN IMMEDIATE")
        try connection.run(
            "INSERT INTO database_epoch (only_row, epoch, created_at) VALUES (1, ?, ?) ON CONFLICT DO NOTHING",
            Self.newEpoch, milliseconds)
        if let lock { session = try Self.takeUp(connection, known: lock.mark) }
        commits = try Self.mark(in: connection).commits
        try connection.run("COMMIT")
        dataVersion = try Self.dataVersion(of: connection)
        if let session { lock?.begin(CommitMark(session: session, commits: commits)) }
    }

    /// The session of the file's life; of a new one where the file is not what was seen last.
    private static func takeUp(_ connection: Connection, known: CommitMark?) throws(DatabaseError) -> Int64 {
        let found = try mark(in: connection)
        if let known, found.session == known.session, found.commits >= known.commits {
            return found.session
        }
        // A file that no server has had yet is in its first life, and keeps its epoch.
        if found.session != 0 || known != nil { try drawEpoch(connection) }
        let session = Int64.random(in: 1 ... .max)
        try connection.run("UPDATE database_epoch SET session = ?", session)
        return session
    }

    /// Whether another connection has committed since the last look.
    func hasForeignCommits(_ connection: Connection) throws(DatabaseError) -> Bool {
        if sawExternalWrite { return true }
        return try Self.dataVersion(of: connection) != dataVersion
    }

    /// To be called in each transaction before all else: notices what others did to the file.
    mutating func look(at connection: Connection) throws(DatabaseError) {
        guard try hasForeignCommits(connection) else { return }
        sawExternalWrite = true
        dataVersion = try Self.dataVersion(of: connection)
        let found = try Self.mark(in: connection)
        if let session, found.session != session || found.commits < commits {
            try Self.drawEpoch(connection)
            try connection.run("UPDATE database_epoch SET session = ?", session)
        }
        // Believed only when the transaction is committed: until then the next look must see the same.
        foundCommits = found.commits
    }

    /// Another file was opened in place of the one that this knew.
    mutating func fileWasReplaced() {
        sawExternalWrite = true
    }

    /// To be called in each transaction that has written, before it is committed.
    func count(in connection: Connection) throws(DatabaseError) {
        guard session != nil else { return }
        try connection.run("UPDATE database_epoch SET commits = commits + 1")
    }

    /// The transaction is committed. The word for the next server need not be on disk: an older word lets an older state pass
    /// only where both came with the same loss of power.
    mutating func wasCommitted(counted: Bool) {
        sawExternalWrite = false
        // What the file holds may be damaged.
        commits = (foundCommits ?? commits) &+ (counted ? 1 : 0)
        foundCommits = nil
        if let session, counted { lock?.write(CommitMark(session: session, commits: commits)) }
    }

    /// Commits a transaction in which nothing else was done. It must change something: SQLite writes no page that stays as it was.
    mutating func commitAlone(on connection: Connection) throws(DatabaseError) {
        try connection.run("UPDATE database_epoch SET commits = commits + 1")
        try connection.run("COMMIT")
        commits &+= 1
        if let session { lock?.write(CommitMark(session: session, commits: commits)) }
    }

    /// Ends the life of a file that no server has open: the next one that opens it finds another.
    static func beginAnew(_ connection: Connection) throws(DatabaseError) {
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

/// How far a database has come, and under which server.
struct CommitMark: Equatable {
    var session: Int64
    var commits: Int64
}
