// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import Live
import StoreSupport
import Stories
import Support
import Testing

/// A closed story can still be followed, at longer intervals.
@Suite("A closed story", .onEveryEngineInFull)
struct ClosedStoryTests {
    private static let snapshot = "/stories/harbour/updates"
    private static let delta = "/stories/harbour/updates?cursor=<now>"

    private static func close(_ desk: TestDesk) async throws {
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "closed"}"#))
    }

    @Test(
        "Every poll gets the interval of 300 s in body and header",
        arguments: [snapshot, delta])
    func interval(target: String) async throws {
        let desk = try await TestDesk()
        try await Self.close(desk)
        for key in ["", "editor"] {
            let full = try await desk.send(Call("GET \(target)", key: key))
            #expect(try JSONValue(parsing: full.body)["pollAfter"]?.integer == 300)
            let tag = try #require(full.headers[.etag])
            let known = Call("GET \(target)", key: key, headers: [(.ifNoneMatch, tag)])
            for reply in [
                full, try await desk.send(Call("HEAD \(target)", key: key)), try await desk.send(known),
            ] {
                #expect(reply.headers["X-Poll-Interval"] == "300", "\(reply.status)")
            }
        }
    }

    @Test("Readers see how it ended while it is closed, and not while it is live")
    func ending() async throws {
        let desk = try await TestDesk()
        let ending = #""ending": "All are <safe>.""#
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "closed", \#(ending)}"#))
        let line =
            #"<p class="ending"><strong>How it ended:</strong> <bdi lang="">All are &lt;safe&gt;.</bdi></p>"#
        func page() async throws -> String {
            String(decoding: try await desk.send(Call("GET /live/harbour", key: "")).body, as: UTF8.self)
        }
        #expect(try await page().contains(line))
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "live"}"#))
        #expect(try await !page().contains("How it ended"))
        let story = try await desk.send(Call("GET /stories/harbour", key: ""))
        #expect(try JSONValue(parsing: story.body)["ending"]?.string == "All are <safe>.")
        let refused = try await desk.send(Call("PATCH /stories/harbour", #"{"ending": "two\nlines"}"#))
        #expect(refused.status.code == 422)
        #expect(String(decoding: refused.body, as: UTF8.self).contains("/ending"))
    }

    @Test("The 204 of its stream has the poll interval")
    func stream() async throws {
        let desk = try await TestDesk()
        try await Self.close(desk)
        let reply = try await desk.send(Call("GET /stories/harbour/stream", key: ""))
        #expect(reply.status == .noContent && reply.headers["X-Poll-Interval"] == "300")
    }

    @Test(
        "The interval becomes an hour one day after closing, without any change, and corrections do not reset it"
    )
    func later() async throws {
        let (folder, clock) = (try TemporaryFolder(), ManualClock())
        let store = try folder.store { clock.now }
        let api = folder.api(over: store)
        let story = "/stories/\(try await api.newStory())"
        _ = try await api.transport("PATCH", story, .object(["status": .string("closed")]))
        let cursor = try await api.transport("GET", story + "/updates", nil).body.text("cursor")
        let delta = story + "/updates?cursor=" + cursor
        func read(_ headers: Headers = [:]) async throws -> Response {
            await api.response(to: try Request(.get, delta, headers: headers))
        }
        let first = try await read()
        #expect(first.headers["X-Poll-Interval"] == "300")
        clock.advance(milliseconds: 24 * 3_600_000)
        var later = first
        while later.headers["X-Poll-Interval"] == "300" {
            try await Task.sleep(for: .milliseconds(50))
            later = try await read([.ifNoneMatch: try #require(first.headers[.etag])])
        }
        #expect(later.headers["X-Poll-Interval"] == "3600" && later.status == .ok)
        #expect(try JSONValue(parsing: later.body)["pollAfter"]?.integer == 3_600)
        _ = try await api.transport("PATCH", story, .object(["title": .string("Corrected")]))
        #expect(try await read().headers["X-Poll-Interval"] == "3600")
        let reopened = try await api.transport("PATCH", story, .object(["status": .string("live")]))
        #expect(reopened.status == 200)
        #expect(try await read().headers["X-Poll-Interval"] == "10")
    }

    @Test("The operator's intervals apply, to an import by the document's closing time")
    func configured() async throws {
        let folder = try TemporaryFolder()
        let api = folder.api(over: try folder.store()) { $0.pollInterval = PollInterval(closed: 1...2) }
        for (slug, closedAt, seconds) in [("new", "null", 1), ("old", #""2020-01-01T00:00:00Z""#, 2)] {
            let document = try JSONValue(
                parsing: Array(
                    #"{"wireroom":1,"story":{"title":"Over","slug":"\#(slug)","status":"closed","closedAt":\#(closedAt)}}"#
                        .utf8))
            #expect(try await api.transport("POST", "/import", document).status == 201)
            let snapshot = try await api.transport("GET", "/stories/\(slug)/updates", nil).body
            #expect(snapshot["pollAfter"]?.integer == seconds)
        }
    }

    @Test("A long poll on a closed story waits until it is corrected or reopened")
    func waits() async throws {
        let desk = try await TestDesk()
        try await Self.close(desk)
        for (call, expected) in [
            (Call("DELETE /stories/harbour/updates/<harbourUpdate>"), #""op":"remove""#),
            (Call("PATCH /stories/harbour", #"{"status": "live"}"#), #""status":"live""#),
        ] {
            let cursor = try JSONValue(
                parsing: try await desk.send(Call("GET \(Self.snapshot)", key: "")).body
            ).text("cursor")
            let target = "/stories/harbour/updates?cursor=\(cursor)&wait=10"
            var answer = desk.api.respond(to: try Request(.get, target))
            while case .pending(_, let work) = answer { answer = await work() }
            guard case .parked(let poll) = answer else {
                Issue.record("the poll is answered before \(call.line)")
                continue
            }
            _ = try await desk.send(call)
            let reply = await poll.answer(false).settled()
            #expect(String(decoding: reply.body, as: UTF8.self).contains(expected))
        }
    }

    @Test("Coverage ends at closing, unless set otherwise, and corrections do not move it")
    func coverage() async throws {
        let (folder, clock) = (try TemporaryFolder(), ManualClock())
        let api = folder.api(over: try folder.store { clock.now })
        let story = "/stories/\(try await api.newStory())"
        let update = try await api.transport("POST", story + "/updates", .object(["body": .string("x")]))
        let updates = story + "/updates/" + (try update.body.text("id"))
        func end() async throws -> String? {
            try await api.transport("GET", story + "/liveblog.jsonld", nil).body["coverageEndTime"]?.string
        }
        #expect(try await end() == nil)
        clock.advance()
        _ = try await api.transport("PATCH", story, .object(["status": .string("closed")]))
        let closed = clock.now.description
        #expect(try await end() == closed)
        for (method, path, body) in [
            ("PATCH", updates, JSONValue.object(["body": .string("x.")])),
            ("POST", updates + "/strike", .object(["reason": .string("Wrong.")])),
            ("PATCH", story, .object(["title": .string("Corrected")])),
            ("DELETE", updates, nil),
        ] as [(String, String, JSONValue?)] {
            clock.advance()
            #expect(try await api.transport(method, path, body).status < 300)
            #expect(try await end() == closed, "\(method) \(path)")
        }
        let announced = "2030-01-01T00:00:00.000Z"
        _ = try await api.transport("PATCH", story, .object(["coverageEnd": .string(announced)]))
        #expect(try await end() == announced)
    }
}
