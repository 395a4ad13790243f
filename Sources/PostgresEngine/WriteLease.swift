// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Postgres
internal import Stories

/// The right to write, which one node of the cluster has at a time: a lock on the row of `database_epoch`, held for a group commit. What
/// is read under it cannot change, so that reads that decide writes need no locks of their own, commits are numbered in their order, and
/// there are no deadlocks.
struct WriteLease {
    /// Milliseconds since 1970 by the database's clock, never before the last commit.
    let time: Int64
    /// The last commit; its token is empty if the history that this node knew is lost.
    let last: LogMark
    /// Commits after the last one that this node knew, in order.
    let records: [CommitRecord]
    /// Whether commits that this node knew were lost in a fail-over, or some that it did not know are no longer in the log.
    let wereLost: Bool
    /// Whether a new epoch was drawn, because the database has another history now.
    let isNewEpoch: Bool

    /// A holder that stands still loses its transaction after 5 s; who waits longer than 10 s gives up. What is acknowledged is on disk,
    /// whatever the role or the database is set to, except where a synchronous standby is asked for more. All that writes read has an index;
    /// a plan that was made while a table was small would read it whole for as long as the plan is kept. What cannot use an index costs so
    /// much by the planner's count then that it would be compiled, which takes longer than to run it.
    private static let settings = """
        SELECT set_config('idle_in_transaction_session_timeout', '5s', true), set_config('lock_timeout', '10s', true),
            set_config('statement_timeout', '30s', true), set_config('enable_seqscan', 'off', true),
            set_config('enable_bitmapscan', 'off', true), set_config('jit', 'off', true), set_config('synchronous_commit',
                CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN 'on'
                    ELSE current_setting('synchronous_commit') END, true)
        """

    /// The timeline that the server writes, which changes when a standby is promoted. Not that of `pg_control_checkpoint()`, which is the
    /// former one until the next checkpoint.
    static let timeline = "substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)"
    /// The cluster of the server, and the table in it: a dump that is restored makes another table, wherever it goes.
    static let system =
        "(SELECT system_identifier FROM pg_control_system()) || '/' || CAST('database_epoch' AS regclass)::oid"

    /// In a statement after the one that waits for the lock: that one's snapshot is from before the wait.
    private static let state = """
        SELECT e.timeline, e.system, \(timeline), \(system),
            CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT),
            (SELECT max(number) FROM commits), (SELECT max(at) FROM commits), c.number, c.token, c.changes
        FROM database_epoch AS e LEFT JOIN commits AS c ON c.number >= ? ORDER BY c.number
        """

    /// Begins a transaction and takes the lock: one round trip. `known` is the last commit that this node has published.
    init(on connection: PostgresConnection, known: LogMark) throws(DatabaseError) {
        try connection.run("BEGIN")
        try connection.run(Self.settings)
        try connection.run("SELECT only_row FROM database_epoch FOR UPDATE")
        var found: (stored: String, actual: String, clock: Int64, last: Int64, at: Int64)?
        let records = try connection.rows(Self.state, known.number) { row -> CommitRecord? in
            let (timeline, system) = (row.text(), row.text())
            let actual = row.text() + " " + row.text()
            found = ("\(timeline) \(system)", actual, row.integer(), row.integer(), row.integer())
            return row.optionalInteger().map {
                CommitRecord(
                    mark: LogMark(number: $0, token: row.text()), changes: CommitChanges(row.text()))
            }
        }.compactMap(\.self)
        guard let found else {
            throw DatabaseError(.corrupt, message: "the table database_epoch is empty", origin: "Wireroom")
        }
        time = max(found.clock, found.at)
        last = records.last?.mark ?? LogMark(number: found.last, token: "")
        self.records = records.filter { $0.mark.number > known.number }
        wereLost = !records.continue(known)
        isNewEpoch = found.stored != found.actual
        if isNewEpoch { try Self.drawEpoch(on: connection, actual: found.actual) }
    }

    /// Numbers are given again after a fail-over that has lost commits, and after a dump was restored: all former cursors are invalid.
    private static func drawEpoch(on connection: PostgresConnection, actual: String) throws(DatabaseError) {
        let parts = actual.split(separator: " ").map(String.init)  // ascii: written above
        try connection.run(
            "UPDATE database_epoch SET epoch = ?, timeline = ?, system = ?", Int64.random(in: .min ... .max),
            parts[0], parts[1])
    }

    /// Adds the commit to the log, tells other nodes to look there, and commits: one round trip.
    func commit(
        _ changes: CommitChanges, token: String, on connection: PostgresConnection
    ) throws(DatabaseError) -> Int64 {
        let number = last.number + 1
        var changes = changes
        if isNewEpoch { changes.mayBeAnything = true }
        try connection.run(
            "INSERT INTO commits (number, token, at, changes) VALUES (?, ?, ?, ?)", number, token, time,
            changes.text)
        if number % Self.commitsPerTrim == 0 {
            try connection.run(
                "DELETE FROM commits WHERE at < ? AND number < ?", time - Self.keptMilliseconds, number)
        }
        try connection.run("SELECT pg_notify('wireroom', ?)", token)
        try connection.run("COMMIT")
        return number
    }

    private static let commitsPerTrim: Int64 = 100
    /// Rows of the log are kept for ten minutes; a node that was cut off for longer reads all anew.
    private static let keptMilliseconds: Int64 = 600_000
}
