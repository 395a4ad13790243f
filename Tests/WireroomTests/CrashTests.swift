import Foundation
import HTTP
import JSON
import SQLite
import Support
import Synchronization
import Testing

/// What a 2xx answer to a write promises: committed and on disk, whatever happens to the process.
@Suite("Crashes")
struct CrashTests {
    private static let key = "a-key-for-the-crash-test"

    @Test("Every acknowledged update survives 50 kills in the middle of writes, and pollers miss nothing")
    func kills() async throws {
        let folder = try TemporaryFolder()
        let database = folder.file("crash.db")
        let acknowledged = Acknowledged()
        var story = ""
        var poller: Poller?
        var random = SeededGenerator()
        for round in 0...50 {
            let server = try ServerProcess(
                database: database, environment: ["WIREROOM_ADMIN_KEY": Self.key])
            let transport = Self.transport(to: server)
            if round == 0 { story = try await Self.newStory(transport) }
            var reader = poller ?? Poller(story: story, limit: 20, transport: transport)
            reader.use(transport)
            try await reader.catchUp()
            poller = reader
            let held = Set(reader.copy.updates.keys)
            let missing = acknowledged.all.subtracting(held)
            #expect(missing.isEmpty, "lost after kill \(round): \(missing), seed \(random.seed)")
            if round == 50 {
                var fresh = Poller(story: story, limit: 200, transport: transport)
                try await fresh.catchUp()
                #expect(reader.copy.listed == fresh.copy.listed)
                #expect(server.terminate() == 0)
            } else {
                let pause = UInt64.random(in: 5_000_000...80_000_000, using: &random)
                try await Self.write(to: story, on: server.port, until: pause, acknowledged, kill: server)
            }
        }
        #expect(acknowledged.all.count > 50, "too few writes were acknowledged for this to say anything")
        let connection = try Connection(path: database, mode: .readOnly)
        let verdict = try connection.rows("PRAGMA integrity_check") { $0.text() }
        #expect(verdict == ["ok"])
    }

    /// Four writers at work, until the server is killed under them.
    private static func write(
        to story: String, on port: UInt16, until pause: UInt64, _ acknowledged: Acknowledged,
        kill server: ServerProcess
    ) async throws {
        let writers = (0..<4).map { number in
            Task {
                let client = HTTPClient(port: port)
                for count in 0... {
                    let body = Array(#"{"body": "Writer \#(number), update \#(count)"}"#.utf8)
                    // The server is killed under the writers: then their requests fail, and they are done.
                    guard
                        let reply = try? await client.request(
                            .post, "/stories/\(story)/updates", headers: headers, body: body),
                        reply.status == 201, let update = try? JSONValue(parsing: reply.body)
                    else { return }
                    acknowledged.add(update["id"]?.string ?? "")
                }
            }
        }
        try await Task.sleep(nanoseconds: pause)
        server.kill()
        for writer in writers { await writer.value }
    }

    private static let headers = [
        ("Authorization", "Bearer \(key)"), ("Content-Type", "application/json"),
    ]

    private static func newStory(_ transport: Transport) async throws -> String {
        try await transport("POST", "/stories", .object(["title": .string("Crash")])).body.text("id")
    }

    /// Over one connection to the server.
    private static func transport(to server: ServerProcess) -> Transport {
        let client = HTTPClient(port: server.port)
        return { method, target, body in
            let reply = try await client.request(
                Method(rawValue: method), target, headers: headers,
                body: body.map { JSONWriter.bytes(of: $0) } ?? [])
            return (reply.status, reply.body.isEmpty ? .null : try JSONValue(parsing: reply.body))
        }
    }
}

/// The ids of updates that the server said it has.
private final class Acknowledged: Sendable {
    private let ids = Mutex<Set<String>>([])

    var all: Set<String> { ids.withLock { $0 } }

    func add(_ id: String) { ids.withLock { _ = $0.insert(id) } }
}
