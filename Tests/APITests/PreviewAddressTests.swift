// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// Addresses by which somebody without a key sees for an hour what is not published.
@Suite("Addresses of previews", .onEveryEngineInFull)
struct PreviewAddressTests {
    /// Columns: no key, an unknown one, a revoked one, an editor's of no story, of `harbour`, of all stories, an admin's.
    static let rules: [AuthorizationTests.Rule] = [
        .init("POST /stories/harbour/previews", "{}", 401, 401, 401, 403, 201, 201, 201),
        .init("POST /stories/secret/previews", "{}", 401, 401, 401, 404, 404, 201, 201),
        .init("GET /preview/x", "", 404, 404, 404, 404, 404, 404, 404),
    ]

    private static let body = #"{"body": "NOT YET", "title": "Soon", "state": "draft"}"#

    private func make(
        _ desk: TestDesk, _ story: String, _ update: String? = nil, key: String = "admin"
    ) async throws -> String {
        let body = update.map { #"{"update": "\#($0)"}"# } ?? "{}"
        let made = try await desk.send(Call("POST /stories/\(story)/previews", body, key: key))
        try #require(made.status == .created)
        return try #require(made.headers[.location])
    }

    private func look(_ desk: TestDesk, _ path: String) async throws -> (response: Response, text: String) {
        let response = try await desk.send(Call("GET \(path)", key: ""))
        return (response, String(decoding: response.body, as: UTF8.self))
    }

    private func draft(_ desk: TestDesk) async throws -> String {
        let made = try await desk.send(Call("POST /stories/harbour/updates", Self.body))
        return try JSONValue(parsing: made.body).text("id")
    }

    @Test("Every route has the right status per caller", arguments: rules)
    func access(rule: AuthorizationTests.Rule) async throws { try await rule.check() }

    @Test(
        "It shows a draft, or a draft story, as readers will see it: in no cache, no index, and without a script"
    )
    func shown() async throws {
        let desk = try await TestDesk()
        let path = try await make(desk, "harbour", try await draft(desk))
        let page = try await look(desk, path)
        #expect(
            page.response.status == .ok && page.text.contains("NOT YET")
                && page.text.contains("Words of harbour"))
        #expect(page.response.headers[.cacheControl] == "private, no-store")
        #expect(page.response.headers["X-Robots-Tag"] == "noindex, nofollow")
        let policies = page.response.headers.fields.filter { $0.name == "Content-Security-Policy" }.map(
            \.value)
        #expect(policies.count == 2 && policies.last == "script-src 'none'")
        let secret = try await look(desk, try await make(desk, "secret"))
        #expect(secret.response.status == .ok && secret.text.contains("Words of secret"))
        #expect(try await look(desk, "/live/harbour").text.contains("NOT YET") == false)
    }

    @Test("It ends after an hour, with the update, and when somebody changes it")
    func ends() async throws {
        let desk = try await TestDesk()
        let (first, second) = (try await draft(desk), try await draft(desk))
        let paths = (try await make(desk, "harbour", first), try await make(desk, "harbour", second))
        let other = paths.0.replacing(first, with: second)
        #expect(try await look(desk, other).response.status == .notFound)
        let longer = paths.0.replacing(".1", with: ".2")
        #expect(try await look(desk, longer).response.status == .notFound)
        _ = try await desk.send(Call("DELETE /stories/harbour/updates/\(first)"))
        #expect(try await look(desk, paths.0).response.status == .notFound)
        _ = try await desk.send(
            Call("POST /stories/harbour/updates/\(second)/takedown", #"{"reason": "Court"}"#))
        let gone = try await look(desk, paths.1)
        #expect([404, 410].contains(gone.response.status.code) && !gone.text.contains("NOT YET"))
        let story = try await make(desk, "secret")
        desk.clock.advance(milliseconds: Limits.previewMilliseconds - 1)
        #expect(try await look(desk, story).response.status == .ok)
        desk.clock.advance(milliseconds: 1)
        #expect(try await look(desk, story).response.status == .notFound)
    }

    @Test("Once it is published it leads to the page that everybody sees")
    func published() async throws {
        let desk = try await TestDesk()
        let id = try await draft(desk)
        let path = try await make(desk, "harbour", id)
        _ = try await desk.send(
            Call("PATCH /stories/harbour/updates/\(id)", #"{"state": "published"}"#))
        let moved = try await look(desk, path).response
        #expect(moved.status == .seeOther && moved.headers[.location] == "/live/harbour/\(id)")
        let missing = try await desk.send(
            Call(
                "POST /stories/harbour/previews", #"{"update": "00000000-0000-7000-8000-000000000001"}"#))
        #expect(missing.status == .notFound)
    }

    @Test("It ends when the story is hidden, and goes on when it is shown again; that of a draft goes on")
    func hidden() async throws {
        let desk = try await TestDesk()
        let paths = [
            try await make(desk, "harbour"), try await make(desk, "harbour", try await draft(desk)),
        ]
        let ofDraft = try await make(desk, "secret")
        #expect(try await look(desk, paths[1]).response.status == .ok)
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "draft"}"#))
        for path in paths {
            #expect(try await look(desk, path).response.status == .notFound)
            let forged = path.replacing(".shown.", with: ".draft.")
            #expect(try await look(desk, forged).response.status == .notFound && forged != path)
        }
        #expect(try await look(desk, ofDraft).response.status == .ok)
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "live"}"#))
        #expect(try await look(desk, paths[1]).text.contains("NOT YET"))
    }

    @Test("It ends with the key that it was made with, and the audit trail tells who has made it")
    func revoked() async throws {
        let desk = try await TestDesk()
        let update = try await draft(desk)
        let path = try await make(desk, "harbour", update, key: "bound")
        let own = try await make(desk, "harbour", update)
        let trail = try await desk.send(Call("GET /audit?story=<harbour>&limit=2"))
        let entries = try #require(try JSONValue(parsing: trail.body)["entries"]?.items)
        #expect(entries.map { $0["action"]?.string } == ["preview.create", "preview.create"])
        #expect(entries.map { $0["update"]?.string } == [update, update])
        let key = try entries[1].text("key")
        #expect(desk.resolve("<bound>").contains(key) && entries[0]["key"]?.string == "configuration")
        #expect(try await look(desk, path).response.status == .ok)
        try await desk.store.revokeKey(key, at: testTime)
        #expect(try await look(desk, path).response.status == .notFound)
        let forged = path.replacing(".\(key).", with: ".configuration.")
        #expect(try await look(desk, forged).response.status == .notFound && forged != path)
        #expect(try await look(desk, own).response.status == .ok)
    }
}
