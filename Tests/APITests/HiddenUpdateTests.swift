// SPDX-License-Identifier: Apache-2.0
import HTTP
import StoreSupport
import Stories
import Testing

/// Updates of a live story that readers do not see: every route with an update id, for every caller.
@Suite("Hidden updates", .onEveryEngineInFull)
struct HiddenUpdateTests {
    struct Rule: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        let body: String
        /// Statuses for callers without a valid key, with a key of other stories, and with write access.
        let draft: [Int]
        let gone: [Int]
        /// A deleted update is in the bin, for callers with write access.
        let deleted: [Int]
        /// Callers with write access learn of the takedown.
        var takenDown: [Int] { gone[0] == 401 ? [gone[0], gone[1], 410] : gone }

        init(_ line: String, _ body: String = "", draft: [Int], gone: [Int], deleted: [Int]? = nil) {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            (method, path, self.body) = (parts[0], parts[1], body)
            (self.draft, self.gone, self.deleted) = (draft, gone, deleted ?? gone)
        }

        var testDescription: String { "\(method) …\(path)" }
    }

    private static let reason = #"{"reason": "x"}"#

    private static let validator: [Rule] = [
        Rule("GET ", draft: [404, 404, 200], gone: [404, 404, 404]),
        Rule("GET /revisions", draft: [401, 403, 200], gone: [401, 403, 404], deleted: [401, 403, 200]),
        Rule("POST /restore", draft: [401, 403, 200], gone: [401, 403, 404], deleted: [401, 403, 200]),
        Rule("PATCH ", #"{"body": "x"}"#, draft: [401, 403, 200], gone: [401, 403, 404]),
        Rule("DELETE ", draft: [401, 403, 204], gone: [401, 403, 404]),
        Rule("POST /strike", reason, draft: [401, 403, 409], gone: [401, 403, 404]),
        Rule("DELETE /strike", draft: [401, 403, 409], gone: [401, 403, 404]),
        Rule(
            "POST /takedown", reason, draft: [401, 403, 200], gone: [401, 403, 404], deleted: [401, 403, 200]),
        Rule("POST /reactions/veryGood", draft: [404, 404, 404], gone: [404, 404, 404]),
        Rule(
            "DELETE /reactions/veryGood", #"{"visitor": "v"}"#, draft: [404, 404, 404], gone: [404, 404, 404]),
    ]

    /// The caller's column in the statuses.
    private static func column(of holder: String) -> Int {
        ["": 0, "bad": 0, "revoked": 0, "stranger": 1][holder] ?? 2
    }

    @Test(
        "Pages and feeds show them to no caller",
        arguments: [
            "/live/harbour", "/stories/harbour/feed.json", "/stories/harbour/feed.atom",
            "/stories/harbour/liveblog.jsonld", "/",
        ])
    func pages(path: String) async throws {
        let desk = try await TestDesk(hasHidden: true)
        for holder in ["", "stranger", "admin"] {
            let response = try await desk.send(Call("GET \(path)", key: holder))
            #expect(response.status == .ok)
            #expect(!String(decoding: response.body, as: UTF8.self).contains("Words of secret"), "\(holder)")
            for name in ["draft", "waiting", "deleted", "takenDown"] {
                let page = try await desk.send(Call("GET /live/harbour/<\(name)>", key: holder))
                #expect(page.status == .notFound, "\(name) for \(holder)")
            }
        }
    }

    @Test("Every route hides the content from callers without write access", arguments: Self.validator)
    func answers(rule: Rule) async throws {
        for (name, statuses) in [
            ("draft", rule.draft), ("waiting", rule.draft), ("deleted", rule.deleted),
            ("takenDown", rule.takenDown),
        ] {
            for holder in AuthorizationTests.holders {
                let desk = try await TestDesk(hasHidden: true)
                let column = Self.column(of: holder)
                let call = Call(
                    "\(rule.method) /stories/harbour/updates/<\(name)>\(rule.path)", rule.body, key: holder)
                let response = try await desk.send(call)
                #expect(response.status.code == statuses[column], "\(name) for \(holder)")
                let text = String(decoding: response.body, as: UTF8.self)
                if column < 2 { #expect(!text.contains("Words of secret"), "\(name) for \(holder)") }
            }
        }
    }

    @Test(
        "Without access, a hidden update is answered like a missing one, byte for byte",
        arguments: ["", "bad", "revoked", "stranger"])
    func likeNone(holder: String) async throws {
        let desk = try await TestDesk(hasHidden: true)
        for rule in Self.validator {
            var answers: Set<String> = []
            for id in [
                "<draft>", "<waiting>", "<deleted>", "<takenDown>", "019ceb36-3b8e-70b8-a6d3-f14c82e95b08",
            ] {
                let line = "\(rule.method) /stories/harbour/updates/\(id)\(rule.path)"
                let headers: [(HeaderName, String)] = [(.requestID, "same")]
                let reply = try await desk.send(Call(line, rule.body, key: holder, headers: headers))
                let fields = reply.headers.fields.map { "\($0.name.text): \($0.value)" }
                answers.insert(
                    "\(reply.status.code) \(fields) \(String(decoding: reply.body, as: UTF8.self))")
            }
            #expect(answers.count == 1, "\(rule.method) \(rule.path): \(answers)")
        }
    }

    @Test(
        "No read of the story shows them without write access",
        arguments: ["", "bad", "revoked", "stranger"])
    func reads(holder: String) async throws {
        let desk = try await TestDesk(hasHidden: true)
        let start = desk.resolve("<now>").split(separator: "-")[0]
        for target in [
            "/stories", "/stories/harbour", "/stories/harbour/updates",
            "/stories/harbour/updates?order=oldest",
            "/stories/harbour/updates?cursor=\(start)-1", "/stories/harbour/links",
            "/stories/harbour/reactions", "/stories/harbour/export",
        ] {
            let reply = try await desk.send(Call("GET \(target)", key: holder))
            let text = String(decoding: reply.body, as: UTF8.self)
            #expect(!text.contains("Words of secret"), "\(target)")
            for name in ["<draft>", "<waiting>"] { #expect(!text.contains(desk.resolve(name)), "\(target)") }
            if target == "/stories/harbour" { #expect(text.contains(#""updateCount":1"#)) }
        }
    }
}
