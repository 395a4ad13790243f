// SPDX-License-Identifier: Apache-2.0
import Database
import Glibc
import Postgres
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization
import Testing

@testable import PostgresEngine

/// Nodes behind pgbouncer in transaction mode, which gives each transaction whatever session is free.
@Suite("Poolers")
struct PoolerTests {
    private let folder = try? TemporaryFolder()

    /// Starts pgbouncer before a new database of the shared server; it ends when its files are removed with the folder.
    private func pooled() throws -> PostgresAddress {
        let (folder, server) = (try #require(folder).path, try PostgresServer.shared.get())
        let name = "pooled_\(UInt32.random(in: 0 ... .max))"
        try PostgresConnection(server.database("public")).execute("CREATE DATABASE \(name)")
        let script = """
            cd \(folder) && chmod 755 . && mkdir pool && cat >pool/pgbouncer.ini <<'INI'
            [databases]
            \(name) = host=\(server.folder) user=wireroom
            [pgbouncer]
            listen_addr =
            unix_socket_dir = \(folder)/pool
            auth_type = any
            pool_mode = transaction
            logfile = \(folder)/pool/log
            pidfile = \(folder)/pool/pid
            INI
            user=
            if [ $(id -u) -eq 0 ]; then chown -R postgres pool; user='setpriv --reuid=postgres --regid=postgres --init-groups'; fi
            $user \(Self.program) -d pool/pgbouncer.ini 2>/dev/null
            for attempt in $(seq 100); do [ -S pool/.s.PGSQL.6432 ] && exit 0; sleep 0.05; done; exit 1
            """
        try #require(system(script) == 0, "pgbouncer, Debian package pgbouncer, cannot be started")
        return try #require(
            PostgresAddress("postgres:///\(name)?host=\(folder)/pool&port=6432&user=wireroom"))
    }

    private static let program = "/usr/sbin/pgbouncer"

    private func stop() {
        guard let folder else { return }
        _ = system("kill $(cat \(folder.path)/pool/pid)")
    }

    @Test("In transaction mode nodes write and hear of each other: polls take over from notifications")
    func transactionMode() async throws {
        let address = try pooled()
        defer { stop() }
        let nodes = try (0..<2).map { _ in
            try TableStore(
                address, role: .node, renderer: .plain { "<\($0)>" }, now: { Timestamp(milliseconds: 1) })
        }
        let story = try await nodes[0].newStory().value
        let heard = Mutex(0)
        nodes[1].observe { events in
            for case .externalChanges(let changed, _) in events where changed.contains(story.id) {
                heard.withLock { $0 += 1 }
            }
        }
        for number in 0..<20 { try await nodes[number % 2].post("\(number)", to: story.reference) }
        try await until { heard.withLock { $0 } >= 10 }
        #expect(try await nodes[1].story(story.reference, access: .reader).story.updateCount == 20)
    }

    @Test("A statement that a session does not know is an error once, and is not prepared any more")
    func unknownStatement() throws {
        let address = try pooled()
        defer { stop() }
        let (connection, other) = (PostgresConnection(address), PostgresConnection(address))
        let query = "SELECT CAST(pg_backend_pid() AS BIGINT)"
        let first = try connection.first(query) { $0.integer() }
        // Takes the session that is free, so that the next transaction has another.
        try other.run("BEGIN")
        #expect(try other.first(query) { $0.integer() } == first)
        #expect { try connection.first(query) { $0.integer() } } throws: {
            ($0 as? DatabaseError)?.code == .cannotOpen
        }
        #expect(!connection.preparesStatements)
        #expect(try connection.first(query) { $0.integer() } != first)
        try other.run("ROLLBACK")
    }
}
