// SPDX-License-Identifier: Apache-2.0
import HTTP
import JSON
import SQLiteEngine
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

@testable import API
@testable import Live

@Suite("Reactions in streams", .onEveryEngineInFull)
struct ReactionStreamTests {
    @Test("Merged events equal a read, also for slow readers, removals and external writes")
    func property() async throws {
        var random = SeededGenerator()
        let room = try await ReactionRoom(updates: 8)
        var readers: [ReactionReader] = []
        for _ in 0..<5 { readers.append(try await room.reader()) }
        for _ in 0..<400 {
            try await room.act(using: &random)
            if random.once(in: 4) { room.hub.tick() }
            // The last reader is slow.
            for index in readers.indices where random.once(in: index == 4 ? 60 : 3) {
                if random.once(in: 20) { readers[index] = try await room.reader() }
                try await readers[index].take()
            }
        }
        // The next commit detects external writes before it.
        try await room.react("")
        let shown = try await room.shown()
        room.hub.tick()
        for var reader in readers {
            try await reader.take()
            #expect(reader.counts == shown, "seed \(random.seed)")
        }
    }

    @Test("Another reaction in a story of 2,000 updates is an event of less than 300 bytes")
    func size() async throws {
        let room = try await ReactionRoom(updates: 2_000)
        try await room.reactToAll()
        var reader = try await room.reader()
        try await reader.take()
        #expect(reader.counts.count == 2_000)
        let before = reader.byteCount
        try await room.react("/updates/\(room.updates[1_000])")
        room.hub.tick()
        try await reader.take()
        #expect((1..<300).contains(reader.byteCount - before))
        #expect(reader.counts[room.updates[1_000]] == ["veryGood": 2])
    }

    @Test("A filtered stream has the counts of all visible updates, and of no hidden ones")
    func hidden() async throws {
        let room = try await ReactionRoom(updates: 2)
        var reader = try await room.reader(UpdateFilter(keyEventsOnly: true))
        try await room.react("/updates/\(room.updates[0])")
        try await room.react("/updates/\(room.updates[1])")
        try await room.send("PATCH", "/updates/\(room.updates[1])", .object(["state": .string("draft")]))
        room.hub.tick()
        try await reader.take()
        #expect(reader.counts == [room.updates[0]: ["veryGood": 1]])
        try await room.send("PATCH", "/updates/\(room.updates[1])", .object(["state": .string("published")]))
        room.hub.tick()
        try await reader.take()
        #expect(reader.counts[room.updates[1]] == ["veryGood": 1])
    }
}

/// A story with updates and reactions, and a hub that the test ticks manually.
final class ReactionRoom: Sendable {
    let hub: ChannelHub
    let updates: [String]
    private let folder: TemporaryFolder
    private let (api, store, other): (API, TableStore, TableStore)
    private let story: Identifier

    private static let kinds = ["veryGood", "sad"]

    init(updates count: Int) async throws {
        folder = try TemporaryFolder()
        store = try folder.store()
        other = try folder.store()
        hub = ChannelHub(
            store: store, encoder: JSONFeedEncoder(), interval: PollInterval(), processors: nil)
        api = folder.api(over: store) { $0.reactionKinds = Set(Self.kinds.compactMap(ReactionKind.init)) }
        let story = try await api.newStory()
        self.story = try #require(Identifier(story))
        _ = try await api.transport("PATCH", "/stories/\(story)", .object(["status": .string("live")]))
        var made: [String] = []
        while made.count < count {
            let batch = (made.count..<min(made.count + 500, count)).map { number in
                JSONValue.object(["body": .string("\(number)")])
            }
            let answer = try await api.transport("POST", "/stories/\(story)/updates", .array(batch))
            made += try (answer.body["updates"] ?? answer.body).items?.map { try $0.text("id") } ?? []
        }
        updates = made
    }

    func reader(_ filter: UpdateFilter = UpdateFilter()) async throws -> ReactionReader {
        let channel = try await hub.open(.id(story), access: .reader)
        return ReactionReader(
            stream: FeedStream(of: channel, after: channel.version, filter, store: store, access: .reader))
    }

    /// Reads the counts, without zeros.
    func shown() async throws -> [String: [String: Int]] {
        try await merged([:], with: api.transport("GET", "/stories/\(story)/reactions", nil).body)
    }

    func react(_ target: String, _ kind: String = "veryGood") async throws {
        try await send("POST", "\(target)/reactions/\(kind)", nil)
    }

    /// Reacts to every update concurrently, so that commits are grouped.
    func reactToAll() async throws {
        try await withThrowingTaskGroup(of: Void.self) { [store, story] group in
            for update in updates {
                group.addTask {
                    _ = try await store.react(
                        .veryGood, to: Identifier(update), of: .id(story), by: nil, idempotency: nil,
                        access: .reader
                    )
                }
            }
            try await group.waitForAll()
        }
    }

    /// Makes a random change that may affect counts. A hidden update answers reactions with 404.
    func act(using random: inout SeededGenerator) async throws {
        let update = updates.randomElement(using: &random) ?? ""
        let target = random.once(in: 4) ? "" : "/updates/\(update)"
        let kind = Self.kinds.randomElement(using: &random) ?? ""
        let visitor = JSONValue.object(["visitor": .string("\(random.next() % 3)")])
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<40: try await react(target, kind)
        case 40..<60: try await send("POST", "\(target)/reactions/\(kind)", visitor)
        case 60..<80: try await send("DELETE", "\(target)/reactions/\(kind)", visitor)
        case 80..<94:
            let state = random.once(in: 2) ? "draft" : "published"
            try await send("PATCH", "/updates/\(update)", .object(["state": .string(state)]))
        case 94..<95: try await send("DELETE", "/updates/\(update)", nil)
        default:
            // A write by another store, as by another process.
            _ = try await other.react(
                .veryGood, to: nil, of: .id(story), by: nil, idempotency: nil, access: .reader)
        }
    }

    func send(_ method: String, _ path: String, _ body: JSONValue?) async throws {
        let answer = try await api.transport(method, "/stories/\(story)\(path)", body)
        guard [200, 204, 404].contains(answer.status) else {
            throw PollerError.unexpected(status: answer.status, address: path, body: "\(answer.body)")
        }
    }
}

/// A reader of a stream that merges reaction events according to the contract.
struct ReactionReader {
    let stream: FeedStream
    /// Counts by update id and kind; the story's are under "".
    private(set) var counts: [String: [String: Int]] = [:]
    private(set) var byteCount = 0

    init(stream: FeedStream) { self.stream = stream }

    /// Takes everything that the stream can send now.
    mutating func take() async throws {
        while true {
            switch stream.next() {
            case .send(let chunks): for chunk in chunks { try take(chunk) }
            case .load(let work): await work()
            case .wait, .end: return
            }
        }
    }

    private mutating func take(_ chunk: [UInt8]) throws {
        byteCount += chunk.count
        let head = Array("event: reactions\ndata: ".utf8)
        guard chunk.starts(with: head) else { return }
        let event = try JSONValue(parsing: Array(chunk.dropFirst(head.count)))
        counts = merged(event["all"] == .bool(true) ? [:] : counts, with: event)
    }
}

private func merged(_ held: [String: [String: Int]], with event: JSONValue) -> [String: [String: Int]] {
    var all = held
    for (target, counts) in [("", event["story"])] + (event["updates"]?.members ?? []) {
        for (kind, count) in counts?.members ?? [] {
            let number = count?.integer ?? 0
            all[target, default: [:]][kind] = number == 0 ? nil : number
        }
    }
    return all.filter { !$0.value.isEmpty }
}

extension JSONValue {
    fileprivate var members: [(String, JSONValue?)] {
        if case .object(let members) = self { members.map { ($0.name, $0.value) } } else { [] }
    }
}
