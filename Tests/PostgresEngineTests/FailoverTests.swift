// SPDX-License-Identifier: Apache-2.0
import Database
import Postgres
import StoreSupport
import Stories
import StoryTables
import Testing

@testable import PostgresEngine

/// A node whose primary is lost, and whose standby is promoted.
@Suite("Fail-over")
struct FailoverTests {
    private let primary: PostgresServer
    private let standby: PostgresServer
    private let store: TableStore
    private let story: Story

    init() async throws {
        primary = try PostgresServer(settings: "fsync=off")
        _ = try primary.database("live")
        standby = try primary.standby()
        let address = try #require(PostgresAddress(primary.location(of: "live", or: standby)))
        store = try TableStore(
            address, role: .node, renderer: .plain { "<\($0)>" }, now: { Timestamp(milliseconds: 1) })
        story = try await store.newStory().value
    }

    private func session(_ server: PostgresServer) throws -> PostgresConnection {
        let location = server.location(of: "live") + "&target_session_attrs=any"
        return PostgresConnection(try #require(PostgresAddress(location)))
    }

    /// Loses the primary and promotes the standby; returns how long afterwards a write was acknowledged.
    private func failOver() async throws -> Duration {
        try primary.kill()
        await #expect(throws: StoryError.self) {
            try await store.post("While there is no primary", to: story.reference)
        }
        try standby.promote()
        let promoted = ContinuousClock.now
        while promoted.duration(to: .now) < .seconds(20) {
            do {
                try await store.post("After the promotion", to: story.reference)
                break
            } catch {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        return promoted.duration(to: .now)
    }

    @Test("With a synchronous standby nothing acknowledged is lost, and writes go on without a restart")
    func synchronous() async throws {
        let operatorSession = try session(primary)
        try operatorSession.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        try operatorSession.execute("SELECT pg_reload_conf()")
        var acknowledged: Set<Identifier> = []
        for number in 0..<20 {
            acknowledged.insert(try await store.post("\(number)", to: story.reference).id)
        }
        #expect(try await failOver() < .seconds(10))
        let updates = try await store.snapshot(of: story.reference, SnapshotQuery(limit: 50), access: .reader)
            .updates
        #expect(acknowledged.isSubset(of: Set(updates.map(\.id))))
    }

    @Test(
        "Where commits were lost, cursors of the former history are invalid, and none of its numbers is taken for one of the new"
    )
    func asynchronous() async throws {
        for number in 0..<3 { try await store.post("\(number)", to: story.reference) }
        let standbySession = try session(standby)
        var arrived: Int64 = 0
        for _ in 0..<500 where arrived < 3 {
            // Not even the table may be there yet.
            arrived = (try? standbySession.first("SELECT count(*) FROM updates") { $0.integer() }) ?? 0
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(arrived == 3)
        // Cut off from here on.
        try standbySession.execute("ALTER SYSTEM SET primary_conninfo = ''")
        try standbySession.execute("SELECT pg_reload_conf()")
        for _ in 0..<500 {
            let receivers = try standbySession.first("SELECT count(*) FROM pg_stat_wal_receiver") {
                $0.integer()
            }
            if receivers == 0 { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        for number in 0..<5 { try await store.post("Lost \(number)", to: story.reference) }
        let lost = try await store.snapshot(of: story.reference, SnapshotQuery(), access: .reader).cursor
        #expect(try await failOver() < .seconds(10))
        for number in 0..<8 { try await store.post("New \(number)", to: story.reference) }
        let present = try await store.snapshot(of: story.reference, SnapshotQuery(limit: 50), access: .reader)
        #expect(present.cursor.seq > lost.seq && present.cursor.epoch != lost.epoch)
        #expect(present.updates.count == 12)
        await #expect(throws: StoryError.cursorExpired) {
            _ = try await store.changes(of: story.reference, DeltaQuery(cursor: lost), access: .reader)
        }
    }
}
