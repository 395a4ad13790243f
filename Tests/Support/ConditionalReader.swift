// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import JSON

/// A reader that polls the whole snapshot with conditional requests, in either content coding. Checks the entity tags: equal
/// tags have equal bytes, and versions never go backwards.
public struct ConditionalReader {
    private let address: String
    private let client: HTTPClient
    private var random: SeededGenerator
    private var tag = ""
    private var bodies: [String: Int] = [:]
    private var lastSeq = 0
    /// The last snapshot.
    public private(set) var snapshot = JSONValue.null
    /// Number of responses by status.
    public private(set) var answers: [Int: Int] = [:]

    /// A reader of a story on a server.
    public init(story: String, port: UInt16, random: SeededGenerator) {
        address = "/stories/\(story)/updates?limit=200"
        client = HTTPClient(port: port)
        self.random = random
    }

    /// Polls once. Throws if the task is cancelled.
    public mutating func poll() async throws {
        try Task.checkCancellation()
        var headers: [(String, String)] = []
        if !tag.isEmpty, !random.once(in: 4) { headers.append(("If-None-Match", tag)) }
        if random.once(in: 2) { headers.append(("Accept-Encoding", "gzip")) }
        let reply = try await client.request(.get, address, headers: headers)
        answers[reply.status, default: 0] += 1
        switch reply.status {
        case 200: try take(reply)
        case 304:
            guard reply.header("ETag") == tag else { throw PollerError.disorder("304 with another tag") }
        case 404: break
        default: throw PollerError.unexpected(status: reply.status, address: address, body: reply.text)
        }
    }

    private mutating func take(_ reply: HTTPReply) throws {
        tag = reply.header("ETag") ?? ""
        let isPacked = reply.header("Content-Encoding") == "gzip"
        let body = isPacked ? try gunzip(reply.body) : reply.body
        let hash = reply.body.hashValue
        if let known = bodies[tag], known != hash { throw PollerError.disorder("other bytes for \(tag)") }
        bodies[tag] = hash
        snapshot = try JSONValue(parsing: body)
        let cursor = try snapshot.text("cursor")
        let seq = Int(cursor.split(separator: "-").last ?? "") ?? 0
        guard seq >= lastSeq, snapshot["story"]?["seq"]?.integer == seq else {
            throw PollerError.disorder("\(seq) after \(lastSeq)")
        }
        guard tag.hasPrefix("\"\(cursor).") else { throw PollerError.disorder("\(tag) at \(cursor)") }
        lastSeq = seq
    }
}
