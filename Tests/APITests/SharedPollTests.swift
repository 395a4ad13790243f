// SPDX-License-Identifier: Apache-2.0
import JSON
import Live
import Stories
import Support
import Synchronization
import Testing

@testable import API
@testable import HTTP

/// Long polls with `tick`, whose responses HTTP caches may share.
@Suite("Shared long polls")
struct SharedPollTests {
    private let clock: Mutable<Timestamp>
    private let desk: TestDesk

    init() async throws {
        let clock = Mutable(testTime)
        self.clock = clock
        desk = try await TestDesk(time: { clock.value })
    }

    private func answer(_ target: String, _ headers: Headers = [:]) async throws -> Answer {
        var answer = desk.api.respond(to: try Request(.get, desk.resolve(target), headers: headers))
        while case .pending(_, let work) = answer { answer = await work() }
        return answer
    }

    private func poll(cursor: String = "<now>", tick: Int, _ rest: String = "", name: String = "<harbour>")
        async throws -> Answer
    {
        try await answer("/stories/\(name)/updates?cursor=\(cursor)&wait=20&tick=\(tick)\(rest)")
    }

    /// Polls until a poll is held; returns its address and the request.
    private func hold(from cursor: String = "<now>") async throws -> (Place, ParkedRequest) {
        var place = Place(cursor: desk.resolve(cursor), tick: 0)
        while true {
            let answer = try await poll(cursor: place.cursor, tick: place.tick)
            if case .parked(let request) = answer { return (place, request) }
            place = try Place(of: await answer.settled())
        }
    }

    private func post(_ text: String, _ rest: String = "") async throws {
        _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "\#(text)"\#(rest)}"#))
    }

    private func advance(seconds: Int64) {
        clock.value = Timestamp(milliseconds: clock.value.milliseconds + seconds * 1_000)
    }

    @Test("Tick 0 is answered at once, with the tick by which the next poll is held")
    func first() async throws {
        guard case .ready(let head) = try await poll(tick: 0) else {
            return #expect(Bool(false), "it waits")
        }
        #expect(head.status == .ok)
        let reply = await Answer.ready(head).settled()
        #expect(reply.headers[.cacheControl] == "public, max-age=2, must-revalidate")
        #expect(reply.headers["Surrogate-Key"] == desk.resolve("story-<harbour>"))
        let body = try JSONValue(parsing: reply.body)
        #expect(body["after"]?.string == desk.resolve("<now>") && body["changes"] == .array([]))
        let started = Instant.now
        let (place, request) = try await hold()
        #expect(place == (try Place(of: reply)))
        #expect(request.deadline > started && request.deadline.seconds(since: .now) <= 20)
    }

    @Test("Responses have no entity tag and are never 304", arguments: ["identity", "gzip"])
    func unconditional(coding: String) async throws {
        let headers: Headers = [.ifNoneMatch: "*", .acceptEncoding: coding]
        for tick in [0, 1] {
            let target = "/stories/harbour/updates?cursor=<old>&wait=20&tick=\(tick)"
                .replacing("<old>", with: "\(try start)")
            for _ in 0..<2 {
                let reply = await (try await answer(target, headers)).settled()
                #expect(reply.status == .ok && reply.headers[.etag] == nil && !reply.body.isEmpty)
                #expect(reply.headers[.contentEncoding] == (coding == "gzip" ? "gzip" : nil))
            }
        }
    }

    private var start: Version {
        get throws { Version(epoch: try #require(Version(desk.resolve("<now>"))).epoch, seq: 0) }
    }

    @Test("A held poll ends with a change, or with its window; the tick rises in both cases")
    func ends() async throws {
        let (place, request) = try await hold()
        let silent = try Place(of: await request.answer(true).settled())
        #expect(silent.cursor == place.cursor && silent.tick == place.tick + 1)
        try await post("At last")
        #expect(request.topic.version != request.version)
        let reply = await request.answer(false).settled()
        #expect(String(decoding: reply.body, as: UTF8.self).contains("At last"))
        #expect(
            reply.headers[.etag] == nil
                && reply.headers[.cacheControl]?.hasPrefix("public, max-age=2") == true)
        let next = try Place(of: reply)
        #expect(next.cursor != place.cursor && next.tick > silent.tick)
    }

    @Test("Readers who came at different times and saw different things meet at one address")
    func convergence() async throws {
        let (first, held) = try await hold()
        try await post("One")
        let afterChange = try Place(of: await held.answer(false).settled())
        advance(seconds: 7)
        // One comes with an old snapshot, one with the cursor of now; one was sent on too early, as at a shutdown.
        let early = try Place(
            of: await (try await poll(cursor: first.cursor, tick: first.tick + 3)).settled())
        var places = [afterChange, early]
        for cursor in [first.cursor, afterChange.cursor, "\(try start)"] {
            places.append(try await hold(from: cursor).0)
        }
        advance(seconds: 20)
        try await post("Two")
        var addresses: Set<Place> = []
        for place in places {
            addresses.insert(
                try Place(of: await (try await poll(cursor: place.cursor, tick: place.tick)).settled()))
        }
        #expect(addresses.count == 1)
        guard let place = addresses.first,
            case .parked = try await poll(cursor: place.cursor, tick: place.tick)
        else { return #expect(Bool(false), "where they meet they are not held") }
    }

    @Test("A change that a filter leaves out does not end a poll, but moves its cursor")
    func filtered() async throws {
        let tick = try await hold().0.tick
        guard case .parked(let request) = try await poll(tick: tick, "&only=key") else {
            return #expect(Bool(false), "it does not wait")
        }
        try await post("Small talk")
        guard case .parked(let again) = request.answer(false) else {
            return #expect(Bool(false), "it was answered")
        }
        let next = try Place(of: await again.answer(true).settled())
        #expect(next.cursor != desk.resolve("<now>") && next.tick > tick)
        try await post("Big news", #", "keyEvent": true"#)
        let reply = await again.answer(false).settled()
        #expect(String(decoding: reply.body, as: UTF8.self).contains("Big news"))
    }

    @Test(
        "Closing, hiding or deleting the story, and a takedown, end held polls",
        arguments: [
            ("PATCH /stories/harbour", #"{"status": "closed"}"#, 200),
            ("PATCH /stories/harbour", #"{"status": "draft"}"#, 404), ("DELETE /stories/harbour", "", 404),
            ("POST /stories/harbour/updates/<harbourUpdate>/takedown", #"{"reason": "Court"}"#, 200),
        ])
    func endings(line: String, body: String, status: Int) async throws {
        let (place, request) = try await hold()
        #expect(try await desk.send(Call(line, body)).status.code < 300)
        #expect(request.topic.version != request.version)
        for answer in [request.answer(false), try await poll(cursor: place.cursor, tick: place.tick)] {
            let reply = await answer.settled()
            #expect(reply.status.code == status)
            #expect(reply.headers[.cacheControl] == "public, max-age=2, must-revalidate")
            #expect(!String(decoding: reply.body, as: UTF8.self).contains("Words of harbour"))
        }
    }

    @Test("A cursor of another epoch, or ahead of the story, is 410 at once, which caches may share as long")
    func expired() async throws {
        let now = try #require(Version(desk.resolve("<now>")))
        for cursor in ["0123456789abcdef-1", "\(Version(epoch: now.epoch, seq: .max))"] {
            guard case .ready(let reply) = try await poll(cursor: cursor, tick: 1 << 52) else {
                return #expect(Bool(false), "it waits")
            }
            #expect(reply.status == .gone)
            #expect(reply.headers[.cacheControl] == "public, max-age=2, must-revalidate")
        }
    }

    @Test("A cursor that is ahead of memory is looked up in the store, and the poll is held")
    func ahead() async throws {
        _ = try await hold()
        let reply = try await desk.send(
            Call("PATCH /stories/harbour", #"{"title": "Renamed elsewhere"}"#), to: try desk.anotherProcess())
        #expect(reply.status == .ok)
        let now = try #require(Version(desk.resolve("<now>")))
        let (version, story) = (
            Version(epoch: now.epoch, seq: now.seq + 1), try #require(Identifier(desk.resolve("<harbour>")))
        )
        let tick = SharedPoll(tick: 0, story: story)
        let answer = try await poll(
            cursor: "\(version)", tick: tick.next(window: tick.window(at: clock.value), seq: version.seq))
        guard case .parked = answer else {
            return #expect(Bool(false), "it is not held")
        }
    }

    @Test("Holders of keys get private responses, and private problems")
    func holders() async throws {
        let headers: Headers = [.authorization: "Bearer \(testKey)"]
        for (name, status) in [("harbour", 200), ("secret", 200), ("none", 404)] {
            let cursor = name == "secret" ? "\(try await secretCursor())" : "<now>"
            let target = "/stories/\(name)/updates?cursor=\(cursor)&wait=20&tick=0"
            let reply = await (try await answer(target, headers)).settled()
            #expect(reply.status.code == status)
            #expect(reply.headers[.cacheControl] == (status == 200 ? "private, no-store" : "no-store"))
        }
    }

    private func secretCursor() async throws -> String {
        try JSONValue(parsing: try await desk.send(Call("GET /stories/secret/updates")).body).text("cursor")
    }

    @Test(
        "Invalid parameters are refused, and not for caches to keep",
        arguments: [
            "cursor=<now>&tick=0", "wait=20&tick=0", "cursor=<now>&wait=20&tick=-1",
            "cursor=<now>&wait=20&tick=",
            "cursor=<now>&wait=20&tick=9007199254740991", "cursor=<now>&wait=20&tick=1&tick=2",
            "cursor=<now>&wait=20&tik=1",
        ])
    func invalid(query: String) async throws {
        let reply = await (try await answer("/stories/harbour/updates?\(query)")).settled()
        #expect(reply.status == .badRequest && reply.headers[.cacheControl] == "no-store")
    }

    @Test("Holds are at most a window and what clocks may differ by, for any tick and cursor")
    func bounds() {
        let time = testTime
        for low: UInt64 in [0, 7_777, .max] {
            let story = Identifier(high: 0, low: low)
            let window = SharedPoll(tick: 0, story: story).window(at: time)
            for seq: Int64 in [0, 41, 1 << 42, .max] {
                let now = SharedPoll(tick: 0, story: story).next(window: window, seq: seq)
                for tick in [0, now - 1, now, now + 1, now + 1_000, SharedPoll.ticks.upperBound] {
                    let poll = SharedPoll(tick: tick, story: story)
                    let hold = poll.hold(after: seq, at: time)
                    #expect(hold == .zero || hold <= .seconds(tick == now ? 20 : 25))
                    #expect((hold == .zero) == (tick < now))
                    #expect(poll.next(window: window, seq: seq) > tick)
                }
            }
        }
    }

    @Test("Stories end their windows at different times")
    func phases() {
        let ends = (0..<50).map { (number: Int64) in
            let story = Identifier(high: 0, low: UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
            let tick = SharedPoll(tick: 0, story: story)
            return SharedPoll(tick: tick.next(window: tick.window(at: testTime), seq: number), story: story)
                .hold(after: number, at: testTime)
        }
        #expect(Set(ends).count > 40)
    }
}

/// Where a poll goes on.
private struct Place: Hashable {
    let cursor: String
    let tick: Int

    init(cursor: String, tick: Int) { (self.cursor, self.tick) = (cursor, tick) }

    init(of response: Response) throws {
        let body = try JSONValue(parsing: response.body)
        try self.init(cursor: body.text("cursor"), tick: #require(body["tick"]?.integer))
    }
}

/// A value that tests change.
private final class Mutable<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
