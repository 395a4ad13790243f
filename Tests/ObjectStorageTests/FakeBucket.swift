// SPDX-License-Identifier: Apache-2.0
import Crypto
import HTTP
import ObjectStorage
import Support
import Synchronization
import Testing

/// An object storage in memory with one bucket, `news`. It does not look at signatures, but at checksums.
final class FakeBucket: Responder, Sendable {
    private let state = Mutex(State())
    private let pageSize: Int

    private struct State {
        var objects: [String: [UInt8]] = [:]
        var failures: [String: Response] = [:]
        var requests: [String] = []
        var atOnce = 0
        var mostAtOnce = 0
        /// Uploads wait until so many are there.
        var gate = 0
    }

    /// A storage whose lists have pages of that many objects.
    init(pageSize: Int = 1_000) { self.pageSize = pageSize }

    /// The objects by their keys.
    var objects: [String: [UInt8]] {
        get { state.withLock { $0.objects } }
        set { state.withLock { $0.objects = newValue } }
    }

    /// Methods and targets of all requests that came.
    var requests: [String] { state.withLock { $0.requests } }

    /// The most uploads that there were at a time.
    var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }

    /// Answers each request `<method> <key>` by this response.
    func fail(_ request: String, _ response: Response) {
        state.withLock { $0.failures[request] = response }
    }

    /// Holds uploads back until that many are waiting.
    func holdUploads(until count: Int) { state.withLock { $0.gate = count } }

    func respond(to request: Request) -> Answer {
        let key = request.path.split(separator: "/").dropFirst().joined(separator: "/")
        let failure = state.withLock { state in
            state.requests.append("\(request.method.rawValue) \(request.target)")
            return state.failures["\(request.method.rawValue) \(key)"]
        }
        if let failure { return .ready(failure) }
        switch request.method {
        case .put: return .pending { [self] in await .ready(put(request, key)) }
        case .delete:
            state.withLock { $0.objects[key] = nil }
            return .ready(Response(.noContent))
        default: return .ready(key.isEmpty ? list(request) : get(key))
        }
    }

    func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        Response(failure.status)
    }

    private func put(_ request: Request, _ key: String) async -> Response {
        state.withLock { state in
            state.atOnce += 1
            state.mostAtOnce = max(state.mostAtOnce, state.atOnce)
        }
        try? await until { state.withLock { $0.mostAtOnce >= $0.gate } }
        let checksum = hexadecimal(sha256(request.body))
        let isSound = request.header("x-amz-content-sha256")?.ascii == checksum
        state.withLock { state in
            state.atOnce -= 1
            if isSound { state.objects[key] = request.body }
        }
        return isSound ? Response(.ok) : Self.error(.badRequest, "XAmzContentSHA256Mismatch")
    }

    private func get(_ key: String) -> Response {
        guard let bytes = objects[key] else { return Self.error(.notFound, "NoSuchKey") }
        return Response(.ok, body: bytes)
    }

    private func list(_ request: Request) -> Response {
        let (prefix, token) = (
            request.query("prefix").first ?? "", request.query("continuation-token").first ?? ""
        )
        let keys = objects.keys.filter { $0.hasPrefix(prefix) && $0 > token }.sorted()
        let page = keys.prefix(pageSize)
        let entries = page.map { key in
            "<Contents><Key>\(key)</Key><LastModified>2026-11-30T11:03:39.000Z</LastModified>"
                + "<Size>\(objects[key]?.count ?? 0)</Size></Contents>"
        }
        let next =
            page.count < keys.count
            ? page.last.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } : nil
        let text =
            "<ListBucketResult><IsTruncated>\(next != nil)</IsTruncated>\(next ?? "")\(entries.joined())</ListBucketResult>"
        return Response(.ok, body: Array(text.utf8))
    }

    /// A refusal as Amazon words it.
    static func error(_ status: Status, _ code: String) -> Response {
        let text = """
            <Error><Code>\(code)</Code><Message>It is not to be.</Message><AWSAccessKeyId>AKIDSHOWN</AWSAccessKeyId>\
            <SignatureProvided>5ec2e7</SignatureProvided></Error>
            """
        return Response(status, body: Array(text.utf8))
    }
}

/// Serves a bucket while the body runs, with the settings to reach it at `s3://news/live`.
func withServer(
    of bucket: FakeBucket, cache: String, _ body: (BucketSettings) async throws -> Void
) async throws {
    let server = Server(configuration: ServerConfiguration(port: 0, workers: 1), responder: bucket)
    let port = try #require(try server.start().first?.port)
    var settings = BucketSettings(
        address: try #require(BucketAddress("s3://news/live")),
        access: BucketAccess(key: "AKIDSHOWN", secret: "secret", token: nil, region: "eu-central-1"),
        endpoint: "http://127.0.0.1:\(port)", cacheFolder: cache)
    settings.attempts = 1
    try await body(settings)
    await server.stop(within: .seconds(1))
}

/// Serves a bucket while the body runs, with the storage in it and a folder of its own.
func withBucket(
    _ bucket: FakeBucket = FakeBucket(),
    _ body: (FakeBucket, BucketStorage, TemporaryFolder) async throws -> Void
) async throws {
    let folder = try TemporaryFolder()
    try await withServer(of: bucket, cache: folder.file("copies")) { settings in
        let storage = BucketStorage(settings, userAgent: "test")
        try storage.prepare()
        try await body(bucket, storage, folder)
    }
}
