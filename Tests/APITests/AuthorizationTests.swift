// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import StoreSupport
import Testing

/// Permissions of each caller on each route. A story that the caller may not see is answered like a missing one.
@Suite("Authorization", .onEveryEngineInFull)
struct AuthorizationTests {
    /// The callers, in the order of the columns below.
    static let holders = ["", "bad", "revoked", "stranger", "bound", "editor", "admin"]

    struct Rule: Sendable, CustomTestStringConvertible {
        let call: Call
        let statuses: [Int]

        init(_ line: String, _ body: String = "", type: String? = nil, _ statuses: Int...) {
            (call, self.statuses) = (Call(line, body, type: type), statuses)
        }

        var testDescription: String { call.line }

        /// Sends the request of each caller to a new desk, and checks the statuses.
        func check() async throws {
            for (holder, status) in zip(AuthorizationTests.holders, statuses) {
                var call = call
                call.key = holder
                #expect(try await TestDesk().send(call).status.code == status, "\(holder)")
            }
        }
    }

    @Test(
        "Every route has the right status per caller",
        arguments: live + liveUpdates + hidden + pages + newsroom)
    func validator(rule: Rule) async throws {
        try #require(rule.statuses.count == Self.holders.count)
        for (holder, status) in zip(Self.holders, rule.statuses) {
            let desk = try await TestDesk()
            var call = rule.call
            call.key = holder
            let response = try await desk.send(call)
            #expect(response.status.code == status, "\(holder)")
            let text = String(decoding: response.body, as: UTF8.self)
            if status == 404 || status == 401 {
                #expect(!text.contains("Words of secret") && !text.contains("Story secret"), "\(holder)")
            }
            if status == 401 { #expect(response.headers[.wwwAuthenticate] == "Bearer") }
            if holder == "admin", status < 400 {
                #expect(response.headers[.cacheControl] == "private, no-store")
            }
        }
    }

    @Test("The tables cover every route")
    func routes() async throws {
        let rules =
            Self.live + Self.liveUpdates + Self.hidden + Self.pages + WebhookTests.rules + PushTests.rules
            + MediaTests.rules + AutosaveTests.rules + PresenceTests.rules + SearchTests.rules
            + SnippetTests.rules + LinkCheckTests.rules
            + PreviewAddressTests.rules + Self.newsroom
        let known = rules.map { rule in
            rule.call.line.prefix { $0 != "?" }.split { " /".contains($0) }.map(String.init)
        }
        let machineRoom = ["/healthz", "/readyz", "/metrics", "/openapi.yaml"]
        for (method, template) in try await TestDesk().api.routes where !machineRoom.contains(template) {
            let parts = [method.rawValue] + template.split(separator: "/").map(String.init)
            let isKnown = known.contains { line in
                line.count == parts.count && zip(line, parts).allSatisfy { $0 == $1 || $1.hasPrefix("{") }
            }
            #expect(isKnown, "\(method) \(template)")
        }
    }

    /// Columns: no key, an unknown one, a revoked one, an editor's of no story, of `harbour`, of all stories, an admin's.
    private static let live = [
        Rule("GET /stories/harbour", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /stories/harbour/updates", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /stories/harbour/export", "", 401, 401, 401, 200, 200, 200, 200),
        Rule("POST /stories/harbour/reactions/veryGood", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("POST /stories", #"{"title": "x"}"#, 401, 401, 401, 403, 403, 201, 201),
        Rule("PUT /stories/bridge", #"{"title": "x"}"#, 401, 401, 401, 403, 403, 201, 201),
        Rule("PUT /stories/harbour", #"{"title": "x"}"#, 401, 401, 401, 403, 200, 200, 200),
        Rule("PATCH /stories/harbour", #"{"title": "x"}"#, 401, 401, 401, 403, 200, 200, 200),
        Rule("DELETE /stories/harbour", "", 401, 401, 401, 403, 403, 403, 204),
        Rule("POST /stories/harbour/updates", #"{"body": "x"}"#, 401, 401, 401, 403, 201, 201, 201),
        Rule(
            "PATCH /stories/harbour/updates/<harbourUpdate>", #"{"body": "x"}"#, 401, 401, 401, 403, 200, 200,
            200),
        Rule("DELETE /stories/harbour/updates/<harbourUpdate>", "", 401, 401, 401, 403, 204, 204, 204),
        Rule("GET /stories/harbour/bin", "", 401, 401, 401, 403, 200, 200, 200),
        Rule(
            "POST /stories/harbour/updates/<harbourUpdate>/restore", "", 401, 401, 401, 403, 200, 200, 200),
        Rule("GET /stories/harbour/slugs", "", 401, 401, 401, 403, 200, 200, 200),
        Rule("DELETE /stories/harbour/slugs/none", "", 401, 401, 401, 403, 403, 403, 404),
        Rule("PUT /stories/harbour/links/related", "[]", 401, 401, 401, 403, 200, 200, 200),
        Rule("POST /import", #"{"wireroom": 1, "story": {"title": "x"}}"#, 401, 401, 401, 403, 403, 201, 201),
    ]

    private static let update = "/stories/harbour/updates/<harbourUpdate>"
    private static let visitor = #"{"visitor": "v"}"#

    private static let liveUpdates = [
        Rule("GET /stories", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /audit", "", 401, 401, 401, 403, 403, 403, 200),
        Rule("GET /stories/harbour/links", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /stories/harbour/reactions", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("DELETE /stories/harbour/reactions/veryGood", visitor, 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /stories/harbour/drafts", "", 401, 401, 401, 403, 200, 200, 200),
        Rule("GET \(update)", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("POST \(update)/strike", #"{"reason": "x"}"#, 401, 401, 401, 403, 200, 200, 200),
        Rule("DELETE \(update)/strike", "", 401, 401, 401, 403, 200, 200, 200),
        Rule("POST \(update)/takedown", #"{"reason": "x"}"#, 401, 401, 401, 403, 200, 200, 200),
        Rule("GET \(update)/revisions", "", 401, 401, 401, 403, 200, 200, 200),
        Rule("POST \(update)/reactions/veryGood", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("DELETE \(update)/reactions/veryGood", visitor, 200, 200, 200, 200, 200, 200, 200),
    ]

    private static let hidden = [
        Rule("GET /stories/secret/stream", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /stories/secret/drafts", "", 401, 401, 401, 404, 404, 200, 200),
        Rule(
            "GET /stories/secret/updates/<secretUpdate>/revisions", "", 401, 401, 401, 404, 404, 200, 200),
        Rule(
            "POST /stories/secret/updates/<secretUpdate>/strike", #"{"reason": "x"}"#, 401, 401, 401, 404,
            404, 200, 200),
        Rule(
            "POST /stories/secret/updates/<secretUpdate>/takedown", #"{"reason": "x"}"#, 401, 401, 401, 404,
            404, 200, 200),
        Rule("GET /stories/secret", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /stories/<secret>", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /stories/secret/updates", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /stories/secret/updates/<secretUpdate>", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /stories/secret/links", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /stories/secret/reactions", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /stories/secret/export", "", 401, 401, 401, 404, 404, 200, 200),
        Rule("POST /stories/secret/reactions/veryGood", "", 404, 404, 404, 404, 404, 200, 200),
        Rule(
            "POST /stories/secret/updates/<secretUpdate>/reactions/veryGood", "", 404, 404, 404, 404, 404,
            200, 200),
        Rule("PATCH /stories/secret", #"{"title": "x"}"#, 401, 401, 401, 404, 404, 200, 200),
        Rule("DELETE /stories/secret", "", 401, 401, 401, 404, 404, 403, 204),
        Rule("POST /stories/secret/updates", #"{"body": "x"}"#, 401, 401, 401, 404, 404, 201, 201),
        Rule("DELETE /stories/secret/updates/<secretUpdate>", "", 401, 401, 401, 404, 404, 204, 204),
        Rule("PUT /stories/secret/links/related", "[]", 401, 401, 401, 404, 404, 200, 200),
    ]

    private static let pages = [
        Rule("GET /", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /api/v2/summary.json", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /api/v2/status.json", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /api/v2/incidents.json", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /desk", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /embed.js", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /words/de", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /embed-live.js", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /embed-frame.js", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /embed/harbour", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /stories/harbour/social/none.png", "", 404, 404, 404, 404, 404, 404, 404),
        Rule("GET \(update)/social/none.png", "", 404, 404, 404, 404, 404, 404, 404),
        Rule("GET /embed/secret", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /stories/secret/fragment.html", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /oembed", "", 400, 400, 400, 400, 400, 400, 400),
        Rule("GET /sitemap.xml", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /sitemap-news.xml", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /robots.txt", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /manifest.webmanifest", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /apple-touch-icon.png", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /cards.js", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /client.js", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /client.d.ts", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /assets/live.0.js", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /key", "", 401, 401, 401, 200, 200, 200, 200),
        Rule("POST /preview", "*x*", type: "text/markdown", 401, 401, 401, 200, 200, 200, 200),
        Rule(
            "POST /stories/harbour/preview", #"{"body": "x"}"#, 401, 401, 401, 200, 200, 200, 200),
        Rule(
            "POST /stories/secret/preview", #"{"body": "x"}"#, 401, 401, 401, 404, 404, 200, 200),
        Rule("GET /favicon.ico", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /live/harbour", "", 200, 200, 200, 200, 200, 200, 200),
        Rule("GET /live/secret", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /live/secret/<secretUpdate>", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /stories/secret/feed.json", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /stories/secret/feed.atom", "", 404, 404, 404, 404, 404, 200, 200),
        Rule("GET /stories/secret/liveblog.jsonld", "", 404, 404, 404, 404, 404, 200, 200),
    ]

    @Test(
        "The list of stories shows each caller only what they may see",
        arguments: zip(
            holders, [false, false, false, false, false, true, true]))
    func lists(holder: String, seesDraft: Bool) async throws {
        let response = try await TestDesk().send(Call("GET /stories", key: holder))
        #expect(String(decoding: response.body, as: UTF8.self).contains("secret") == seesDraft)
    }

    @Test("Without access, PUT of a hidden story is answered like PUT of a missing one")
    func hiddenPut() async throws {
        let desk = try await TestDesk()
        let body = #"{"title": "x"}"#
        let headers: [(HeaderName, String)] = [(.requestID, "same")]
        let hidden = try await desk.send(Call("PUT /stories/secret", body, key: "bound", headers: headers))
        let missing = try await desk.send(Call("PUT /stories/none", body, key: "bound", headers: headers))
        #expect(hidden.status == .forbidden && hidden.body == missing.body)
    }

    @Test("A link to a hidden story is refused if the caller may not see it")
    func linkToHidden() async throws {
        let body = #"[{"title": "a", "story": "<secret>"}]"#
        let call = Call("PUT /stories/harbour/links/related", body, key: "bound")
        #expect(try await TestDesk().send(call).status.code == 422)
    }
}
