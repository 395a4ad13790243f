// SPDX-License-Identifier: Apache-2.0
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Drafts, scheduled updates, and updates that are withdrawn from readers.
@Suite("Drafts and schedules", .onEveryEngineInFull)
struct DraftTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock(at: testTime)
    private let transport: Transport
    private let api: any Responder
    private let store: any StoryStore

    init() async throws {
        folder = try TemporaryFolder()
        let store = try folder.store { [clock] in clock.now }
        let api = folder.api(over: store)
        (self.store, self.api) = (store, api)
        transport = api.transport
        _ = try await api.transport(
            "POST", "/stories", .object(["title": .string("Harbour"), "slug": .string("harbour")]))
    }

    private func send(_ method: String, _ path: String, _ body: String = "") async throws -> JSONValue {
        let answer = try await transport(
            method, "/stories/harbour\(path)", body.isEmpty ? nil : try JSONValue(parsing: Array(body.utf8)))
        try #require((200..<300).contains(answer.status), "\(method) \(path): \(answer.body)")
        return answer.body
    }

    /// Sends a GET request as a reader; returns the body also as text.
    private func read(_ path: String) async throws -> (status: Int, text: String, body: JSONValue) {
        let answer = try await transport("GET", "/stories/harbour\(path)", nil)
        return (
            answer.status, String(decoding: JSONWriter.bytes(of: answer.body), as: UTF8.self), answer.body
        )
    }

    private func cursor() async throws -> String { try await read("/updates").body.text("cursor") }

    private func draft(_ state: String = #""state": "draft""#) async throws -> String {
        try await send("POST", "/updates", #"{"body": "NOT YET", "tags": ["NOT YET"], \#(state)}"#).text("id")
    }

    private static let future = #""publishAt": "2026-11-19T00:00:00Z""#

    @Test(
        "Readers see nothing of a draft: in no list, delta, count or page, and not by its id",
        arguments: [#""state": "draft""#, future, #""state": "scheduled", "# + future])
    func hidden(state: String) async throws {
        let before = try await read("/updates")
        let start = try await cursor()
        let id = try await draft(state)
        let after = try await read("/updates")
        #expect(after.body == before.body)
        for path in [
            "", "/updates", "/updates?cursor=\(start)", "/updates?tag=NOT%20YET", "/reactions", "/links",
        ] {
            #expect(try await !read(path).text.contains("NOT YET"), "\(path)")
            #expect(try await !read(path).text.contains(id), "\(path)")
        }
        let hidden = try await read("/updates/\(id)")
        #expect(hidden.status == 404)
        let reaction = try await transport("POST", "/stories/harbour/updates/\(id)/reactions/veryGood", nil)
        #expect(reaction.status == 404)
        let strike = try await transport("POST", "/stories/harbour/updates/\(id)/strike", try reason())
        #expect(strike.status == 409)
    }

    private func reason() throws -> JSONValue { .object(["reason": .string("Wrong")]) }

    @Test("A draft gets its sequence number and time when an editor publishes it")
    func publish() async throws {
        let start = try await cursor()
        let id = try await draft()
        clock.advance(milliseconds: 60_000)
        let published = try await send("PATCH", "/updates/\(id)", #"{"state": "published"}"#)
        #expect(published["seq"]?.integer == 2 && published["state"]?.string == "published")
        #expect(published["publishedAt"]?.string == clock.now.description)
        #expect(published["createdAt"]?.string == testTime.description)
        #expect(published["edited"] == .bool(false))
        let delta = try await read("/updates?cursor=\(start)").body
        #expect(delta["changes"]?.items?.compactMap { $0["update"] } == [published.asForReaders])
        #expect(try await read("").body["updateCount"]?.integer == 1)
    }

    @Test("A scheduled update is published once at its time, even if the clock is set back")
    func scheduled() async throws {
        let start = try await cursor()
        let id = try await draft(Self.future)
        #expect(try await store.publishDueUpdates() == 0)
        clock.now = try #require(Timestamp("2026-11-19T00:00:00Z"))
        try await store.publishDueUpdates()
        let update = try await read("/updates/\(id)").body
        #expect(update["seq"]?.integer == 2 && update["publishedAt"]?.string == clock.now.description)
        clock.advance(milliseconds: -7_200_000)
        #expect(try await store.publishDueUpdates() == 0)
        clock.advance(milliseconds: 7_200_000)
        #expect(try await store.publishDueUpdates() == 0)
        let delta = try await read("/updates?cursor=\(start)").body
        #expect(delta["changes"]?.items?.count == 1)
    }

    @Test("Updates that fell due during downtime are listed by their times")
    func lateTogether() async throws {
        for (body, time) in [("third", "03"), ("first", "01"), ("second", "02")] {
            _ = try await send(
                "POST", "/updates", #"{"body": "\#(body)", "publishAt": "2026-11-19T\#(time):00:00Z"}"#)
        }
        clock.now = try #require(Timestamp("2026-11-20T00:00:00Z"))
        try await store.publishDueUpdates()
        let page = try await read("/updates").body
        #expect(page["updates"]?.items?.map { $0["body"]?.string } == ["third", "second", "first"])
        #expect(page["updates"]?.items?.map { $0["seq"]?.integer } == [4, 3, 2])
    }

    @Test("Any number of updates that are due together are listed by their times")
    func manyTogether() async throws {
        let times = (Int64(0)..<450).map { Timestamp(milliseconds: testTime.milliseconds + 1_000_000 - $0) }
        let items = times.map { #"{"body": "\#($0)", "publishAt": "\#($0)"}"# }
        _ = try await send("POST", "/updates", "[\(items.joined(separator: ","))]")
        clock.advance(milliseconds: 10_000_000)
        try await store.publishDueUpdates()
        let newest = try await read("/updates?limit=200").body["updates"]?.items
        #expect(newest?.map { $0["body"]?.string } == times.prefix(200).map(\.description))
        let oldest = try await read("/updates?limit=200&order=oldest").body["updates"]?.items
        #expect(oldest?.map { $0["body"]?.string } == times.suffix(200).reversed().map(\.description))
    }

    /// Returns the member for a publication time in the past.
    private static func time(before milliseconds: Int64) -> String {
        #""publishAt": "\#(Timestamp(milliseconds: testTime.milliseconds - milliseconds))""#
    }

    @Test("A time just passed publishes at once, and so does an older one with the state published")
    func past() async throws {
        for members in [
            Self.time(before: 9_000), #""state": "scheduled", "# + Self.time(before: 1),
            #""state": "published", "# + Self.time(before: 1_000_000_000_000),
        ] {
            let update = try await send("POST", "/updates", #"{"body": "x", \#(members)}"#)
            #expect(update["state"]?.string == "published" && update["publishAt"] == .null)
            #expect(update["publishedAt"]?.string.map { $0 >= testTime.description } == true)
        }
    }

    @Test(
        "A time in the past is refused, since its offset may be wrong",
        arguments: [time(before: 11_000), #""state": "scheduled", "# + time(before: 3_600_000)])
    func wrongOffset(members: String) async throws {
        let id = try await draft()
        let published = try await send("POST", "/updates", #"{"body": "seen"}"#).text("id")
        let item = #"{"body": "x", \#(members)}"#
        let faulty = [
            ("POST", "/updates", item, "/publishAt"), ("POST", "/updates", "[\(item)]", "/0/publishAt"),
            ("POST", "/updates", #"[{"body": "a"}, \#(item), \#(item)]"#, "/1/publishAt"),
            ("PATCH", "/updates/\(id)", "{\(members)}", "/publishAt"),
            (
                "PATCH", "/updates/\(published)",
                #"{"state": "scheduled", \#(Self.time(before: 60_000))}"#, "/publishAt"
            ),
        ]
        let before = try await read("/updates").body
        for (method, path, body, place) in faulty {
            let answer = try await transport(
                method, "/stories/harbour" + path, try JSONValue(parsing: Array(body.utf8)))
            #expect(answer.status == 422)
            let fault = answer.body["errors"]?.items?.first
            #expect(fault?["pointer"]?.string == place)
            #expect(fault?["detail"]?.string?.contains("lies in the past") == true)
        }
        #expect(try await read("/updates").body == before)
        _ = try await send(
            "PATCH", "/updates/\(id)", #"{"state": "published", \#(Self.time(before: 60_000))}"#)
    }

    @Test("Unpublishing removes an update; republishing gives it a new sequence number and keeps its history")
    func unpublish() async throws {
        let id = try await send("POST", "/updates", #"{"body": "one"}"#).text("id")
        _ = try await send("POST", "/updates/\(id)/reactions/veryGood")
        let start = try await cursor()
        let draft = try await send("PATCH", "/updates/\(id)", #"{"state": "draft", "body": "two"}"#)
        #expect(draft["seq"] == .null && draft["publishedAt"] == .null && draft["edited"] == .bool(true))
        let removal = try await read("/updates?cursor=\(start)").body["changes"]?.items?.first
        #expect(removal?["op"]?.string == "remove" && removal?["reason"]?.string == "unpublished")
        #expect(try await read("").body["updateCount"]?.integer == 0)
        #expect(try await !read("/reactions").text.contains(id))
        _ = try await send("PATCH", "/updates/\(id)", #"{"state": "published"}"#)
        let changes = try await read("/updates?cursor=\(start)").body["changes"]?.items
        #expect(changes?.map { $0["op"]?.string } == ["put"] && changes?.first?["seq"]?.integer == 4)
        #expect(try await read("/reactions").body["updates"]?[id]?["veryGood"]?.integer == 1)
        let revisions = try await keyed("GET", "/updates/\(id)/revisions")["revisions"]?.items
        #expect(revisions?.map { $0["body"]?.string } == ["one"])
    }

    private func keyed(_ method: HTTP.Method, _ path: String) async throws -> JSONValue {
        try JSONValue(parsing: await answer(method, path).body)
    }

    private func answer(_ method: HTTP.Method, _ path: String, _ more: Headers = [:], _ body: String = "")
        async throws -> Response
    {
        var headers = more
        headers.add(.authorization, "Bearer \(testKey)")
        if !body.isEmpty { headers.add(.contentType, "application/json") }
        let request = try Request(
            method, "/stories/harbour\(path)", headers: headers, body: Array(body.utf8))
        return await api.respond(to: request).settled()
    }

    @Test("Writers can list drafts in pages, and read each by its id")
    func list() async throws {
        let ids = [try await draft(), try await draft(Self.future), try await draft()]
        let first = try await keyed("GET", "/drafts?limit=2")
        #expect(first["drafts"]?.items?.map { $0["id"]?.string } == [ids[2], ids[1]])
        #expect(first["drafts"]?.items?.map { $0["state"]?.string } == ["draft", "scheduled"])
        let older = try first.text("older")
        let second = try await keyed("GET", String(older.dropFirst("/stories/harbour".count)))
        #expect(second["drafts"]?.items?.map { $0["id"]?.string } == [ids[0]] && second["older"] == .null)
        let single = try await answer(.get, "/updates/\(ids[1])")
        #expect(single.status == .ok && single.headers[.cacheControl] == "private, no-store")
        #expect(try JSONValue(parsing: single.body) == first["drafts"]?.items?.last)
    }

    @Test("A draft has its own entity tags, which become stale when it is edited or published")
    func tags() async throws {
        let id = try await draft()
        let tag = try #require(await answer(.get, "/updates/\(id)").headers[.etag])
        let edited = try await answer(.patch, "/updates/\(id)", [.ifMatch: tag], #"{"body": "other"}"#)
        #expect(edited.status == .ok && edited.headers[.etag] != tag)
        let stale = try await answer(.patch, "/updates/\(id)", [.ifMatch: tag], #"{"body": "third"}"#)
        #expect(stale.status == .preconditionFailed)
        let problem = try JSONValue(parsing: stale.body)
        #expect(try problem["current"] == JSONValue(parsing: edited.body))
        #expect(stale.headers[.etag] == edited.headers[.etag])
        _ = try await send("PATCH", "/updates/\(id)", #"{"state": "published"}"#)
        let late = try await answer(
            .delete, "/updates/\(id)", [.ifMatch: try #require(edited.headers[.etag])])
        #expect(late.status == .preconditionFailed)
    }

    @Test(
        "An invalid state or time, or a contradiction of both, is refused with a pointer",
        arguments: [
            #""state": "scheduled""#, #""state": "scheduled", "publishAt": null"#,
            #""state": "draft", "# + future, #""state": "published", "# + future, #""state": "gone""#,
            #""publishAt": "tomorrow""#,
        ])
    func errors(members: String) async throws {
        let body = try JSONValue(parsing: Array(#"{"body": "x", \#(members)}"#.utf8))
        let answer = try await transport("POST", "/stories/harbour/updates", body)
        #expect(answer.status == 422)
        let place = answer.body["errors"]?.items?.first?["pointer"]?.string
        #expect(place == (members.contains("gone") ? "/state" : "/publishAt"))
    }

    @Test("A published update gets a time only together with the state scheduled")
    func timeOfPublished() async throws {
        let id = try await send("POST", "/updates", #"{"body": "x"}"#).text("id")
        let body = try JSONValue(parsing: Array("{\(Self.future)}".utf8))
        #expect(try await transport("PATCH", "/stories/harbour/updates/\(id)", body).status == 422)
        let back = try await send("PATCH", "/updates/\(id)", #"{"state": "scheduled", \#(Self.future)}"#)
        #expect(back["state"]?.string == "scheduled")
        let draft = try await send("PATCH", "/updates/\(id)", #"{"publishAt": null}"#)
        #expect(draft["state"]?.string == "draft")
    }

    @Test(
        "A deleted draft moves to the bin, and a takedown erases drafts, also from the bin"
    )
    func removal() async throws {
        let first = try await draft()
        _ = try await transport("DELETE", "/stories/harbour/updates/\(first)", nil)
        #expect(try await keyed("GET", "/drafts")["drafts"]?.items == [])
        #expect(try await keyed("GET", "/bin")["updates"]?.items?.count == 1)
        let second = try await draft()
        for id in [first, second] {
            _ = try await send("POST", "/updates/\(id)/takedown", #"{"reason": "Court order"}"#)
        }
        #expect(try await keyed("GET", "/bin")["updates"]?.items == [])
        #expect(try await keyed("GET", "/drafts")["drafts"]?.items == [])
        for file in ["test.db", "test.db-wal"] { #expect(!holds("NOT YET", folder.file(file)), "\(file)") }
    }
}
