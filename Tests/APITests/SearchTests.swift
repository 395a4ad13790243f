// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Editors find updates of a story by their words, authors and tags.
@Suite("The search in a story", .onEveryEngineInFull)
struct SearchTests {
    private static let updates = #"""
        [{"body": "The first tug is **here**.", "author": "Ana Ruiz", "tags": ["Harbour"]},
         {"title": "Ouvert", "body": "Le caf\u00e9 est ouvert.", "sources": [{"name": "Port office"}]},
         {"body": "The second tug has left.", "author": "Joel Brandt", "tags": ["harbour", "tugs"]},
         {"body": "A tug, perhaps.", "state": "draft"}]
        """#

    /// Columns: no key, an unknown one, a revoked one, an editor's of no story, of `harbour`, of all stories, an admin's.
    static let rules: [AuthorizationTests.Rule] = [
        .init("GET /updates/search?q=x", "", 401, 401, 401, 200, 200, 200, 200)
    ]

    @Test("Every key may search in its stories", arguments: rules)
    func access(rule: AuthorizationTests.Rule) async throws { try await rule.check() }

    private func found(_ query: String, _ desk: TestDesk) async throws -> [String] {
        let response = try await desk.send(Call("GET /stories/harbour/search?\(query)", key: "bound"))
        #expect(response.status == .ok)
        let page = try JSONValue(parsing: response.body)
        return page["updates"]?.items?.compactMap { $0["body"]?.string } ?? []
    }

    @Test(
        "It finds parts of words without regard to case and diacritics, in drafts first, then the newest",
        arguments: [
            ("q=TUG", ["A tug, perhaps.", "The second tug has left.", "The first tug is **here**."]),
            ("q=tug%20first", ["The first tug is **here**."]),
            ("q=CAFE", ["Le caf\u{e9} est ouvert."]), ("q=cafe%CC%81", ["Le caf\u{e9} est ouvert."]),
            ("q=port", ["Le caf\u{e9} est ouvert."]), ("q=tug%20nobody", []),
            ("author=ruiz", ["The first tug is **here**."]),
            ("tag=HARBOUR", ["The second tug has left.", "The first tug is **here**."]),
            ("tag=harbour&author=joel&q=left", ["The second tug has left."]),
        ])
    func words(query: String, bodies: [String]) async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("POST /stories/harbour/updates", Self.updates))
        #expect(try await found(query, desk) == bodies)
    }

    @Test(
        "What has the words as they were typed comes first, then what has them as words; phrases are exact",
        arguments: [
            (
                "q=line%207%20of",
                ["Line\n7  of many", "Line 7 often", "Of line 1, of 7", "Line 70 of 7s", "Line 17 offers"]
            ),
            (
                "q=7",
                ["Of line 1, of 7", "Line 7 often", "Line\n7  of many", "Line 70 of 7s", "Line 17 offers"]
            ),
            ("q=%22line%207%20of%22", ["Line\n7  of many"]), ("q=%22LINE%207%22%20often", ["Line 7 often"]),
            ("q=%E2%80%9Eof%20line%E2%80%9C", ["Of line 1, of 7"]), ("q=%22line%207%20o%22", []),
            ("q=%E6%A9%8B%E3%81%AF", ["\u{6A4B}\u{306F}\u{9589}\u{9396}"]),
            ("q=%22%E3%81%AF%22", ["\u{6A4B}\u{306F}\u{9589}\u{9396}"]),
        ])
    func ranks(query: String, bodies: [String]) async throws {
        let desk = try await TestDesk()
        let texts = [
            "Line 17 offers", "Line\n7  of many", "Line 7 often", "Line 70 of 7s", "Of line 1, of 7",
            "\u{6A4B}\u{306F}\u{9589}\u{9396}",
        ]
        for text in texts {
            let body = JSONWriter.bytes(of: JSONValue.object(["body": .string(text)]))
            _ = try await desk.send(
                Call("POST /stories/harbour/updates", bytes: body, key: "admin", type: "application/json"))
        }
        #expect(try await found(query, desk) == bodies)
        var (paged, next): ([String], String?) = ([], "/stories/harbour/search?\(query)&limit=2")
        while let address = next {
            let page = try JSONValue(parsing: try await desk.send(Call("GET \(address)")).body)
            paged += page["updates"]?.items?.compactMap { $0["body"]?.string } ?? []
            next = page["older"]?.string
        }
        #expect(paged == bodies)
    }

    @Test("The search in all stories finds what the key may edit, and names the stories")
    func overview() async throws {
        let desk = try await TestDesk()
        let body = #"{"body": "A needle"}"#
        for story in ["harbour", "secret"] {
            _ = try await desk.send(Call("POST /stories/\(story)/updates", body))
        }
        _ = try await desk.send(
            Call("POST /stories/secret/updates", #"{"body": "Needles, in a draft", "state": "draft"}"#))
        for (key, expected) in [
            ("admin", ["A needle", "A needle", "Needles, in a draft"]), ("bound", ["A needle"]),
            ("stranger", []),
        ] {
            let response = try await desk.send(Call("GET /updates/search?q=needle", key: key))
            let answer = try JSONValue(parsing: response.body)
            let found = answer["found"]?.items ?? []
            #expect(found.compactMap { $0["update"]?["body"]?.string } == expected, "\(key)")
            #expect(answer["complete"] == .bool(true))
            if key == "bound" { #expect(found.first?["story"]?["title"]?.string == "Story harbour") }
        }
    }

    @Test("The outline has the hours in which something was published, newest first, with their numbers")
    func outline() async throws {
        let clock = ManualClock()
        let desk = try await TestDesk { clock.now }
        clock.advance(milliseconds: 2 * 3_600_000)
        let second = try await desk.send(
            Call("POST /stories/harbour/updates", #"[{"body": "Two"}, {"body": "Three"}]"#))
        let latest = try JSONValue(parsing: second.body).items?.last?.text("id")
        let response = try await desk.send(Call("GET /stories/harbour/outline", key: "bound"))
        let hours = try JSONValue(parsing: response.body)["hours"]?.items ?? []
        #expect(hours.map { $0["count"]?.integer } == [2, 1])
        #expect(hours.map { $0["latest"]?.string } == [latest, desk.resolve("<harbourUpdate>")])
        for hour in hours { #expect(try hour.text("start").contains(":00:00.000Z")) }
        for (key, status) in [("", 401), ("stranger", 403)] {
            let refused = try await desk.send(Call("GET /stories/harbour/outline", key: key))
            #expect(refused.status.code == status)
        }
    }

    @Test("The pages together are all that is found, each once")
    func pages() async throws {
        let desk = try await TestDesk()
        let many = (1...25).map { #"{"body": "Number \#($0)"}"# }.joined(separator: ",")
        _ = try await desk.send(Call("POST /stories/harbour/updates", "[\(many)]"))
        var (bodies, next): ([String], String?) = ([], "/stories/harbour/search?q=number&limit=10")
        while let address = next {
            let page = try JSONValue(parsing: try await desk.send(Call("GET \(address)")).body)
            bodies += page["updates"]?.items?.compactMap { $0["body"]?.string } ?? []
            next = page["older"]?.string
        }
        #expect(bodies == (1...25).reversed().map { "Number \($0)" })
    }

    @Test("Many drafts are searched, newest first")
    func manyDrafts() async throws {
        let desk = try await TestDesk()
        for batch in 0..<3 {
            let many = (1...40).map { #"{"body": "Number \#(batch * 40 + $0)", "state": "draft"}"# }
            _ = try await desk.send(
                Call("POST /stories/harbour/updates", "[\(many.joined(separator: ","))]"))
        }
        #expect(try await found("q=number&limit=200", desk) == (1...120).reversed().map { "Number \($0)" })
    }

    @Test("Drafts beyond the bytes that a request searches are left out; published updates are found")
    func largeDrafts() async throws {
        let desk = try await TestDesk()
        let published = Call("POST /stories/harbour/updates", #"{"body": "A needle in the feed"}"#)
        #expect(try await desk.send(published).status == .created)
        let oldest = Call(
            "POST /stories/harbour/updates", #"{"body": "A needle in an old draft", "state": "draft"}"#)
        #expect(try await desk.send(oldest).status == .created)
        // Each counts with its text and the HTML of it.
        let text = String(repeating: "hay ", count: 15_000)
        let draft = #"{"body": "\#(text)", "state": "draft"}"#
        let batch = "[\(Array(repeating: draft, count: 10).joined(separator: ","))]"
        for _ in 0...Limits.searchedBytes / (2 * 10 * text.utf8.count) {
            #expect(try await desk.send(Call("POST /stories/harbour/updates", batch)).status == .created)
        }
        var (bodies, next): ([String], String?) = ([], "/stories/harbour/search?q=needle")
        while let address = next {
            let page = try JSONValue(parsing: try await desk.send(Call("GET \(address)")).body)
            bodies += page["updates"]?.items?.compactMap { $0["body"]?.string } ?? []
            next = page["older"]?.string
        }
        #expect(bodies == ["A needle in the feed"])
    }

    @Test(
        "It is refused without a condition, and to who may not write to the story",
        arguments: [
            ("", "admin", 400), ("?q=", "admin", 400), ("?q=%20", "admin", 400),
            ("?q=\(String(repeating: "x", count: 201))", "admin", 400),
            ("?autor=x&q=x", "admin", 400), ("?q=x&before=x", "admin", 400), ("?q=x", "", 401),
            ("?q=x", "stranger", 403), ("?q=x", "bound", 200),
        ])
    func refusals(query: String, key: String, status: Int) async throws {
        let desk = try await TestDesk()
        let response = try await desk.send(Call("GET /stories/harbour/search\(query)", key: key))
        #expect(response.status.code == status)
    }
}
