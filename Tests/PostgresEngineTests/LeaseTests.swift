// SPDX-License-Identifier: Apache-2.0
import Database
import Dispatch
import Glibc
import Postgres
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization
import Testing

@testable import PostgresEngine

/// What becomes of writes when sessions, servers and answers are lost. Each test has a schema of its own.
@Suite("The write lease")
struct LeaseTests {
    private let name = "lease_\(UInt32.random(in: 0 ... .max))"

    private func address(_ server: PostgresServer? = nil) throws -> PostgresAddress {
        try (server ?? PostgresServer.shared.get()).database(name)
    }

    private func open(_ address: PostgresAddress, role: PostgresEngine.Role = .node) throws -> TableStore {
        try TableStore(address, role: role, renderer: .plain { "<\($0)>" }, now: { testNow })
    }

    /// A session for looking at the database, and for ending other sessions.
    private func session(_ address: PostgresAddress) -> PostgresConnection {
        let session = PostgresConnection(address)
        session.preparesStatements = false
        return session
    }

    private func endOtherSessions(_ session: PostgresConnection) throws {
        _ = try session.rows(
            """
            SELECT CAST(pg_terminate_backend(pid) AS int) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())
            """
        ) { $0.integer() }
    }

    @Test("A batch that only writes costs two round trips, however many commands it has")
    func roundTrips() async throws {
        let address = try address()
        let store = try open(address, role: .command)
        let story = try await store.newStory().value
        let connection = session(address)
        let before = connection.roundTrips
        let lease = try WriteLease(on: connection, known: .none)
        for number in 0..<100 {
            try connection.run(
                "INSERT INTO secrets (only_row, visitors) VALUES (1, ?) ON CONFLICT DO NOTHING",
                [UInt8(number)])
        }
        _ = try lease.commit(CommitChanges([.created(story.id)]), token: "test", on: connection)
        #expect(connection.roundTrips - before == 2)
    }

    @Test(
        "Posts and reactions change nothing that an index holds, so that a long dump does not slow them down")
    func hotRows() async throws {
        let address = try address()
        let store = try open(address, role: .command)
        let story = try await store.newStory().value.reference
        let kind = try #require(ReactionKind("veryGood"))
        for number in 0..<50 {
            _ = try await store.post("\(number)", to: story)
            _ = try await store.react(kind, to: nil, of: story, by: nil, idempotency: nil, access: .reader)
        }
        let session = session(address)
        for (table, writes) in [("stories", 50), ("reactions", 49)] {
            let query =
                "SELECT n_tup_upd, n_tup_upd - n_tup_hot_upd FROM pg_stat_user_tables WHERE relid = CAST(? AS regclass)"
            var found: (all: Int64, cold: Int64)?
            for _ in 0..<500 where found?.all ?? 0 < writes {
                // Sessions report what they did about once a second.
                try await Task.sleep(for: .milliseconds(20))
                try session.execute("SELECT pg_stat_clear_snapshot()")
                found = try session.first(query, table) { ($0.integer(), $0.integer()) }
            }
            #expect(found?.all == Int64(writes))
            // A page may be full before it is pruned.
            #expect(found?.cold ?? .max <= 5, "\(table) has new entries in its indexes")
        }
        let checked = try session.rows(
            """
            SELECT DISTINCT CAST(conrelid AS regclass)::text FROM pg_constraint
            WHERE contype = 'f' AND confrelid = CAST('stories' AS regclass) ORDER BY 1
            """
        ) { $0.text() }
        #expect(checked == ["former_slugs", "key_stories"])
    }

    @Test("Commits are numbered without gaps, also by two nodes at once")
    func numbers() async throws {
        let address = try address()
        let nodes = [try open(address), try open(address)]
        let story = try await nodes[0].newStory().value
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes {
                for number in 0..<20 {
                    group.addTask { try await node.post("\(number)", to: story.reference) }
                }
            }
            try await group.waitForAll()
        }
        let seqs = try session(address).rows("SELECT seq FROM updates ORDER BY seq") { $0.integer() }
        #expect(seqs == Array(2...41).map { Int64($0) })
        let numbers = try session(address).rows("SELECT number FROM commits ORDER BY number") { $0.integer() }
        #expect(numbers == Array(1...Int64(numbers.count)))
    }

    @Test("After its sessions were ended, a node writes and reads again")
    func reconnects() async throws {
        let server = try PostgresServer(settings: "fsync=off")
        let address = try address(server)
        let store = try open(address)
        let story = try await store.newStory().value
        for number in 0..<5 {
            try endOtherSessions(session(address))
            _ = try await store.post("\(number)", to: story.reference)
        }
        #expect(try await store.story(story.reference, access: .reader).story.updateCount == 5)
    }

    @Test("A commit whose answer was lost is answered as done, and was done once")
    func inDoubt() async throws {
        let server = try PostgresServer(settings: "fsync=off")
        let address = try address(server)
        let store = try open(address)
        let story = try await store.newStory().value
        let posted = try await losingAnswer(at: address) { try await store.post("Once", to: story.reference) }
        #expect(posted.seq == 2)
        #expect(try session(address).first("SELECT count(*) FROM updates") { $0.integer() } == 1)
    }

    @Test("An autosave whose answer was lost is in doubt: no entry of the log tells that it was saved")
    func autosaveInDoubt() async throws {
        let server = try PostgresServer(settings: "fsync=off")
        let address = try address(server)
        let store = try open(address)
        let story = try await store.newStory().value.reference
        await #expect(throws: StoryError.storage(.inDoubt)) {
            try await losingAnswer(at: address) {
                try await store.saveAutosave("a", of: story, content: "Once", if: .none, access: everything)
            }
        }
        #expect(try await store.autosaves(of: story, access: everything).map(\.value.content) == ["Once"])
    }

    /// Does a write, and ends its session between its commit and the answer.
    private func losingAnswer<Result: Sendable>(
        at address: PostgresAddress, to write: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let other = session(address)
        // A standby that does not exist holds the answer up after the commit is on disk. PostgreSQL takes the setting up some time
        // after it is told: commits of another session show when.
        try other.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        try other.execute("SELECT pg_reload_conf()")
        commitUntilEnded(on: address)
        try await until { (Self.waiting(seenBy: other) ?? 0) >= 1 }
        async let written = write()
        try await until { (Self.waiting(seenBy: other) ?? 0) >= 2 }
        try other.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        try endOtherSessions(other)
        try other.execute("SELECT pg_reload_conf()")
        return try await written
    }

    /// The number of clients' sessions whose commit waits for a standby, as those of autovacuum may, too; nil if that cannot be read.
    private static func waiting(seenBy session: PostgresConnection) -> Int64? {
        let sql = """
            SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND backend_type = 'client backend'
            """
        return try? session.first(sql) { $0.integer() }
    }

    /// Commits on a session of its own, until the session is ended. It blocks a thread that no test needs.
    private func commitUntilEnded(on address: PostgresAddress) {
        DispatchQueue.global().async {
            let session = session(address)
            while (try? session.execute("CREATE TABLE probe (); DROP TABLE probe")) != nil {}
        }
    }

    @Test("A holder that stands still loses the lease, and one that is killed; who waits for it writes then")
    func frozen() async throws {
        let address = try address()
        let store = try open(address)
        let story = try await store.newStory().value
        let holder = session(address)
        _ = try WriteLease(on: holder, known: .none)
        _ = try await store.post("After the holder", to: story.reference)
        // Its session was ended for standing idle in its transaction.
        #expect(throws: DatabaseError.self) { _ = try holder.first("SELECT 1") { $0.integer() } }
        #expect(holder.failure?.code == .cannotOpen)
        let killed = session(address)
        _ = try WriteLease(on: killed, known: .none)
        killed.close()
        _ = try await store.post("After the other", to: story.reference)
        #expect(try await store.story(story.reference, access: .reader).story.updateCount == 2)
    }

    @Test("On another timeline, and after a dump was restored, a new epoch begins, which invalidates cursors")
    func epochs() async throws {
        let address = try address()
        let store = try open(address)
        let story = try await store.newStory().value
        let before = try await store.snapshot(of: story.reference, SnapshotQuery(), access: .reader).cursor
        _ = try await store.post("Kept", to: story.reference)
        #expect(
            try await store.snapshot(of: story.reference, SnapshotQuery(), access: .reader).cursor.epoch
                == before.epoch)
        try session(address).run("UPDATE database_epoch SET timeline = '00000007'")
        _ = try await store.post("On the new timeline", to: story.reference)
        let after = try await store.snapshot(of: story.reference, SnapshotQuery(), access: .reader).cursor
        #expect(after.epoch != before.epoch)
        await #expect(throws: StoryError.cursorExpired) {
            _ = try await store.changes(of: story.reference, DeltaQuery(cursor: before), access: .reader)
        }
        _ = try await store.post("And on", to: story.reference)
        #expect(
            try await store.snapshot(of: story.reference, SnapshotQuery(), access: .reader).cursor.epoch
                == after.epoch)
    }

    @Test("Rows that are read by a cursor are those of the query", arguments: [1, 2, 3, 5, 6, 7])
    func cursor(rowsPerFetch: Int) throws {
        let connection = session(try address())
        connection.rowsPerFetch = rowsPerFetch
        try connection.run("BEGIN")
        let query = "SELECT number FROM generate_series(1, 6) AS numbers (number)"
        #expect(try connection.rows(query) { $0.integer() } == [1, 2, 3, 4, 5, 6])
        #expect(try connection.first(query) { $0.integer() } == 1)
        #expect(try connection.rows("SELECT CAST(? AS BIGINT)", 7) { $0.integer() } == [7])
        try connection.run("COMMIT")
        #expect(try connection.rows(query) { $0.integer() }.count == 6)
    }

    @Test("A story takes all of its rows with it, and rows that stay behind are found")
    func strays() async throws {
        let address = try address()
        let store = try open(address, role: .command)
        let story = try await store.newStory().value.reference
        _ = try await store.post("With tags", to: story)
        let session = session(address)
        try session.run("DELETE FROM stories")
        #expect(try session.first("SELECT count(*) FROM renditions") { $0.integer() } == 0)
        #expect(try StoreRules.faults(in: session) == [])
        try session.run(
            "INSERT INTO tombstones (story, seq, id, reason) VALUES (7, 1, ?, 'deleted')",
            [UInt8](repeating: 1, count: 16))
        #expect(
            try StoreRules.faults(in: session) == [
                "table tombstones: there are rows of a story that does not exist, with the key 7"
            ])
    }

    @Test("A statement whose result has other types since a migration is prepared anew, with the connection")
    func changedTypes() throws {
        let address = try address()
        let (connection, other) = (PostgresConnection(address), session(address))
        try other.execute("CREATE TABLE changing (number INT NOT NULL)")
        try other.execute("INSERT INTO changing VALUES (7)")
        let query = "SELECT number FROM changing"
        #expect(try connection.first(query) { $0.integer() } == 7)
        try other.execute("ALTER TABLE changing ALTER COLUMN number TYPE BIGINT")
        #expect { try connection.first(query) { $0.integer() } } throws: {
            ($0 as? DatabaseError)?.code == .cannotOpen
        }
        #expect(connection.preparesStatements)
        #expect(try connection.first(query) { $0.integer() } == 7)
    }

    @Test("One command that fails does not affect the others of its batch")
    func failures() async throws {
        let address = try address()
        let store = try open(address, role: .command)
        let story = try await store.newStory().value
        let results = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask {
                    // Every other story has the slug of the first.
                    let slug = number.isMultiple(of: 2) ? "harbour" : "pier-\(number)"
                    return (try? await store.newStory(slug)) != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(results == 10)
        #expect(try await store.story(story.reference, access: .reader).story.slug == story.slug)
    }
}

private let testNow = Timestamp(milliseconds: 1_795_000_000_000)
