import SQLite
import Stories
import Support
import Testing

@testable import SQLiteStore

@Suite("Writing")
struct WriterTests {
    private let fixture: StoreFixture
    private var store: SQLiteStore { fixture.store }

    init() throws {
        fixture = try StoreFixture()
    }

    /// Runs a statement on the connection that writes.
    private func tell(_ sql: String) async throws {
        try await store.writer.write { session throws(StoryError) -> Void in try session.run(sql) }
    }

    @Test("gives many writers at once numbers without gaps, in the order of their commits")
    func concurrently() async throws {
        let (store, story) = (store, try await fixture.story())
        let updates = try await withThrowingTaskGroup(of: Update.self) { group in
            for number in 1...300 {
                group.addTask {
                    let patch = UpdatePatch.make(body: "Update \(number)")
                    return try await store.createUpdate(of: story.reference, patch, access: .editor).value
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let inOrder = updates.sorted { $0.seq < $1.seq }
        #expect(inOrder.map(\.seq) == Array(2...301))
        #expect(inOrder.map(\.id) == inOrder.map(\.id).sorted())
        let snapshot = try await fixture.snapshot(of: story, SnapshotQuery(limit: 200))
        #expect(snapshot.story.seq == 301)
        #expect(snapshot.story.updateCount == 300)
    }

    @Test("takes back what one refused command did, and leaves those beside it alone")
    func refusedAmongOthers() async throws {
        let (store, story) = (store, try await fixture.story())
        let refused = StoryError.forbidden("on purpose")
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    do {
                        try await store.writer.write { session throws(StoryError) -> Void in
                            try session.run(
                                "UPDATE stories SET update_count = update_count + 1 WHERE id = ?", story.id)
                            if number.isMultiple(of: 3) { throw refused }
                        }
                        return true
                    } catch {
                        return (error as? StoryError) != refused
                    }
                }
            }
            return await group.reduce(into: [Bool: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == [true: 133, false: 67])
        #expect(try await store.story(story.reference, access: .reader).story.updateCount == 133)
    }

    @Test("says busy while another process holds the file, and works again after")
    func busy() async throws {
        let story = try await fixture.story()
        try await tell("PRAGMA busy_timeout = 1")
        let other = try Connection(path: fixture.path, mode: .readWrite)
        try other.execute("BEGIN IMMEDIATE")
        await #expect(throws: StoryError.storage(.busy)) { try await fixture.update(of: story) }
        await #expect(throws: StoryError.storage(.busy)) { try await store.checkWritable() }
        // Readers do not care.
        #expect(try await fixture.snapshot(of: story).updates.isEmpty)
        try other.execute("COMMIT")
        #expect(try await fixture.update(of: story).seq == 2)
    }

    @Test("says full when there is no room, keeps nothing of it, and works again after")
    func full() async throws {
        let story = try await fixture.story()
        try await tell("PRAGMA max_page_count = 1")  // SQLite takes the present size for it.
        let long = String(repeating: "long ", count: 10_000)
        await #expect(throws: StoryError.storage(.full)) { try await fixture.update(of: story, body: long) }
        #expect(try await fixture.snapshot(of: story).story.seq == 1)
        try await tell("PRAGMA max_page_count = 1000000")
        #expect(try await fixture.update(of: story, body: long).seq == 2)
    }

    @Test("says read-only when it may not write")
    func readOnly() async throws {
        let story = try await fixture.story()
        try await tell("PRAGMA query_only = ON")
        await #expect(throws: StoryError.storage(.readOnly)) { try await fixture.update(of: story) }
        await #expect(throws: StoryError.storage(.readOnly)) { try await store.checkWritable() }
    }

    @Test("proves that it works without changing anything")
    func checkWritable() async throws {
        let story = try await fixture.story()
        let before = try await fixture.snapshot(of: story)
        try await store.checkWritable()
        #expect(try await fixture.snapshot(of: story) == before)
    }

    @Test(
        "turns what the driver says into the domain's errors by its code",
        arguments: [(5, .busy), (13, .full), (8, .readOnly)] as [(Int32, StoryError.StorageTrouble)])
    func errors(code: Int32, trouble: StoryError.StorageTrouble) {
        #expect(StoryError(SQLiteError(extendedCode: code, message: "")) == .storage(trouble))
    }

    @Test("tells the operator what is wrong with a file that is broken or gone")
    func brokenFile() {
        for code: Int32 in [11, 26, 19] {
            let error = SQLiteError(extendedCode: code, message: "m")
            #expect(StoryError(error) == .storage(.corrupt("m (SQLite code \(code))")))
        }
        for code: Int32 in [14, 10, 1] {
            let error = SQLiteError(extendedCode: code, message: "m")
            #expect(StoryError(error) == .storage(.unavailable("m (SQLite code \(code))")))
        }
    }
}
