// SPDX-License-Identifier: Apache-2.0
import Crypto
import Glibc
import HTTP
import JSON
import Live
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

@testable import API

/// Endpoints whose bodies are spooled to disk, and those that answer with files.
@Suite("Endpoints with files")
struct SpooledEndpointTests {
    private let folder: TemporaryFolder
    private let router: Router

    init() throws {
        folder = try TemporaryFolder()
        let store = try folder.store()
        let hub = ChannelHub(
            store: store, encoder: JSONFeedEncoder(), interval: PollInterval(), processors: nil)
        let authenticator = Authenticator(keys: store, adminKeyHash: sha256(testKey.utf8))
        let cache = ResponseCache(capacity: 0, sharedLines: [])
        var endpoints = Endpoints(
            hub: hub, cache: cache,
            shared: .init(
                authenticator: authenticator, metrics: Metrics(), onTrouble: { _ in },
                forwarded: ForwardedBy(), purge: nil, site: CurrentSite(store: store, cache: cache),
                executor: nil, jobs: JobQueue()))
        let policy = SpoolPolicy(folder: folder.path, limit: 1_000_000)
        // Answers with the digest by which a repeat is recognized.
        endpoints.on(.post, "/files", .key, spool: policy) { call in
            let write: IdempotentWrite<Int> = try call.idempotency { _ in StoredResponse(Response(.ok)) }
            let size = call.request.spooledBody?.size ?? -1
            return Response(.ok, body: Array("\(size) \(hexadecimal(write.request.fingerprint))".utf8))
        }
        let path = folder.file("file")
        _ = try #require(fopen(path, "w").map { fputs("0123456789", $0) + fclose($0) })
        endpoints.on(.get, "/files", produces: nil) { call in
            try .file(
                FileBody(path: path), type: "text/plain", etag: "\"e\"", cacheControl: "max-age=1",
                for: call.request)
        }
        router = endpoints.builder.build()
    }

    private static let keyed: Headers = [.authorization: "Bearer \(testKey)"]

    private func admission(_ headers: Headers) async throws -> Admission {
        var admission = router.admit(try Request(.post, "/files", headers: headers))
        while case .pending(_, let work) = admission { admission = await work() }
        return admission
    }

    @Test("A body is spooled only with a valid key, and not if it is compressed")
    func admitted() async throws {
        guard case .spooled(let policy) = try await admission(Self.keyed) else {
            Issue.record("it is not spooled")
            return
        }
        #expect(policy.folder == folder.path && policy.limit == 1_000_000)
        for (headers, status) in [
            ([:], 401), ([.authorization: "Bearer x"], 401),
            ([.authorization: "Bearer \(testKey)", .contentEncoding: "gzip"], 415),
        ] as [(Headers, Int)] {
            guard case .refused(let response) = try await admission(headers) else {
                Issue.record("\(headers) is admitted")
                continue
            }
            #expect(response.status.code == status)
            #expect(response.headers[.contentType] == "application/problem+json")
        }
    }

    @Test("A small body is spooled, too, only with a key")
    func small() async throws {
        let request = try Request(.post, "/files", headers: Self.keyed, body: [1, 2, 3])
        let response = await router.respond(to: request).settled()
        #expect(String(decoding: response.body, as: UTF8.self).hasPrefix("3 "))
        let anonymous = try Request(.post, "/files", body: [1, 2, 3])
        #expect(await router.respond(to: anonymous).settled().status == .unauthorized)
    }

    @Test("Uploads are repeats of each other only if they have the same bytes")
    func fingerprints() async throws {
        func digest(_ bytes: [UInt8]) async throws -> [UInt8] {
            let body = try SpooledBody(bytes, folder: folder.path)
            let request = try Request(.post, "/files", headers: Self.keyed, spooledBody: body)
            return await router.respond(to: request).settled().body
        }
        // More than is read at a time.
        let bytes = [UInt8](repeating: 7, count: 700_000)
        for index in [0, 300_000, 699_999] {
            var other = bytes
            other[index] = 8
            #expect(try await digest(bytes) != digest(other))
        }
        #expect(try await digest(bytes) == digest(bytes))
        #expect(try await digest(bytes) != digest(Array(bytes.dropLast())))
        #expect(try await digest([]) != digest([0]))
    }

    @Test("A range outside of a file, and a precondition that fails, are problems")
    func refusals() async throws {
        for (headers, status) in [([.range: "bytes=10-"], 416), ([.ifMatch: "\"f\""], 412)]
            as [(Headers, Int)]
        {
            let response = await router.respond(to: try Request(.get, "/files", headers: headers)).settled()
            #expect(response.status.code == status)
            #expect(response.headers[.contentType] == "application/problem+json")
            #expect(response.headers[.contentRange] == (status == 416 ? "bytes */10" : nil))
            let type = try JSONValue(parsing: response.body).text("type")
            #expect(
                type == (status == 416 ? "/problems/range-not-satisfiable" : "/problems/precondition-failed"))
        }
        let part = await router.respond(to: try Request(.get, "/files", headers: [.range: "bytes=2-3"]))
            .settled()
        #expect(part.status == .partialContent && part.fileRange == 2..<4)
    }

    @Test("A full disk is the problem that a full database is")
    func full() {
        let problem = Problem(RequestFailure(.insufficientStorage, "full"))
        #expect(problem.kind.name == "storage-full" && problem.kind.status == .insufficientStorage)
        #expect(Int(problem.headers[.retryAfter] ?? "").map { $0 >= 30 } == true)
    }
}
