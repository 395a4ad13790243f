// SPDX-License-Identifier: Apache-2.0
import Database
import Migrations
import Postgres
import SQLiteEngine
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization
import Testing

@testable import PostgresEngine

/// What nodes that share a database have to agree on.
@Suite("Nodes on one database")
struct NodeTests {
    private let address: PostgresAddress

    init() throws {
        address = try PostgresServer.shared.get().database("nodes_\(UInt32.random(in: 0 ... .max))")
    }

    private func node(behindBy milliseconds: Int64 = 0, corrected: Bool = true) throws -> TableStore {
        try TableStore(
            address, role: .node, renderer: .plain { "<\($0)>" }, correctingClock: corrected,
            now: { Timestamp(milliseconds: Self.wallClock() - milliseconds) })
    }

    private static func wallClock() -> Int64 {
        Int64(ContinuousClock.now.duration(to: epoch) / .milliseconds(-1)) + 1_795_000_000_000
    }
    private static let epoch = ContinuousClock.now

    @Test("Nodes whose clocks differ publish in the order of their commits, by the database's clock")
    func clocks() async throws {
        let nodes = [try node(behindBy: 5_000), try node(behindBy: -5_000)]
        let story = try await nodes[0].newStory().value
        var times: [Timestamp] = []
        for number in 0..<10 {
            times.append(try await nodes[number % 2].post("\(number)", to: story.reference).publishedAt)
        }
        #expect(times == times.sorted())
        // Uncorrected, every other update would be dated by the clock that is ahead, and all later ones by the last of those.
        let database = try #require(
            try PostgresConnection(address).first("SELECT max(at) FROM commits") { $0.integer() })
        #expect(abs(try #require(times.last).milliseconds - database) < 1_000)
    }

    @Test("Autosaves and open forms are not in the commit log and wake no node; what is written with them is")
    func openForms() async throws {
        let nodes = [try node(), try node()]
        let story = try await nodes[0].newStory().value.reference
        let update = try await nodes[1].post("Here", to: story)
        let session = PostgresConnection(address)
        try session.run("LISTEN wireroom")
        func logged() throws -> [String] {
            try session.rows("SELECT token FROM commits ORDER BY number") { $0.text() }
        }
        let before = try logged()
        for node in nodes {
            _ = try await node.announcePresence("a", at: update.id, of: story, access: everything)
            _ = try await node.saveAutosave("a", of: story, content: "Half", if: .none, access: everything)
        }
        try await nodes[0].endPresence("a", at: update.id, of: story, access: everything)
        #expect(try await nodes[1].autosaves(of: story, access: everything).map(\.value.content) == ["Half"])
        #expect(try logged() == before)
        // Both nodes go on from the last entry, although the other has written since.
        for node in nodes { _ = try await node.post("There", to: story) }
        let after = try logged().dropFirst(before.count)
        #expect(after.count == 2)
        // Notifications come in the order of the commits, also of those of other tests.
        let writers = Set((before + after).map { $0.prefix { $0 != "-" } })
        var heard: [String] = []
        try await until {
            heard += (try? session.takeNotifications()) ?? []
            return heard.contains { $0 == after.last }
        }
        let own = heard.filter { writers.contains($0.prefix { $0 != "-" }) && !before.contains($0) }
        #expect(own == Array(after) && writers.count == 2)
    }

    @Test("A scheduled update is published once, whichever nodes look for it")
    func schedules() async throws {
        let nodes = [try node(corrected: false), try node(corrected: false), try node(corrected: false)]
        let story = try await nodes[0].newStory().value
        var patch = UpdatePatch.make(body: "Later")
        patch.state = .set(.scheduled)
        patch.publishAt = .set(Timestamp(milliseconds: Self.wallClock() + 200))
        _ = try await nodes[0].createUpdate(of: story.reference, patch, access: everything)
        try await Task.sleep(for: .milliseconds(250))
        var published = 0
        try await withThrowingTaskGroup(of: Int.self) { group in
            for node in nodes { group.addTask { try await node.publishDueUpdates() } }
            for try await count in group { published += count }
        }
        #expect(published == 1)
        #expect(try await nodes[1].story(story.reference, access: .reader).story.updateCount == 1)
    }

    @Test("A node goes on while a newer one adds to the schema")
    func rollingUpgrade() async throws {
        let old = try node()
        let story = try await old.newStory().value
        _ = try await old.post("Before", to: story.reference)
        let addition = Migration(
            number: (Migrations.postgres.last?.number ?? 0) + 1, name: "addition",
            sql: Array(
                "ALTER TABLE updates ADD COLUMN addition TEXT; ALTER TABLE stories ADD COLUMN addition BIGINT"
                    .utf8))
        let connection = PostgresConnection(address)
        try Migrator(path: "newer", database: connection, migrations: Migrations.postgres + [addition])
            .migrate(at: 1)
        let update = try await old.post("After", to: story.reference)
        let patch = UpdatePatch.make(body: "Edited")
        _ = try await old.editUpdate(update.id, of: story.reference, patch, if: .none, access: everything)
        #expect(
            try await old.snapshot(of: story.reference, SnapshotQuery(), access: .reader).updates.count == 2)
        #expect(
            throws: StoreOpeningError.newerThanProgram(
                path: address.description, schema: Migrations.postgres.count + 1,
                known: Migrations.postgres.count)
        ) {
            _ = try node()
        }
    }

    @Test("A database that is moved to PostgreSQL and back keeps ids, numbers, keys and cursors")
    func moves() async throws {
        let folder = try TemporaryFolder()
        let (first, second) = (folder.file("first.db"), folder.file("second.db"))
        func file(_ path: String) throws -> TableStore {
            try TableStore(
                path: path, role: .server, renderer: .plain { "<\($0)>" }, now: { Timestamp(milliseconds: 1) }
            )
        }
        let (story, cursor) = try await {
            let store = try file(first)
            let story = try await store.newStory().value
            _ = try await store.post("Kept", to: story.reference, tags: ["Harbour", "Straße"])
            let asset = try await store.addMedia(.make(1), idempotency: nil, access: everything)
            let image = StoryImage(url: asset.reference.path, focus: MediaFocus(x: 1, y: 2))
            _ = try await store.editStory(
                story.reference, .changing { $0.image = .set(image) }, if: .none, access: everything)
            let gone = try await store.post("Gone", to: story.reference)
            let cursor = try await store.snapshot(of: story.reference, SnapshotQuery(), access: .reader)
                .cursor
            try await store.deleteUpdate(gone.id, of: story.reference, if: .none, access: everything)
            return (story, cursor)
        }()
        let there = try SQLiteEngine.withTables(first, creating: false, at: testTime) {
            source throws(StoreOpeningError) in
            try PostgresEngine.withTables(address, creating: true, at: testTime) {
                target throws(StoreOpeningError) in
                try opening("copy") { () throws(DatabaseError) in try TableCopy.copy(from: source, to: target)
                }
            }
        }
        let onServer = try node()
        #expect(try await onServer.media(MediaAsset.make(1).id).variants == MediaAsset.make(1).variants)
        let image = try await onServer.story(story.reference, access: .reader).story.content.image
        #expect(image?.focus == MediaFocus(x: 1, y: 2))
        await #expect(throws: StoryError.self) {
            try await onServer.deleteMedia(MediaAsset.make(1).id, access: everything)
        }
        let delta = try await onServer.changes(of: story.reference, after: cursor)
        #expect(delta.texts == ["deleted 5"])
        _ = try await onServer.post("New", to: story.reference)
        let back = try PostgresEngine.withTables(address, creating: false, at: testTime) {
            source throws(StoreOpeningError) in
            try SQLiteEngine.withTables(second, creating: true, at: testTime) {
                target throws(StoreOpeningError) in
                try opening("copy") { () throws(DatabaseError) in
                    let count = try TableCopy.copy(from: source, to: target)
                    #expect(try StoreRules.faults(in: target) == [])
                    return count
                }
            }
        }
        #expect(there > 5 && back > there)
        let again = try await file(second).changes(of: story.reference, after: cursor)
        #expect(again.texts == ["deleted 5", "put 6"])
        #expect(throws: (any Error).self) {
            try PostgresEngine.withTables(address, creating: true, at: testTime) {
                target throws(StoreOpeningError) in
                try opening("copy") { () throws(DatabaseError) in try TableCopy.copy(from: target, to: target)
                }
            }
        }
    }

    @Test("A node notices that the history it followed was replaced by another with the same numbers")
    func replacedHistory() async throws {
        let nodes = [try node(), try node()]
        let external = Mutex(0)
        let followed = Mutex(0)
        nodes[1].observe { events in
            for case .externalWrite in events { external.withLock { $0 += 1 } }
            for case .externalChanges in events { followed.withLock { $0 += 1 } }
        }
        let story = try await nodes[0].newStory().value
        try await until { followed.withLock { $0 } > 0 }
        #expect(external.withLock { $0 } == 0)
        // As after a fail-over that has lost the last commit, when another node has given its number again.
        try PostgresConnection(address).run(
            "UPDATE commits SET token = 'other' WHERE number = (SELECT max(number) FROM commits)")
        try await until { external.withLock { $0 } > 0 }
        _ = try await nodes[0].post("After", to: story.reference)
        #expect(external.withLock { $0 } == 1)
    }

    @Test(
        "A writer does not trust what it remembers of a history that was replaced by one with the same numbers"
    )
    func replacedHistoryOfWriter() async throws {
        let node = try TableStore(
            address, role: .command, renderer: .plain { "<\($0)>" }, now: { Timestamp(milliseconds: 1) })
        let story = try await node.newStory().value
        let before = try await node.post("Remembered", to: story.reference).seq
        // As after a fail-over that has lost the last commit, when another node has given its number again, and has posted.
        let other = PostgresConnection(address)
        try other.run("UPDATE commits SET token = 'other' WHERE number = (SELECT max(number) FROM commits)")
        try other.run("UPDATE stories SET seq = seq + 5")
        #expect(try await node.post("After", to: story.reference).seq == before + 6)
    }

    @Test("The operator is told of settings that put acknowledged writes at risk")
    func warnings() throws {
        #expect(
            try node().warnings == [
                "the PostgreSQL server has fsync = off: a power loss may lose acknowledged writes"
            ])
    }

    private let testTime = Timestamp(milliseconds: 1_795_000_000_000)
}
