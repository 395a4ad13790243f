// SPDX-License-Identifier: Apache-2.0
import Database
import SQLite
import StoreSupport
import Stories
import Support
import Synchronization
import Testing

@testable import StoryTables

@Suite("Idempotency keys in the store", .onEveryEngine)
struct IdempotencyKeyTests {
    private let folder: TemporaryFolder
    private let wall = ManualClock()

    init() throws { folder = try TemporaryFolder() }

    private func open(_ uptime: Uptime) throws -> TableStore {
        try TestEngine.current.store(
            in: folder, TestEngine.Options(clock: { uptime.value }, now: { [wall] in wall.now }))
    }

    private func idempotency(
        _ value: String, _ holder: IdempotencyKey.Holder = .apiKey("a"), request: UInt8 = 1
    ) -> WriteRequest {
        WriteRequest(fingerprint: [request], key: IdempotencyKey(holder: holder, value: value))
    }

    /// Reacts; returns true if done, false if replayed.
    private func react(
        _ store: TableStore, _ story: Story, _ request: WriteRequest
    ) async throws -> Bool {
        let idempotency = IdempotentWrite<ReactionOutcome>(request) { _ in
            StoredResponse(status: 200, headers: [], body: [1])
        }
        do throws(StoryError) {
            _ = try await store.react(
                .veryGood, to: nil, of: story.reference, by: nil, idempotency: idempotency, access: .reader)
            return true
        } catch {
            guard case .replayed = error else { throw error }
            return false
        }
    }

    private func newStory(_ store: TableStore) async throws -> Story {
        try await store.createStory(.make(title: "Once") { $0.status = .set(.live) }, access: .admin).value
    }

    @Test("A wall clock that jumps ahead and back expires no key; a day of uptime does")
    func jump() async throws {
        let uptime = Uptime()
        let store = try open(uptime)
        let story = try await newStory(store)
        #expect(try await react(store, story, idempotency("first")))
        for hours in [25, -25] as [Int64] {
            wall.advance(milliseconds: hours * 3_600_000)
            #expect(try await react(store, story, idempotency("during \(hours)")))
            #expect(try await !react(store, story, idempotency("first")))
        }
        uptime.add(.seconds(24 * 3_600 + 1))
        #expect(try await react(store, story, idempotency("later")))
        #expect(try await react(store, story, idempotency("first")))
    }

    @Test("A restart with another clock expires no key")
    func restart() async throws {
        let story = try await {
            let store = try open(Uptime())
            let story = try await newStory(store)
            #expect(try await react(store, story, idempotency("first")))
            return story
        }()
        wall.advance(milliseconds: 366 * 86_400_000)
        let store = try open(Uptime())
        #expect(try await react(store, story, idempotency("second")))
        #expect(try await !react(store, story, idempotency("first")))
    }

    @Test("Two networks do not share a key, and their addresses are not stored")
    func networks() async throws {
        let store = try open(Uptime())
        let story = try await newStory(store)
        let networks = ["192.0.2.77", "198.51.100.77"].map { IdempotencyKey.Holder.network($0) }
        for network in networks {
            #expect(try await react(store, story, idempotency("same", network, request: 1)))
        }
        for network in networks {
            #expect(try await !react(store, story, idempotency("same", network, request: 1)))
        }
        let database = try TestEngine.current.database(in: folder)
        let holders = try database.rows("SELECT holder FROM stored_responses") { $0.text() }
        #expect(Set(holders).count == 2 && !holders.contains { $0.contains("77") && $0.contains(".") })
    }

    @Test("The oldest keys of a network are evicted first; those of API keys stay")
    func bound() async throws {
        let store = try open(Uptime())
        let story = try await newStory(store)
        let (network, other) = (IdempotencyKey.Holder.network("a"), IdempotencyKey.Holder.network("b"))
        for holder in [.apiKey("a"), other] {
            #expect(try await react(store, story, idempotency("kept", holder)))
        }
        for number in 0...Limits.idempotencyKeysPerNetwork {
            #expect(try await react(store, story, idempotency("\(number)", network)))
        }
        #expect(try await !react(store, story, idempotency("1", network)))
        #expect(try await react(store, story, idempotency("0", network)), "the oldest was not let go of")
        for holder in [.apiKey("a"), other] {
            #expect(try await !react(store, story, idempotency("kept", holder)))
        }
    }

    @Test("The oldest keys of all networks together are evicted first")
    func total() async throws {
        let store = try open(Uptime())
        let story = try await newStory(store)
        #expect(try await react(store, story, idempotency("old", .network("a"))))
        // Simulates the writes in between.
        try TestEngine.current.database(in: folder).run(
            """
            INSERT INTO stored_responses (holder, key, fingerprint, status, headers, body, created_at, number)
            SELECT 'network:x', 'x', fingerprint, 200, '[]', body, created_at, number + \(Limits.idempotencyKeysOfNetworks) - 1
            FROM stored_responses
            """)
        #expect(try await !react(store, story, idempotency("old", .network("a"))))
        #expect(try await react(store, story, idempotency("new", .network("b"))))
        #expect(
            try await react(store, story, idempotency("old", .network("a"))), "the oldest was not let go of")
    }

    @Test("A key of a taken-down update never expires, and its request is rejected under any key")
    func takenDown() async throws {
        let uptime = Uptime()
        let store = try open(uptime)
        let story = try await newStory(store)
        func make(_ request: WriteRequest) async throws -> Identifier {
            let idempotency = IdempotentWrite<[Versioned<EditorUpdate>]>(request) { made in
                StoredResponse(status: 201, headers: [], body: Array("\(made[0].value.id)".utf8))
            }
            return try await store.createUpdates(
                of: story.reference, [.make(body: "x")], idempotency: idempotency, access: .admin)[0].value.id
        }
        let id = try await make(idempotency("guid"))
        _ = try await store.takeDownUpdate(
            id, of: story.reference, reason: "Court", if: .none, idempotency: nil, access: .admin)
        uptime.add(.seconds(400 * 86_400))
        #expect(try await react(store, story, idempotency("later")))
        await #expect(throws: StoryError.takenDown(members: [0])) { _ = try await make(idempotency("guid")) }
        await #expect(throws: StoryError.otherRequest) { _ = try await make(idempotency("guid", request: 2)) }
        await #expect(throws: StoryError.takenDown(members: [0])) { _ = try await make(idempotency("other")) }
    }
}

/// The uptime of a store.
private final class Uptime: Sendable {
    private let duration = Mutex(Duration.zero)
    var value: Duration { duration.withLock { $0 } }
    func add(_ more: Duration) { duration.withLock { $0 += more } }
}
