// SPDX-License-Identifier: Apache-2.0
import HTTP
import JSON
import Support
import Synchronization
import Testing

/// Purging the cache in front after a takedown.
@Suite("Purging")
struct PurgeTests {
    private static let key = "a-key-for-the-purge-test"
    private static let traceText = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test(
        "Each path of a takedown is purged, with the configured method and host",
        arguments: [200, 404, 500])
    func purges(status: Int) async throws {
        let seen = Requests(status: status)
        let cache = Server(configuration: ServerConfiguration(port: 0, workers: 1), responder: seen)
        let cachePort = try #require(try cache.start().first?.port)
        let folder = try TemporaryFolder()
        let server = try await ServerProcess.start(
            database: folder.file("purge.db"),
            // A proxy of the environment is not used.
            environment: ["WIREROOM_ADMIN_KEY": Self.key, "http_proxy": "http://127.0.0.1:1"],
            // Whether social images are ready, whose paths would be listed too, depends on the machine.
            options: [
                "--purge-url", "http://127.0.0.1:\(cachePort)", "--purge-host", "news.example",
                "--social-images", "off",
            ])
        let answer = try await Self.takeDown(on: server.port)
        #expect(answer["purged"] == .bool(status != 500))
        let paths = answer["purge"]?.items?.compactMap(\.string) ?? []
        #expect(paths.count == 31)
        let story = String(try #require(paths.first).split(separator: "/")[1])
        #expect(seen.all == paths.map { "PURGE \($0) at news.example of story-\(story)" })
        // Each purge is a separate span in the trace of the takedown.
        let trace = try #require(TraceParent(Self.traceText))
        let steps = seen.traces.compactMap { TraceParent($0) }
        #expect(steps.count == paths.count && steps.allSatisfy { $0.traceID == trace.traceID })
        #expect(Set(steps.map(\.parentID) + [trace.parentID]).count == paths.count + 1)
        #expect(try await server.terminate() == 0)
        await cache.stop(within: .seconds(1))
    }

    @Test("Without a cache the takedown succeeds, and reports that nothing was purged")
    func noCache() async throws {
        let folder = try TemporaryFolder()
        let server = try await ServerProcess.start(
            database: folder.file("purge.db"), environment: ["WIREROOM_ADMIN_KEY": Self.key],
            options: ["--purge-url", "http://127.0.0.1:1"])
        let answer = try await Self.takeDown(on: server.port)
        #expect(answer["purged"] == .bool(false) && answer["erased"] == .bool(true))
        #expect(try await server.terminate() == 0)
        // The log names what was not purged, but not its content.
        let log = try server.rest()
        #expect(log.contains("cannot be told to purge /stories/") && !log.contains("UNSPEAKABLE"))
    }

    private static func takeDown(on port: UInt16) async throws -> JSONValue {
        let client = HTTPClient(port: port)
        func post(_ path: String, _ body: String) async throws -> JSONValue {
            let reply = try await client.request(
                .post, path,
                headers: [
                    ("Authorization", "Bearer \(key)"), ("Content-Type", "application/json"),
                    ("traceparent", traceText),
                ],
                body: Array(body.utf8))
            return try JSONValue(parsing: reply.body)
        }
        _ = try await post("/stories", #"{"title": "Purge", "slug": "purge"}"#)
        let update = try await post("/stories/purge/updates", #"{"body": "UNSPEAKABLE"}"#).text("id")
        return try await post("/stories/purge/updates/\(update)/takedown", #"{"reason": "Court"}"#)
    }
}

/// A cache that only records its requests.
private final class Requests: Responder {
    private let requests = Mutex<[String]>([])
    private let parents = Mutex<[String]>([])
    private let status: Status

    init(status: Int) { self.status = Status(status) }

    var all: [String] { requests.withLock { $0 } }

    /// The `traceparent` of each request.
    var traces: [String] { parents.withLock { $0 } }

    func respond(to request: Request) -> Answer {
        let (host, story) = (request.text("Host"), request.text("Surrogate-Key"))
        requests.withLock { $0.append("\(request.method) \(request.target) at \(host) of \(story)") }
        parents.withLock { $0.append(request.text("traceparent")) }
        return .ready(Response(status))
    }

    func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        Response(failure.status)
    }
}

extension Request {
    /// The value of an ASCII field; empty if there is none.
    fileprivate func text(_ name: HeaderName) -> String { header(name)?.ascii ?? "" }
}
