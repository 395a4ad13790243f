// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Updates move to another story with all that hangs on them, and readers of both stories learn of it.
@Suite("Moving updates", .onEveryEngineInFull)
struct MoveTests {
    private static let update = "/stories/harbour/updates/<harbourUpdate>"
    private static let move = "/stories/harbour/updates/move"
    private static let toBridge = #"{"ids": ["<harbourUpdate>"], "to": "bridge"}"#

    private func json(_ response: Response) throws -> JSONValue { try JSONValue(parsing: response.body) }

    private func read(_ path: String, _ desk: TestDesk, key: String = "") async throws -> JSONValue {
        try json(try await desk.send(Call("GET \(path)", key: key)))
    }

    /// A desk with a second live story, `bridge`.
    private func deskWithBridge() async throws -> TestDesk {
        let desk = try await TestDesk()
        let made = try await desk.send(Call("POST /stories", #"{"title": "Bridge", "slug": "bridge"}"#))
        #expect(made.status == .created)
        return desk
    }

    private func mustMove(_ body: String, _ desk: TestDesk, from story: String = "harbour") async throws {
        let response = try await desk.send(Call("POST /stories/\(story)/updates/move", body))
        #expect(response.status == .ok, "\(String(decoding: response.body, as: UTF8.self))")
    }

    @Test(
        "An update keeps its id, place, reactions and revisions, and takes the next number of its new story")
    func whole() async throws {
        let desk = try await deskWithBridge()
        for call in [
            Call("PATCH \(Self.update)", #"{"body": "Corrected", "tags": ["a"], "keyEvent": true}"#),
            Call("POST \(Self.update)/strike", #"{"reason": "Wrong"}"#),
            Call("POST \(Self.update)/reactions/veryGood", #"{"visitor": "v"}"#),
        ] { #expect(try await desk.send(call).status == .ok) }
        let before = try await read(Self.update, desk)
        try await mustMove(Self.toBridge, desk)
        let after = try await read("/stories/bridge/updates", desk)
        let shown = try #require(after["updates"]?.items?.first)
        #expect(shown.without("seq", "modifiedAt") == before.without("seq", "modifiedAt"))
        #expect(shown["seq"]?.integer == 2 && after["story"]?["updateCount"]?.integer == 1)
        #expect(try await read("/stories/harbour/updates", desk)["updates"]?.items == [])
        let moved = "/stories/bridge/updates/\(desk.resolve("<harbourUpdate>"))"
        let reactions = try await read("/stories/bridge/reactions", desk)
        #expect(reactions["updates"]?[desk.resolve("<harbourUpdate>")]?["veryGood"]?.integer == 1)
        let again = Call("POST \(moved)/reactions/veryGood", #"{"visitor": "v"}"#)
        #expect(try json(try await desk.send(again))["counted"] == .bool(false))
        _ = try await desk.send(Call("PATCH \(moved)", #"{"body": "Later"}"#))
        let revisions = try await read("\(moved)/revisions", desk, key: "admin")["revisions"]?.items ?? []
        #expect(revisions.map { $0["body"]?.string } == ["Corrected", "Corrected", "Words of harbour"])
        #expect(revisions.map { $0["seq"]?.integer } == [2, 1, 1])
        #expect(try desk.errors() == [])
    }

    @Test("Pollers of the old story get a remove, those of the new one a put, from memory and from the store")
    func deltas() async throws {
        let desk = try await deskWithBridge()
        let bridge = try await read("/stories/bridge/updates", desk).text("cursor")
        try await mustMove(Self.toBridge, desk)
        for api in [desk.api, desk.anotherAPI()] {
            let old = Call("GET /stories/harbour/updates?cursor=<now>", key: "")
            let removal = try json(try await desk.send(old, to: api))["changes"]?.items
            #expect(removal?.map { $0["reason"]?.string } == ["moved"])
            let new = Call("GET /stories/bridge/updates?cursor=\(bridge)", key: "")
            let arrival = try json(try await desk.send(new, to: api))["changes"]?.items
            #expect(arrival?.map { $0["op"]?.string } == ["put"])
        }
    }

    @Test(
        "An update that comes back is there for pollers who have missed both, also if it fits their filter no more"
    )
    func back() async throws {
        let desk = try await deskWithBridge()
        _ = try await desk.send(Call("PATCH \(Self.update)", #"{"tags": ["a"]}"#))
        let held = try await read("/stories/harbour/updates?tag=a", desk).text("cursor")
        try await mustMove(Self.toBridge, desk)
        let moved = desk.resolve("/stories/bridge/updates/<harbourUpdate>")
        _ = try await desk.send(Call("PATCH \(moved)", #"{"tags": []}"#))
        try await mustMove(#"{"ids": ["<harbourUpdate>"], "to": "harbour"}"#, desk, from: "bridge")
        let delta = try await read("/stories/harbour/updates?tag=a&cursor=\(held)", desk)
        #expect(delta["changes"]?.items?.map { $0["reason"]?.string } == ["left"])
        let all = try await read("/stories/harbour/updates?cursor=\(held)", desk)
        #expect(all["changes"]?.items?.map { $0["op"]?.string } == ["put"])
        #expect(try desk.errors() == [])
    }

    @Test("Its page at the old place redirects to the new one, unless that is hidden from who asks")
    func permalinks() async throws {
        let desk = try await deskWithBridge()
        let page = Call("GET /live/harbour/<harbourUpdate>", key: "")
        #expect(try await desk.send(page).status == .ok)
        try await mustMove(Self.toBridge, desk)
        let redirect = try await desk.send(page)
        #expect(redirect.status == .permanentRedirect)
        #expect(redirect.headers[.location] == desk.resolve("/live/bridge/<harbourUpdate>"))
        let place = try #require(redirect.headers[.location])
        #expect(try await desk.send(Call("GET \(place)", key: "")).status == .ok)
        let resource = try await read(Self.update, desk)
        #expect(resource["detail"]?.string == "the update was moved to the story \"bridge\"")
        _ = try await desk.send(Call("PATCH /stories/bridge", #"{"status": "draft"}"#))
        #expect(try await desk.send(page).status == .notFound)
        #expect(try await desk.send(Call(page.line)).status == .permanentRedirect)
    }

    @Test("Drafts move, and updates are split off into a new story, in one request that can be repeated")
    func split() async throws {
        let desk = try await TestDesk()
        let path = "/stories/harbour/updates"
        let draft = try json(
            try await desk.send(Call("POST \(path)", #"{"body": "Draft", "state": "draft"}"#)))
        let ids = #"["\#(try draft.text("id"))", "<harbourUpdate>"]"#
        let split = Call(
            "POST \(Self.move)", #"{"ids": \#(ids), "story": {"title": "Split", "status": "draft"}}"#,
            headers: [(.idempotencyKey, "once")])
        let made = try await desk.send(split)
        #expect(made.status == .ok)
        #expect(try json(made)["story"]?["slug"]?.string == "split")
        #expect(try json(made)["story"]?["updateCount"]?.integer == 1)
        let repeated = try await desk.send(split)
        #expect(repeated.body == made.body && repeated.headers["Idempotency-Replayed"] == "true")
        let drafts = try await read("/stories/split/drafts", desk, key: "admin")["drafts"]?.items
        #expect(drafts?.map { $0["body"]?.string } == ["Draft"])
        // Without an idempotency key a repeat finds nothing left to do.
        let seq = try await read("/stories/split", desk, key: "admin")["seq"]
        try await mustMove(#"{"ids": \#(ids), "to": "split"}"#, desk)
        #expect(try await read("/stories/split", desk, key: "admin")["seq"] == seq)
        #expect(try await desk.send(Call("GET /live/harbour/<harbourUpdate>", key: "")).status == .notFound)
        #expect(try desk.errors() == [])
    }

    @Test("Both trails tell of it, and a takedown afterwards refuses what had made the update")
    func trails() async throws {
        let desk = try await deskWithBridge()
        let post = Call("POST /stories/harbour/updates", #"{"body": "To be taken down"}"#)
        let made = try json(try await desk.send(post)).text("id")
        try await mustMove(#"{"ids": ["\#(made)"], "to": "bridge"}"#, desk)
        let bridge = try await read("/stories/bridge", desk).text("id")
        for (story, detail) in [(desk.resolve("<harbour>"), "to \(bridge)"), (bridge, "from <harbour>")] {
            let trail = try await read("/audit?story=\(story)&limit=1", desk, key: "admin")
            let entry = try #require(trail["entries"]?.items?.first)
            #expect(entry["action"]?.string == "update.move" && entry["update"]?.string == made)
            #expect(entry["detail"]?.string == desk.resolve(detail))
        }
        let takedown = Call("POST /stories/bridge/updates/\(made)/takedown", #"{"reason": "Court"}"#)
        #expect(try await desk.send(takedown).status == .ok)
        #expect(try await desk.send(post).status == .gone)
        #expect(try await desk.send(Call("GET /live/harbour/\(made)", key: "")).status == .notFound)
        #expect(try desk.errors() == [])
    }

    @Test(
        "What cannot be moved is refused, with the place in the request",
        arguments: [
            ("no ids", #"{"to": "secret"}"#, 422, "/ids is required"),
            ("none", #"{"ids": [], "to": "secret"}"#, 422, "/ids must name 1 to 200 updates, not 0"),
            ("no id", #"{"ids": ["x"], "to": "secret"}"#, 422, "/ids/0 must be an id"),
            (
                "twice", #"{"ids": ["<harbourUpdate>", "<harbourUpdate>"], "to": "secret"}"#, 422,
                "/ids must not name an update twice"
            ),
            ("nowhere", #"{"ids": ["<harbourUpdate>"]}"#, 422, "/to is required"),
            (
                "two places", #"{"ids": ["<harbourUpdate>"], "to": "secret", "story": {"title": "x"}}"#, 422,
                "one of the two"
            ),
            ("itself", #"{"ids": ["<harbourUpdate>"], "to": "<harbour>"}"#, 422, "/to must be another story"),
            ("no story", #"{"ids": ["<harbourUpdate>"], "to": "none"}"#, 422, "/to does not name"),
            (
                "an update of another story", #"{"ids": ["<harbourUpdate>", "<harbour>"], "to": "secret"}"#,
                422,
                "/ids/1 does not name an update of the story"
            ),
            ("no title", #"{"ids": ["<harbourUpdate>"], "story": {}}"#, 422, "/story/title is required"),
            (
                "a member that there is not", #"{"ids": ["<harbourUpdate>"], "story": {"titel": "x"}}"#, 422,
                "/story/titel"
            ),
        ])
    func refusals(name: String, body: String, status: Int, contains: String) async throws {
        let desk = try await TestDesk()
        let response = try await desk.send(Call("POST \(Self.move)", body))
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(response.status.code == status && text.contains(contains), "\(text)")
        #expect(try await read(Self.update, desk)["body"]?.string == "Words of harbour")
    }

    @Test("A key that is bound to the story can neither move to another nor make one")
    func bound() async throws {
        let desk = try await deskWithBridge()
        for (body, status) in [
            (Self.toBridge, 403), (#"{"ids": ["<harbourUpdate>"], "to": "secret"}"#, 422),
            (#"{"ids": ["<harbourUpdate>"], "story": {"title": "Split"}}"#, 403),
        ] {
            let response = try await desk.send(Call("POST \(Self.move)", body, key: "bound"))
            #expect(response.status.code == status)
        }
    }

    @Test("No more updates are pinned in the new story than it has room for")
    func pins() async throws {
        let desk = try await deskWithBridge()
        let pinned = (1...Stories.Limits.pinnedUpdates).map { #"{"body": "\#($0)", "pinned": true}"# }
        let batch = Call("POST /stories/bridge/updates", "[\(pinned.joined(separator: ","))]")
        #expect(try await desk.send(batch).status == .created)
        _ = try await desk.send(Call("PATCH \(Self.update)", #"{"pinned": true}"#))
        let response = try await desk.send(Call("POST \(Self.move)", Self.toBridge))
        #expect(response.status.code == 422)
        #expect(String(decoding: response.body, as: UTF8.self).contains("/ids/0/pinned"))
    }
}
