// SPDX-License-Identifier: Apache-2.0
internal import JSON

/// A reader of the event stream whose connection is cut again and again: takes a snapshot, follows by the rules of `EventSource`,
/// resumes with `Last-Event-ID`.
public struct StreamFollower {
    private let story: String
    private let client: HTTPClient
    private let transport: Transport
    private var random: SeededGenerator
    private var copy = FeedCopy()
    /// Number of cuts, by the reader or the server.
    public private(set) var cuts = 0

    /// A reader of a story on a server. `transport` is used for snapshots.
    public init(story: String, port: UInt16, random: SeededGenerator, transport: @escaping Transport) {
        (self.story, self.random, self.transport) = (story, random, transport)
        client = HTTPClient(port: port)
    }

    /// Follows until the story has this title; returns the reader's copy. Throws if the task is cancelled.
    public mutating func follow(until title: String) async throws -> FeedCopy {
        while copy.story?["title"]?.string != title {
            try Task.checkCancellation()
            if copy.cursor.isEmpty { try await takeSnapshot() } else { try await takeEvents(until: title) }
        }
        client.close()
        return copy
    }

    private mutating func takeSnapshot() async throws {
        var poller = Poller(story: story, limit: 50, transport: transport)
        _ = try await poller.step()
        while !poller.isCaughtUpWithPages { _ = try await poller.step() }
        copy = poller.copy
    }

    /// One connection: some events, then a cut.
    private mutating func takeEvents(until title: String) async throws {
        cuts += 1
        client.close()
        try await client.send(
            "GET /stories/\(story)/stream HTTP/1.1\r\nHost: x\r\nLast-Event-ID: \(copy.cursor)\r\n\r\n")
        let head = try await client.readHead()
        switch head.status {
        case 200: break
        case 204: return try await Task.sleep(nanoseconds: 5_000_000)  // No stream for a closed story.
        case 404, 410:
            copy = FeedCopy()
            return try await Task.sleep(nanoseconds: 2_000_000)
        default: throw PollerError.unexpected(status: head.status, address: "stream", body: "")
        }
        var left = Int.random(in: 1...60, using: &random)
        var text: [UInt8] = []
        while left > 0, copy.story?["title"]?.string != title {
            let chunk = try await client.readChunk()
            if chunk.isEmpty { return }
            text += chunk
            left -= try takeBlocks(of: &text)
        }
    }

    /// Applies the complete event blocks; returns their number.
    private mutating func takeBlocks(of text: inout [UInt8]) throws -> Int {
        var count = 0
        while let end = text.indices.dropLast().first(where: { text[$0] == 10 && text[$0 + 1] == 10 }) {
            try take(block: String(decoding: text[..<end], as: UTF8.self))
            text.removeFirst(end + 2)
            count += 1
        }
        return count
    }

    private mutating func take(block: String) throws {
        var fields: [Substring: Substring] = [:]
        for line in block.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            fields[parts[0]] = parts.count == 2 ? parts[1].drop { $0 == " " } : ""
        }
        if let data = fields["data"], fields["event"] != "reactions" {
            let change = try JSONValue(parsing: Array(data.utf8))
            guard change["op"]?.string == fields["event"].map(String.init) else {
                throw PollerError.disorder("an event is not named by its op: \(block.prefix(80))")
            }
            try copy.take(change)
        }
        if let id = fields["id"] { copy.cursor = String(id) }
    }
}
