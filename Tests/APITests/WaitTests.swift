// SPDX-License-Identifier: Apache-2.0
import API
import Foundation
import JSON
import StoreSupport
import Stories
import Support
import Testing

@testable import HTTP

/// Long polls and streams, tested on the API's answers without a server.
@Suite("Long polls and streams", .onEveryEngineInFull)
struct WaitTests {
    private func answer(_ desk: TestDesk, _ target: String, _ headers: Headers = [:]) async throws -> Answer {
        await desk.api.respond(to: try Request(.get, desk.resolve(target), headers: headers)).found()
    }

    private func parked(_ desk: TestDesk, _ target: String) async throws -> ParkedRequest? {
        if case .parked(let request) = try await answer(desk, target) { request } else { nil }
    }

    @Test("A long poll waits until a change and returns it")
    func waits() async throws {
        let desk = try await TestDesk()
        let poll = try #require(try await parked(desk, "/stories/harbour/updates?cursor=<now>&wait=10"))
        #expect(poll.topic.version == poll.version)
        #expect(poll.deadline.seconds(since: .now) > 8)
        _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "At last"}"#))
        #expect(poll.topic.version != poll.version)
        let reply = await poll.answer(false).settled()
        #expect(String(decoding: reply.body, as: UTF8.self).contains("At last"))
        #expect(reply.headers[.cacheControl] == "public, no-cache")
    }

    @Test("A long poll that times out returns no changes and the same cursor")
    func waitsInVain() async throws {
        let desk = try await TestDesk()
        let poll = try #require(try await parked(desk, "/stories/harbour/updates?cursor=<now>&wait=1"))
        let reply = await poll.answer(true).settled()
        let body = try JSONValue(parsing: reply.body)
        #expect(body["changes"] == .array([]))
        #expect(body["cursor"]?.string == desk.resolve("<now>"))
    }

    @Test("Changes that do not match the filter do not end a long poll")
    func filtered() async throws {
        let desk = try await TestDesk()
        let target = "/stories/harbour/updates?cursor=<now>&wait=10&only=key"
        let poll = try #require(try await parked(desk, target))
        _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "Small talk"}"#))
        guard case .parked(let again) = poll.answer(false) else {
            return #expect(Bool(false), "it was answered")
        }
        _ = try await desk.send(
            Call("POST /stories/harbour/updates", #"{"body": "Big news", "keyEvent": true}"#))
        let reply = await again.answer(false).settled()
        #expect(String(decoding: reply.body, as: UTF8.self).contains("Big news"))
    }

    @Test(
        "A poll with changes to return, or with invalid parameters, is answered at once",
        arguments: [
            ("cursor=<old>&wait=10", 200), ("wait=10", 400), ("cursor=<now>&wait=0", 400),
            ("cursor=<now>&wait=31", 400), ("cursor=x&wait=3", 400),
            ("cursor=0123456789abcdef-1&wait=3", 410), ("cursor=<ahead>&wait=3", 410),
        ])
    func doesNotWait(query: String, status: Int) async throws {
        let desk = try await TestDesk()
        let now = try #require(Version(desk.resolve("<now>")))
        let target = "/stories/harbour/updates?\(query)"
            .replacing("<old>", with: "\(Version(epoch: now.epoch, seq: 0))")
            .replacing("<ahead>", with: "\(Version(epoch: now.epoch, seq: now.seq + 7))")
        guard case .ready(let reply) = try await answer(desk, target) else {
            return #expect(Bool(false), "it waits")
        }
        #expect(reply.status.code == status)
    }

    @Test("Closing, hiding or deleting ends polls and streams", arguments: ["closed", "draft", "deleted"])
    func ends(how: String) async throws {
        let desk = try await TestDesk()
        let poll = try #require(try await parked(desk, "/stories/harbour/updates?cursor=<now>&wait=10"))
        guard case .stream(let stream) = try await answer(desk, "/stories/harbour/stream") else {
            return #expect(Bool(false), "no stream")
        }
        _ = stream.body.next()
        let call =
            how == "deleted"
            ? Call("DELETE /stories/harbour") : Call("PATCH /stories/harbour", #"{"status": "\#(how)"}"#)
        _ = try await desk.send(call)
        #expect(poll.topic.version != poll.version)
        let reply = await poll.answer(false).settled()
        #expect(reply.status.code == (how == "closed" ? 200 : 404))
        // Readers get the closing as an event, but nothing of a draft.
        if how == "closed", case .send(let frames) = stream.body.next() {
            #expect(String(decoding: frames.joined(), as: UTF8.self).contains(#""status":"closed""#))
        }
        guard case .end = stream.body.next() else { return #expect(Bool(false), "the stream goes on") }
    }

    @Test("A stream starts with its cursor, replays later changes, and then follows")
    func streams() async throws {
        let desk = try await TestDesk()
        let now = try #require(Version(desk.resolve("<now>")))
        let start = Version(epoch: now.epoch, seq: 0)
        for headers in [[.lastEventID: "\(start)"], [:]] as [Headers] {
            let target =
                headers.isEmpty
                ? "/stories/harbour/stream?cursor=\(start)" : "/stories/harbour/stream?cursor=<now>"
            guard case .stream(let stream) = try await answer(desk, target, headers) else {
                return #expect(Bool(false), "no stream")
            }
            #expect(stream.headers[.contentType] == "text/event-stream")
            #expect(stream.headers["X-Accel-Buffering"] == "no")
            let text = await Self.read(stream.body)
            #expect(text.hasPrefix("retry: ") && text.contains("\nid: \(start)\n\n"))
            #expect(text.contains("event: story\nid: ") && text.contains("event: put\nid: \(now)\ndata: {"))
            _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "Next\nline"}"#))
            let next = await Self.read(stream.body)
            // A second may have passed, after which counts of reactions follow.
            let frames = next.components(separatedBy: "\n\n").filter { !$0.hasPrefix("event: reactions\n") }
            #expect(frames.count == 2 && frames[1].isEmpty, "\(next)")
            #expect(frames[0].hasPrefix("event: put\nid: ") && frames[0].hasSuffix("}"))
            #expect(
                frames[0].contains(#""body":"Next\nline""#) && frames[0].split(separator: "\n").count == 3)
        }
    }

    /// Returns everything that a stream can send now.
    private static func read(_ body: any StreamBody, onLoad: () -> Void = {}) async -> String {
        var bytes: [UInt8] = []
        while true {
            switch body.next() {
            case .send(let chunks): bytes += chunks.joined()
            case .load(let work):
                onLoad()
                await work()
            case .wait, .end: return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    @Test(
        "An invalid stream request gets an error status",
        arguments: [
            ("/stories/harbour/stream", "x", 400), ("/stories/harbour/stream?cursor=x", "", 400),
            ("/stories/harbour/stream", "0123456789abcdef-1", 410), ("/stories/none/stream", "", 404),
            ("/stories/secret/stream", "", 404), ("/stories/harbour/stream?lastEventId=x", "", 400),
            ("/stories/harbour/stream?evs_last_event_id=0123456789abcdef-1", "", 410),
            ("/stories/harbour/stream?only=x", "", 400),
        ])
    func refused(target: String, last: String, status: Int) async throws {
        let desk = try await TestDesk()
        let headers: Headers = last.isEmpty ? [:] : [.lastEventID: last]
        guard case .ready(let reply) = try await answer(desk, target, headers) else {
            return #expect(Bool(false), "it began")
        }
        #expect(reply.status.code == status)
    }

    @Test("The stream of a closed story sends missing changes and ends, or gets 204 if there are none")
    func closed() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "closed"}"#))
        guard case .ready(let reply) = try await answer(desk, "/stories/harbour/stream") else {
            return #expect(Bool(false), "it began")
        }
        #expect(reply.status == .noContent)
        guard case .stream(let stream) = try await answer(desk, "/stories/harbour/stream?cursor=<now>") else {
            return #expect(Bool(false), "nothing was sent")
        }
        #expect(await Self.read(stream.body).contains(#""status":"closed""#))
        guard case .end = stream.body.next() else { return #expect(Bool(false), "the stream goes on") }
    }

    @Test(
        "A stream resumes after the last event id, from the header or a polyfill's parameter",
        arguments: [
            ("", "<now>"), ("?cursor=<old>", "<now>"), ("?lastEventId=<now>&cursor=<old>", ""),
            ("?evs_last_event_id=<now>&cursor=<old>", ""), ("?lastEventId=<old>&cursor=<old>", "<now>"),
            ("?lastEventId=<old>&lastEventId=<now>", ""), ("?cursor=<now>&lastEventId=", ""),
        ])
    func lastEvent(query: String, header: String) async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "Meanwhile"}"#))
        let now = try #require(Version(desk.resolve("<now>")))
        let target = "/stories/harbour/stream\(query)"
            .replacing("<old>", with: "\(Version(epoch: now.epoch, seq: 0))")
        let headers: Headers = header.isEmpty ? [:] : [.lastEventID: desk.resolve(header)]
        guard case .stream(let stream) = try await answer(desk, target, headers) else {
            return #expect(Bool(false), "no stream")
        }
        let text = await Self.read(stream.body)
        #expect(text.contains("Meanwhile") && !text.contains("Words of harbour"), "\(text)")
    }

    @Test("Readers who come back to a restarted server share one read of what they missed")
    func sharedReplay() async throws {
        let desk = try await TestDesk()
        let missed = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "Missed"}"#))
        #expect(missed.status == .created)
        let restarted = desk.api { _ in }
        let target = desk.resolve("/stories/harbour/stream?cursor=<now>")
        var loads: [Int] = []
        // Counts of reactions are kept only while a stream is open.
        var open: [any StreamBody] = []
        for query in ["", "", "&only=key", ""] {
            guard
                case .stream(let stream) = await restarted.respond(to: try Request(.get, target + query))
                    .found()
            else { return #expect(Bool(false), "no stream") }
            open.append(stream.body)
            var count = 0
            let text = await Self.read(stream.body) { count += 1 }
            #expect(text.contains("Missed") == query.isEmpty && !text.contains("event: remove"), "\(text)")
            loads.append(count)
        }
        // The first reads the change and the counts of reactions. What a filter leaves out, the store alone knows.
        #expect(loads == [2, 0, 1, 0] && open.count == 4)
    }

    @Test("Content that was hidden or removed in the meantime is not replayed")
    func noReplayOfTheHidden() async throws {
        let desk = try await TestDesk()
        guard case .stream(let open) = try await answer(desk, "/stories/harbour/stream?cursor=<now>") else {
            return #expect(Bool(false), "no stream")
        }
        let calls = [
            Call("POST /stories/harbour/updates", #"{"body": "SECRET ONE"}"#),
            Call("PATCH /stories/harbour/updates/<new>", #"{"body": "harmless"}"#),
            Call("PATCH /stories/harbour", #"{"status": "draft"}"#),
            Call("POST /stories/harbour/updates", #"{"body": "SECRET TWO"}"#),
            Call("DELETE /stories/harbour/updates/<new>"),
            Call("PATCH /stories/harbour", #"{"status": "live"}"#),
            Call("POST /stories/harbour/updates", #"{"body": "SECRET THREE"}"#),
            Call("DELETE /stories/harbour/updates/<new>"),
        ]
        var new = ""
        for var call in calls {
            call.line = call.line.replacing("<new>", with: new)
            let reply = try await desk.send(call)
            #expect(reply.status.code < 300)
            if call.line.hasPrefix("POST") { new = try JSONValue(parsing: reply.body).text("id") }
        }
        guard case .stream(let late) = try await answer(desk, "/stories/harbour/stream?cursor=<now>") else {
            return #expect(Bool(false), "no stream")
        }
        for stream in [open, late] {
            let text = await Self.read(stream.body)
            #expect(!text.contains("SECRET") && text.contains("harmless"), "\(text)")
        }
    }

    @Test("A filtered stream sends matching updates, and a remove when one no longer matches")
    func filteredStream() async throws {
        let desk = try await TestDesk()
        guard case .stream(let stream) = try await answer(desk, "/stories/harbour/stream?only=key") else {
            return #expect(Bool(false), "no stream")
        }
        _ = await Self.read(stream.body)
        let post = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "Small"}"#))
        let id = try JSONValue(parsing: post.body).text("id")
        for (mark, expected) in [(nil, ""), (true, "event: put"), (false, "event: remove")]
            as [(Bool?, String)]
        {
            if let mark {
                _ = try await desk.send(
                    Call("PATCH /stories/harbour/updates/\(id)", #"{"keyEvent": \#(mark)}"#))
            }
            let text = await Self.read(stream.body)
            #expect(text.hasPrefix(expected) && text.isEmpty == expected.isEmpty, "\(text)")
            if mark == false { #expect(text.contains(#""reason":"left""#)) }
        }
    }
}
