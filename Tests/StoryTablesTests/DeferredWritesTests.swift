// SPDX-License-Identifier: Apache-2.0
import Database
import StoreSupport
import Stories
import Support
import Testing

@testable import StoryTables

@Suite("Writes that are deferred to the end of a transaction")
struct DeferredWritesTests {
    @Test(
        "Whatever commands do to a story's feed and to a count, their rows are written once, with the last state"
    )
    func once() throws {
        let (database, cache) = (RecordingDatabase(), WriterCache(defersWrites: true))
        let counter = ReactionCounter(story: 7, update: noUpdate, kind: "veryGood")
        for number in 1...50 {
            #expect(cache.advance(7, to: Int64(number), at: time(number), updatesAdded: 1))
            cache.set(counter, to: number, isNew: number == 1)
        }
        #expect(database.statements.isEmpty)
        #expect(cache.deferrals == 100)
        try cache.writeDeferred(to: database)
        #expect(
            database.values == [
                [.integer(50), .integer(50), .integer(50), .integer(7)],
                [.integer(50), .integer(7), .integer(0), .text("veryGood")],
            ])
        try cache.writeDeferred(to: database)
        #expect(database.statements.count == 2)
    }

    @Test(
        "A statement that names their tables waits for them, no other does",
        arguments: [
            ("SELECT seq FROM stories WHERE key = ?", true), ("UPDATE stories SET slug = ?", true),
            ("SELECT u.id FROM updates AS u JOIN stories AS s ON s.key = u.story", true),
            ("DELETE FROM reactions WHERE story = ?", true),
            ("SELECT fingerprint FROM stored_responses WHERE key = ?", false),
            ("INSERT INTO updates (key, story) VALUES (?, ?)", false),
            ("INSERT INTO visitors (story) VALUES (?)", false),
        ])
    func order(sql: String, isAfter: Bool) throws {
        let (database, cache) = (RecordingDatabase(), WriterCache(defersWrites: true))
        _ = cache.advance(7, to: 2, at: time(1), updatesAdded: 1)
        try cache.prepare(for: sql, on: database)
        #expect(!database.statements.isEmpty == isAfter)
    }

    @Test("A rollback drops them")
    func dropped() throws {
        let (database, cache) = (RecordingDatabase(), WriterCache(defersWrites: true))
        _ = cache.advance(7, to: 2, at: time(1), updatesAdded: 1)
        cache.clear()
        try cache.writeDeferred(to: database)
        #expect(database.statements.isEmpty)
    }

    private func time(_ milliseconds: Int) -> Timestamp { Timestamp(milliseconds: Int64(milliseconds)) }
}

@Suite("Reactions among other writes", .onEveryEngine)
struct MixedWritesTests {
    @Test("Posts, reactions and edits of many callers at once leave the state that each was answered with")
    func mixed() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.testStore()
        let story = StoryReference.id(try await store.newStory().value.id)
        let first = try await store.post("First", to: story).id
        let kind = try #require(ReactionKind("veryGood"))
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<60 {
                group.addTask {
                    _ = try await store.post("\(number)", to: story); return 0
                }
                group.addTask {
                    try await store.react(
                        kind, to: number.isMultiple(of: 2) ? first : nil, of: story, by: nil,
                        idempotency: nil,
                        access: .reader
                    ).count
                }
                group.addTask {
                    // Nothing is written by it, and nothing of the others is lost.
                    _ = try? await store.post("Refused", to: .slug(Slug(stored: "nowhere")))
                    return 0
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.filter { $0 > 0 }.sorted() == (1...30).flatMap { [$0, $0] })
        let reactions = try await store.reactions(of: story, access: .reader)
        #expect(reactions.story[kind] == 30)
        #expect(reactions.updates[first]?[kind] == 30)
        let found = try await store.story(story, access: .reader).story
        #expect(found.updateCount == 61)
        #expect(found.seq == 62)
    }
}

/// Takes statements down, and has no rows.
private final class RecordingDatabase: Database {
    private(set) var statements: [String] = []
    private(set) var values: [[Value]] = []

    let dialect = Dialect(
        beginReading: "BEGIN", greatest: "max", least: "min", byteCount: { $0 }, contains: { $0 + $1 },
        hexadecimal: { $0 }, items: { $0 }, newestRow: { $1 + $2 + $3 + $0 })
    var isInTransaction: Bool { true }

    func run(_ sql: String, values: [Value]) {
        statements.append(sql)
        self.values.append(values)
    }

    func changes(_ sql: String, values: [Value]) -> Int { 0 }

    func forEachRow(of sql: String, values: [Value], _ body: (inout Row) -> Bool) {}
}
