// SPDX-License-Identifier: Apache-2.0
import Database
import Foundation
import Migrations
import SQLite
import StoreSupport
import Stories
import Support
import Testing

@testable import SQLiteEngine
@testable import StoryTables

/// Which files are opened, and which are refused unchanged.
@Suite("Opening a database")
struct OpeningTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("w.db") }

    init() throws { folder = try TemporaryFolder() }

    private func open(_ role: SQLiteEngine.Role = .command) throws(StoreOpeningError) -> TableStore {
        try TableStore(path: path, role: role, renderer: .plain { $0 }, now: { Timestamp(milliseconds: 1) })
    }

    @Test("A new file gets every migration, each recorded, and reopening keeps them")
    func migrate() throws {
        for _ in 1...2 {
            _ = try open()
            let status = try SQLiteEngine.migrationStatus(path: path)
            #expect(status.map(\.number) == Migrations.sqlite.map(\.number))
            #expect(status.allSatisfy { $0.appliedAt != nil })
        }
    }

    @Test(
        "A server that ends releases its locks, also if a program that is being started has copies of its descriptors"
    )
    func copiedDescriptors() throws {
        var server: TableStore? = try open(.server)
        #expect(throws: StoreOpeningError.self) { try open(.server) }
        let copies = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
            return target?.hasPrefix(path) == true ? Int32(name).map { dup($0) } : nil
        }
        defer { for copy in copies { close(copy) } }
        #expect(copies.count > 1)
        withExtendedLifetime(server) {}
        server = nil
        _ = try open(.server)
    }

    @Test("Missing migrations are reported without applying them")
    func status() throws {
        _ = try Connection(path: path, mode: .create).execute("PRAGMA user_version = 0")
        #expect(try SQLiteEngine.migrationStatus(path: path).allSatisfy { $0.appliedAt == nil })
    }

    @Test("A failed migration is rolled back completely")
    func failingMigration() throws {
        let connection = try Connection(path: path, mode: .create)
        let broken = Migration(
            number: (Migrations.sqlite.last?.number ?? 0) + 1, name: "broken",
            sql: Array("CREATE TABLE half (x) STRICT; NONSENSE".utf8))
        let migrator = Migrator(path: path, on: connection, migrations: Migrations.sqlite + [broken])
        #expect { try migrator.migrate(at: 1) } throws: { error in
            guard case StoreOpeningError.failedMigration(_, _, "broken", _) = error else { return false }
            return true
        }
        let tables = try connection.rows("SELECT name FROM sqlite_schema WHERE type = 'table'") { $0.text() }
        #expect(tables.contains("stories") && !tables.contains("half"))
    }

    @Test("Revisions of an older schema survive the migration of their table")
    func oldRevisions() async throws {
        let old = try Connection(path: path, mode: .create)
        try Migrator(path: path, on: old, migrations: Array(Migrations.sqlite.prefix(6))).migrate(
            at: 1)
        let ids = (Identifier.make(1), Identifier.make(2))
        try old.run(
            """
            INSERT INTO stories (id, slug, epoch, seq, own_seq, links_seq, title, section, key_points, tags, status,
                created_at, modified_at, active_at, update_count)
            VALUES (?, 'old', 1, 3, 1, 0, 'Old', '[]', '[]', '[]', 'live', 1, 1, 1, 1)
            """, ids.0)
        try old.run(
            """
            INSERT INTO updates (story, id, seq, first_seq, body, body_html, sources, media, tags, pinned, key_event, edited,
                published_at, created_at, modified_at)
            VALUES (1, ?, 3, 2, 'new', 'new', '[]', '[]', '[]', 0, 0, 1, 7, 6, 9)
            """, ids.1)
        try old.run(
            """
            INSERT INTO revisions (update_key, seq, body, body_html, sources, media, tags, pinned, key_event, edited,
                modified_at)
            VALUES (1, 2, 'old', 'old', '[]', '[]', '[]', 0, 0, 0, 8)
            """)
        let revisions = try await open().revisions(of: ids.1, of: .id(ids.0), access: everything)
        #expect(revisions.map(\.content.body) == ["old"] && revisions.map(\.seq) == [2])
        #expect(revisions.map(\.publishedAt.milliseconds) == [7])
        #expect(
            revisions.map(\.createdAt.milliseconds) == [6] && revisions.map(\.modifiedAt.milliseconds) == [8])
    }

    @Test("Tags of an older schema are matched ignoring case, and keep their spelling")
    func oldTags() async throws {
        let old = try Connection(path: path, mode: .create)
        try Migrator(path: path, on: old, migrations: Array(Migrations.sqlite.prefix(13))).migrate(
            at: 1)
        let (story, update) = (Identifier.make(1), Identifier.make(2))
        let tags = ["Storm", "storm", " Lead", "cafe\u{301}"]
        let column = "[\"Storm\",\"storm\",\" Lead\",\"cafe\u{301}\"]"
        try old.run(
            """
            INSERT INTO stories (id, slug, epoch, seq, own_seq, links_seq, title, section, key_points, tags, status,
                created_at, modified_at, active_at, update_count)
            VALUES (?, 'old', 1, 2, 1, 0, 'Old', '[]', '[]', ?, 'live', 1, 1, 1, 1)
            """, story, column)
        try old.run(
            """
            INSERT INTO updates (story, id, seq, first_seq, body, body_html, sources, media, tags, pinned, key_event, edited,
                published_at, created_at, modified_at)
            VALUES (1, ?, 2, 2, 'x', 'x', '[]', '[]', ?, 0, 0, 0, 7, 7, 7)
            """, update, column)
        for tag in tags {
            try old.run(
                "INSERT INTO update_tags (story, tag, published_at, id, update_key) VALUES (1, ?, 7, ?, 1)",
                tag, update)
        }
        let store = try open()
        for tag in ["STORM", "lead", "CAF\u{C9}"] {
            let query = SnapshotQuery(filter: UpdateFilter(tag: tag))
            let snapshot = try await store.snapshot(of: .id(story), query, access: everything)
            #expect(snapshot.updates.count == 1, "\(tag)")
            let stories = try await store.stories(StoryListQuery(tag: tag), access: .reader)
            #expect(stories.stories.map(\.id) == [story], "\(tag)")
        }
        let kept = try await store.update(update, of: .id(story), access: everything).value.content.tags
        #expect(kept.map { Array($0.utf8) } == tags.map { Array($0.utf8) })
        #expect(try SQLiteEngine.verify(path).errors.isEmpty)
    }

    @Test(
        "Stories closed under an older schema get the time from the audit trail, else of their last change"
    )
    func oldClosings() async throws {
        let old = try Connection(path: path, mode: .create)
        try Migrator(path: path, on: old, migrations: Array(Migrations.sqlite.prefix(11))).migrate(
            at: 1)
        let ids = ["known", "unknown", "open"].enumerated().map { ($1, Identifier.make(UInt64($0 + 1))) }
        for (slug, id) in ids {
            try old.run(
                """
                INSERT INTO stories (id, slug, epoch, seq, own_seq, links_seq, title, section, key_points, tags, status,
                    created_at, modified_at, active_at)
                VALUES (?, ?, 1, 1, 1, 0, 'Old', '[]', '[]', '[]', ?, 1, 70, 90)
                """, id, slug, slug == "open" ? "live" : "closed")
        }
        for (at, members) in [(20, "[\"status\"]"), (30, "[\"title\",\"status\"]"), (40, "[\"title\"]")] {
            try old.run(
                """
                INSERT INTO audit (at, actor, actor_name, action, story, members)
                VALUES (?, 'a', 'A', 'story.edit', ?, ?)
                """, at, ids[0].1, members)
        }
        let store = try open()
        var times: [Int64?] = []
        for (_, id) in ids {
            times.append(try await store.story(.id(id), access: .reader).story.closedAt?.milliseconds)
        }
        #expect(times == [30, 70, nil])
    }

    @Test("A database of a newer program is refused")
    func newer() throws {
        _ = try open()
        try Connection(path: path, mode: .readWrite).run(
            "INSERT INTO migrations (number, name, checksum, applied_at) VALUES (99, 'later', '', 1)")
        let known = Migrations.sqlite.count
        #expect(throws: StoreOpeningError.newerThanProgram(path: path, schema: known + 1, known: known)) {
            try open()
        }
    }

    @Test("A database with a modified migration is refused")
    func changed() throws {
        _ = try open()
        try Connection(path: path, mode: .readWrite).run(
            "UPDATE migrations SET checksum = 'x' WHERE number = 1")
        #expect(throws: StoreOpeningError.changedMigration(path: path, number: 1, name: "initial")) {
            try open()
        }
    }

    @Test("A SQLite file of another program is refused and unchanged")
    func foreign() throws {
        try Connection(path: path, mode: .create).execute("CREATE TABLE theirs (x)")
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(throws: StoreOpeningError.notWireroom(path: path)) { try open() }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("A file that is not a database is refused and unchanged")
    func noDatabase() throws {
        let text = Data(String(repeating: "not a database ", count: 500).utf8)
        try text.write(to: URL(fileURLWithPath: path))
        #expect(throws: StoreOpeningError.notWireroom(path: path)) { try open() }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
    }

    @Test("A path in a missing folder is reported with the reason")
    func noFolder() throws {
        #expect {
            try TableStore(
                path: folder.path + "/none/w.db", role: .server, renderer: .plain { $0 },
                now: { Timestamp(milliseconds: 1) })
        } throws: { "\($0)".contains("none/w.db") && "\($0)".contains("No such file") }
    }

    @Test(
        "A second server is kept out, commands are not, and the lock ends with the first server")
    func lock() throws {
        var first: TableStore? = try open(.server)
        #expect { try open(.server) } throws: { "\($0)".contains("process \(getpid())") }
        _ = try open(.command)
        #expect(first != nil)
        first = nil
        _ = try open(.server)
    }

    @Test("Connections use WAL, full synchronization and foreign keys")
    func settings() async throws {
        let store = try open()
        let values = try await store.engine.write { transaction throws(StoryError) in
            [
                try transaction.first("PRAGMA journal_mode") { $0.text() },
                try transaction.first("PRAGMA synchronous") { $0.text() },
                try transaction.first("PRAGMA foreign_keys") { $0.text() },
            ]
        }
        #expect(values == ["wal", "2", "1"])
    }

    @Test("A reader's connection is read-only")
    func readOnly() async throws {
        let store = try open()
        await #expect(throws: StoryError.storage(.readOnly)) {
            try await store.engine.read { transaction throws(StoryError) in
                _ = try transaction.run("DELETE FROM stories")
            }
        }
    }

    @Test("Each database has its own epochs")
    func epochs() async throws {
        var epochs: Set<UInt64> = []
        for _ in 1...3 {
            let folder = try TemporaryFolder()
            let store = try folder.testStore()
            epochs.insert(try await store.newStory().version.epoch)
        }
        #expect(epochs.count == 3)
    }
}
