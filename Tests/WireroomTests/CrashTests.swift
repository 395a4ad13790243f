// SPDX-License-Identifier: Apache-2.0
import Database
import Foundation
import HTTP
import JSON
import Postgres
import SQLite
import StoreSupport
import StoryTables
import Support
import Testing

/// The durability of 2xx responses to writes: committed and on disk, exactly once, also after SIGKILL.
@Suite("Crashes")
struct CrashTests {
    private static let key = "a-key-for-the-crash-test"
    /// The number of kills. `make crash` uses 200.
    private static let rounds =
        ProcessInfo.processInfo.environment["WIREROOM_KILLS"].flatMap { Int($0) } ?? 50

    /// What is killed while a node serves from which engine.
    enum Scene: CaseIterable, CustomTestStringConvertible {
        case sqliteServer, postgresNode, postgresServer

        var testDescription: String {
            switch self {
            case .sqliteServer: "a server with SQLite"
            case .postgresNode: "a node with PostgreSQL"
            case .postgresServer: "the PostgreSQL server"
            }
        }

        /// How long is written before a kill. PostgreSQL gives a killed node's lease to the next one only when it has noticed.
        var nanoseconds: ClosedRange<UInt64> {
            self == .sqliteServer ? 5_000_000...80_000_000 : 50_000_000...300_000_000
        }

        /// Starting PostgreSQL takes longer.
        var kills: Int {
            switch self {
            case .sqliteServer: rounds
            case .postgresNode: max(rounds / 2, 1)
            case .postgresServer: max(rounds / 10, 1)
            }
        }
    }

    @Test(
        "Acknowledged writes survive kills exactly once and completely, and pollers miss nothing",
        .timeLimit(.minutes(10)), arguments: Scene.allCases)
    func kills(scene: Scene) async throws {
        let folder = try TemporaryFolder()
        let postgres = scene == .sqliteServer ? nil : try PostgresServer(settings: "fsync=off")
        let database = try postgres?.location("crash") ?? folder.file("crash.db")
        var random = SeededGenerator()
        var (writers, poller): ([CrashWriter], Poller?) = ([], nil)
        var running: ServerProcess?
        for round in 0...scene.kills {
            let server =
                if let running { running } else {
                    try await ServerProcess.start(
                        database: database, environment: ["WIREROOM_ADMIN_KEY": Self.key],
                        options: ["--reaction-rate", "0"])
                }
            let transport = Self.transport(to: server)
            if round == 0 { writers = try await Self.newWriters(transport) }
            let story = writers[0].story
            var reader = poller ?? Poller(story: story, limit: 200, transport: transport)
            reader.use(transport)
            try await reader.catchUp()
            poller = reader
            let reactions = try await transport("GET", "/stories/\(story)/reactions", nil).body
            let bodies = reader.copy.updates.compactMapValues { $0["body"]?.string }
            for writer in writers {
                let errors = writer.errors(bodies, reactions: reactions)
                #expect(errors.isEmpty, "after kill \(round), seed \(random.seed)")
            }
            if round == scene.kills {
                var fresh = Poller(story: story, limit: 200, transport: transport)
                try await fresh.catchUp()
                #expect(reader.copy.listed == fresh.copy.listed)
                #expect(try await server.terminate() == 0)
            } else {
                let pause = UInt64.random(in: scene.nanoseconds, using: &random)
                try await Self.write(writers, on: server, for: pause) {
                    if scene == .postgresServer { try postgres?.crash() } else { try await server.kill() }
                }
                running = scene == .postgresServer ? server : nil
            }
        }
        for writer in writers {
            #expect(writer.acknowledged > scene.kills / 5, "too little for this to say anything")
        }
        if let postgres {
            #expect(try StoreRules.faults(in: PostgresConnection(postgres.database("crash"))) == [])
        } else {
            #expect(writers.contains { $0.replays > 0 }, "no operation was repeated after its commit")
            let connection = try Connection(path: database, mode: .readOnly)
            let verdict = try connection.rows("PRAGMA integrity_check") { $0.text() }
            #expect(verdict == ["ok"])
        }
    }

    /// Sixteen writers, of all kinds.
    private static func newWriters(_ transport: Transport) async throws -> [CrashWriter] {
        let story = try await transport("POST", "/stories", .object(["title": .string("Crash")]))
        let id = try story.body.text("id")
        let kinds = CrashWriter.Kind.allCases
        var writers: [CrashWriter] = []
        for number in 0..<16 {
            let target = try await transport(
                "POST", "/stories/\(id)/updates", .object(["body": .string("Target \(number) 0")]))
            writers.append(
                CrashWriter(
                    kinds[number % kinds.count], number, story: id, target: try target.body.text("id")))
        }
        return writers
    }

    /// Runs all writers until the kill.
    private static func write(
        _ writers: [CrashWriter], on server: ServerProcess, for pause: UInt64,
        then kill: () async throws -> Void
    ) async throws {
        let port = server.port
        let tasks = writers.map { writer in Task { await writer.write(on: port, headers: headers) } }
        try await Task.sleep(nanoseconds: pause)
        try await kill()
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    private static let headers = [
        ("Authorization", "Bearer \(key)"), ("Content-Type", "application/json"),
    ]

    /// Sends requests over one connection to the server.
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
