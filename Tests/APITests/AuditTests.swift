// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import SQLiteEngine
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization
import Testing

/// Entries of the audit trail, and access to it.
@Suite("The audit trail", .onEveryEngineInFull)
struct AuditTests {
    private func entries(_ desk: TestDesk, _ query: String = "") async throws -> [JSONValue] {
        let reply = try await desk.send(Call("GET /audit\(query)"))
        #expect(reply.status == .ok && reply.headers[.cacheControl] == "private, no-store")
        return try JSONValue(parsing: reply.body)["entries"]?.items ?? []
    }

    private static let update = "/stories/harbour/updates/<harbourUpdate>"

    @Test(
        "Every write is recorded with its key and changed members, never with its content",
        arguments: [
            (Call("POST /stories", #"{"title": "WORDS"}"#), "story.create", [], nil),
            (Call("PUT /stories/harbour", #"{"title": "WORDS"}"#), "story.replace", ["title"], nil),
            (Call("PATCH /stories/harbour", #"{"byline": "WORDS"}"#), "story.edit", ["byline"], nil),
            (
                Call("PATCH /stories/harbour", #"{"status": "closed", "ending": "WORDS"}"#), "story.edit",
                ["status", "ending"], "from live to closed"
            ),
            (Call("DELETE /stories/harbour"), "story.delete", [], "harbour"),
            (
                Call("POST /import", #"{"wireroom": 1, "story": {"title": "WORDS"}}"#), "story.import", [],
                nil
            ),
            (
                Call("PUT /stories/harbour/links/ranking", #"[{"title": "WORDS"}]"#), "links.replace", [],
                "ranking"
            ),
            (Call("POST /stories/harbour/updates", #"{"body": "WORDS"}"#), "update.publish", [], nil),
            (
                Call("POST /stories/harbour/updates", #"{"body": "WORDS", "state": "draft"}"#),
                "update.draft", [], nil
            ),
            (
                Call(
                    "POST /stories/harbour/updates",
                    #"{"body": "WORDS", "publishAt": "2126-01-01T00:00:00Z"}"#),
                "update.schedule", [], nil
            ),
            (Call("PATCH \(update)", #"{"state": "draft"}"#), "update.unpublish", ["state"], nil),
            (
                Call("PATCH \(update)", #"{"body": "WORDS", "tags": []}"#), "update.edit", ["body", "tags"],
                nil
            ),
            (Call("POST \(update)/strike", #"{"reason": "WORDS"}"#), "update.strike", [], nil),
            (Call("DELETE \(update)"), "update.delete", [], nil),
            (Call("POST \(update)/takedown", #"{"reason": "Court"}"#), "update.takedown", [], "Court"),
        ] as [(Call, String, [String], String?)])
    func actions(call: Call, action: String, members: [String], detail: String?) async throws {
        let desk = try await TestDesk()
        let before = try await entries(desk).count
        #expect(try await desk.send(call).status.code < 300)
        let all = try await entries(desk)
        let entry = try #require(all.first)
        #expect(all.count == before + 1 && entry["number"]?.integer == all.count)
        #expect(entry["action"]?.string == action && entry["detail"]?.string == detail)
        #expect(entry["key"]?.string == "configuration" && entry["at"]?.string == testTime.description)
        #expect(entry["members"]?.items?.compactMap(\.string) == members)
        for entry in all {
            #expect(!String(decoding: JSONWriter.bytes(of: entry), as: UTF8.self).contains("WORDS"))
        }
    }

    @Test("Reactions, refused writes and writes without effect are not recorded")
    func nothing() async throws {
        let desk = try await TestDesk()
        let before = try await entries(desk)
        for call in [
            Call("PATCH \(Self.update)", "{}"), Call("PATCH /stories/harbour", #"{"status": "live"}"#),
            Call("DELETE \(Self.update)/strike"), Call("PUT /stories/harbour/links/related", "[]"),
            Call("DELETE /stories/harbour", key: "editor"), Call("POST /stories/harbour/updates", "{}"),
            Call("POST /stories/harbour/reactions/veryGood"),
        ] { _ = try await desk.send(call) }
        #expect(try await entries(desk) == before)
    }

    @Test("An editor's entries have the key's id and name; the trail can be filtered by key and story")
    func who() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("PATCH \(Self.update)", #"{"pinned": true}"#, key: "bound"))
        let entry = try #require(try await entries(desk, "?limit=1").first)
        #expect(entry["name"]?.string == "test")
        let key = try entry.text("key")
        #expect(desk.resolve("<bound>").contains(key))
        #expect(try await entries(desk, "?key=\(key)") == [entry])
        let ofStory = try await entries(desk, "?story=<secret>")
        #expect(ofStory.map { $0["action"]?.string } == ["update.publish", "story.create"])
        #expect(try await entries(desk, "?key=nobody").isEmpty)
    }

    @Test("The trail of one update and of one kind of write; a takedown leaves no word in it")
    func filters() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("PATCH \(Self.update)", #"{"body": "UNSPEAKABLE"}"#))
        _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "Another"}"#))
        func actions(_ query: String) async throws -> [String?] {
            try await entries(desk, query).map { $0["action"]?.string }
        }
        #expect(try await actions("?update=<harbourUpdate>") == ["update.edit", "update.publish"])
        #expect(try await actions("?action=update.edit&story=<harbour>") == ["update.edit"])
        #expect(try await actions("?update=<harbourUpdate>&action=update.delete").isEmpty)
        let first = try JSONValue(
            parsing: try await desk.send(Call("GET /audit?action=update.publish&limit=1")).body)
        let next = try JSONValue(parsing: try await desk.send(Call("GET \(try first.text("older"))")).body)
        #expect(next["entries"]?.items?.map { $0["action"]?.string } == ["update.publish"])
        #expect(try await desk.send(Call("GET /audit?action=update.eat")).status == .badRequest)
        let revisions = Call("GET \(Self.update)/revisions")
        #expect(try await desk.send(revisions).status == .ok)
        _ = try await desk.send(Call("POST \(Self.update)/takedown", #"{"reason": "Court"}"#))
        #expect(try await desk.send(revisions).status == .gone)
        #expect(try await desk.send(Call("GET \(Self.update)")).status == .notFound)
        let trail = try await desk.send(Call("GET /audit?update=<harbourUpdate>")).body
        let text = String(decoding: trail, as: UTF8.self)
        #expect(
            text.contains("update.takedown") && !text.contains("UNSPEAKABLE") && !text.contains("Words of"))
    }

    @Test("The pages together are the whole trail")
    func pages() async throws {
        let desk = try await TestDesk()
        let all = try await entries(desk)
        var (found, next): ([JSONValue], String?) = ([], "/audit?limit=3")
        while let address = next {
            let page = try JSONValue(parsing: try await desk.send(Call("GET \(address)")).body)
            found += page["entries"]?.items ?? []
            next = page["older"]?.string
        }
        #expect(found == all && all.count > 6)
    }

    @Test(
        "Only admins may read it",
        arguments: zip(["", "bad", "revoked", "bound", "editor", "admin"], [401, 401, 401, 403, 403, 200]))
    func access(key: String, status: Int) async throws {
        #expect(try await TestDesk().send(Call("GET /audit", key: key)).status.code == status)
    }

    @Test("The last use of a key is recorded")
    func lastUse() async throws {
        let desk = try await TestDesk()
        #expect(try await desk.store.keys().allSatisfy { $0.lastUsedAt == nil })
        _ = try await desk.send(Call("GET /stories", key: "editor"))
        // It is recorded asynchronously.
        var used: [KeyRecord] = []
        for _ in 0..<500 where used.isEmpty {
            used = try await desk.store.keys().filter { $0.lastUsedAt != nil }
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(used.count == 1 && used.first?.lastUsedAt == testTime)
        #expect(used.first.map { desk.resolve("<editor>").contains($0.id) } == true)
    }

    @Test("A takedown purges the configured cache, again when it is repeated, and reports success")
    func purge() async throws {
        let desk = try await TestDesk()
        let seen = Seen()
        for works in [true, false] {
            let api = desk.api {
                $0.purge = { paths, _ in
                    seen.add(paths)
                    return works
                }
            }
            let headers: [(HeaderName, String)] = [(.idempotencyKey, "once")]
            let call = Call("POST \(Self.update)/takedown", #"{"reason": "Court"}"#, headers: headers)
            let reply = try JSONValue(parsing: try await desk.send(call, to: api).body)
            #expect(reply["purged"] == .bool(works))
            #expect(reply["purge"]?.items?.compactMap(\.string) == seen.last)
            #expect(seen.last?.contains(desk.resolve("/stories/<harbour>/updates")) == true)
        }
    }
}

/// What a cache was asked to purge.
private final class Seen: Sendable {
    private let paths = Mutex<[[String]]>([])

    var last: [String]? { paths.withLock { $0.last } }

    func add(_ more: [String]) { paths.withLock { $0.append(more) } }
}
