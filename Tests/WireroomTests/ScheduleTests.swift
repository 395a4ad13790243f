// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import JSON
import Stories
import Support
import Testing

/// The server publishes scheduled updates by itself.
@Suite("Schedules")
struct ScheduleTests {
    private static let key = "a-key-for-the-schedule-test"

    @Test(
        "An update that falls due while the server is down is published at the restart, later ones in time"
    )
    func released() async throws {
        let folder = try TemporaryFolder()
        var server = try await start(folder)
        _ = try await post("/stories", #"{"title": "Soon", "slug": "soon"}"#, server)
        for (body, seconds) in [("first", 0.5), ("second", 4)] {
            let time = Timestamp(milliseconds: Int64((Date.now.timeIntervalSince1970 + seconds) * 1_000))
            let update = try await post(
                "/stories/soon/updates", #"{"body": "\#(body)", "publishAt": "\#(time)"}"#, server)
            #expect(update["state"]?.string == "scheduled")
        }
        try await server.kill()
        try await Task.sleep(for: .milliseconds(700))
        server = try await start(folder)
        #expect(try await shown(server, until: 1).last == "first")
        #expect(try await shown(server, until: 2) == ["second", "first"])
        #expect(try await server.terminate() == 0)
    }

    private func start(_ folder: TemporaryFolder) async throws -> ServerProcess {
        try await ServerProcess.start(
            database: folder.file("soon.db"), environment: ["WIREROOM_ADMIN_KEY": Self.key])
    }

    private func post(_ path: String, _ body: String, _ server: ServerProcess) async throws -> JSONValue {
        let reply = try await HTTPClient(port: server.port).request(
            .post, path,
            headers: [("Authorization", "Bearer \(Self.key)"), ("Content-Type", "application/json")],
            body: Array(body.utf8))
        return try JSONValue(parsing: reply.body)
    }

    /// What readers see once there are `count` updates.
    private func shown(_ server: ServerProcess, until count: Int) async throws -> [String] {
        let client = HTTPClient(port: server.port)
        for _ in 0..<1_000 {
            let reply = try await client.request(.get, "/stories/soon/updates")
            let bodies = try JSONValue(parsing: reply.body)["updates"]?.items?.compactMap {
                $0["body"]?.string
            }
            if let bodies, bodies.count >= count { return bodies }
            try await Task.sleep(for: .milliseconds(20))
        }
        return []
    }
}
