// SPDX-License-Identifier: Apache-2.0
import Database
import Postgres
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

@testable import PostgresEngine

/// An import is one transaction, for which all others wait.
@Suite("Imports")
struct ImportTests {
    @Test("A hundred times the updates cost hardly more round trips, with ids, links, pictures and reactions")
    func roundTrips() async throws {
        let engine = try CountingEngine(
            PostgresServer.shared.get().database("import_\(UInt32.random(in: 0 ... .max))"))
        let store = TableStore(
            on: engine, marks: try StoredMarks(in: engine.connection, at: importTime),
            renderer: .plain { "<\($0)>" }, now: { importTime })
        _ = try await store.addMedia(.make(1), idempotency: nil, access: everything)
        var counts: [Int] = []
        for number in [3, 300] {
            let before = engine.connection.roundTrips
            _ = try await store.importStory(Self.document(updates: number), access: everything)
            counts.append(engine.connection.roundTrips - before)
        }
        #expect(counts[1] < counts[0] + 5, "\(counts)")
    }

    private static func document(updates count: Int) -> StoryDocument {
        var document = StoryDocument(content: StoryContent(title: "Page of \(count)"))
        document.updates = (0..<count).map { number in
            var content = UpdateContent(body: "Words")
            content.media = [
                Media(type: .link, url: "https://paper.example/\(count)/\(number)"),
                Media(type: .image, url: MediaAsset.make(1).reference.path),
            ]
            content.tags = ["sea"]
            var entry = StoryDocument.UpdateEntry(content: content)
            entry.id = Identifier(high: UInt64(count), low: UInt64(number))
            entry.reactions = [.veryGood: 3]
            return entry
        }
        return document
    }
}

private let importTime = Timestamp(milliseconds: 1_795_000_000_000)

/// The engine of one connection, whose round trips are counted.
private final class CountingEngine: StoreEngine, @unchecked Sendable {
    let connection: PostgresConnection

    init(_ address: PostgresAddress) throws {
        _ = try PostgresEngine(address, role: .command, now: { importTime })
        connection = PostgresConnection(address)
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result { try body(Transaction(connection)) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result {
        let cache = WriterCache(defersWrites: true)
        do {
            try connection.run("BEGIN")
            let result = try body(Transaction(connection, pendingEvents: PendingEvents(), cache: cache))
            try cache.writeDeferred(to: connection)
            try connection.run("COMMIT")
            return result
        } catch let error as StoryError {
            throw error
        } catch {
            throw .storage(.unavailable("\(error)"))
        }
    }

    func eraseTraces() async -> Bool { false }
    func observe(_ observer: @escaping @Sendable ([StoreEvent]) -> Void) {}
    var statistics: StoreStatistics { StoreStatistics() }
    var executor: (any TaskExecutor)? { nil }
}
