// SPDX-License-Identifier: Apache-2.0
import Glibc
import Support
import Synchronization
import Testing

@testable import HTTP

/// A server with one route that spools bodies, `POST /upload`, and one that does not, `GET /text`.
struct SpoolFixture: Sendable {
    let folder: TemporaryFolder
    /// How often a temporary file was opened.
    let opened = Count()
    private let policy: SpoolPolicy

    final class Count: Sendable {
        private let count = Atomic<Int>(0)
        var value: Int { count.load(ordering: .relaxed) }
        func add() { count.add(1, ordering: .relaxed) }
    }

    /// `open` stands in for the system's.
    init(limit: Int = 8_000_000, open: (@Sendable (String) -> Int32)? = nil) throws {
        folder = try TemporaryFolder()
        var policy = SpoolPolicy(folder: folder.path, limit: limit)
        let (opened, present) = (opened, open ?? policy.open)
        policy.open = { folder in
            opened.add()
            return present(folder)
        }
        self.policy = policy
    }

    /// Uploads need the key "good". They are answered with their size and a digest.
    var router: Router {
        var builder = RouterBuilder { failure, _, _ in .plain(failure) }
        builder.on(
            .post, "/upload", spool: policy,
            admit: { request in
                .pending(on: nil) {
                    request.header(.authorization)?.ascii == "good"
                        ? .admitted : .refused(.text("who are you", .unauthorized))
                }
            }
        ) { request in
            .pending {
                guard let body = request.spooledBody, request.body.isEmpty else {
                    return .ready(.text("it is in memory", .internalServerError))
                }
                let bytes = (try? body.read(0..<body.size)) ?? []
                return .ready(.text(Self.answer(bytes)))
            }
        }
        builder.on(.post, "/limited", spool: policy, admit: { _ in .limited }) { request in
            .ready(.text("\(request.spooledBody?.size ?? -1)"))
        }
        builder.on(.post, "/discard", spool: policy) { .ready(.text("\($0.spooledBody?.size ?? -1)")) }
        builder.on(.get, "/text") { _ in .ready(.text("text")) }
        return builder.build()
    }

    /// The answer to a body: its size, and a digest (FNV-1a).
    static func answer(_ bytes: [UInt8]) -> String {
        let digest = bytes.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        return "\(bytes.count) \(digest)"
    }

    static func head(_ fields: String, path: String = "/upload", key: String = "good") -> String {
        "POST \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: \(key)\r\n\(fields)\r\n\r\n"
    }

    static func bytes(_ count: Int) -> [UInt8] {
        var state = UInt32(truncatingIfNeeded: count)
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    /// A body in chunks of these sizes, in turn.
    static func chunked(_ bytes: [UInt8], sizes: [Int] = [1, 70_000, 16, 4_096]) -> [UInt8] {
        var (coded, rest, turn) = ([UInt8](), bytes[...], 0)
        while !rest.isEmpty {
            let chunk = rest.prefix(sizes[turn % sizes.count])
            coded += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)
            rest = rest.dropFirst(chunk.count)
            turn += 1
        }
        return coded + Array("0\r\n\r\n".utf8)
    }

    /// Waits until no body is left, on disk or as a descriptor, and checks that no file is.
    func expectNothingLeft(_ server: Server) async throws {
        try await until { server.statistics.spooledBodies == 0 }
        try await until { OpenDescriptors.ofFiles(below: folder.path) == 0 }
        #expect(OpenDescriptors.names(in: folder.path).isEmpty)
    }
}
