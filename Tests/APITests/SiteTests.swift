// SPDX-License-Identifier: Apache-2.0
import API
import Crypto
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Who may change the settings of the site, what is refused, and what readers see of them.
@Suite("Settings of the site by the API", .onEveryEngineInFull)
struct SiteAPITests {
    /// Columns: no key, an unknown one, a revoked one, an editor's of no story, of `harbour`, of all stories, an admin's.
    static let rules: [AuthorizationTests.Rule] = [
        .init("GET /site", "", 200, 200, 200, 200, 200, 200, 200),
        .init("PUT /site", "{}", 401, 401, 401, 403, 403, 403, 200),
        .init("GET /site/revisions", "", 401, 401, 401, 403, 403, 403, 200),
        .init("POST /site/preview", "{}", 401, 401, 401, 403, 403, 403, 200),
        .init("GET /site/fonts", "", 401, 401, 401, 403, 403, 403, 200),
    ]

    private static let settings = #"""
        {"name": "The Alder <Courier>",
         "logo": {"light": "https://courier.example/logo.png", "dark": "https://courier.example/dark.png",
                  "width": 300, "height": 60},
         "icon": {"url": "https://courier.example/icon.png"},
         "colors": {"light": {"accent": "#0b5d3b"}},
         "navigation": [{"label": "News", "url": "https://courier.example/news"}, {"label": "Live", "url": "/"}],
         "footer": [{"label": "Privacy", "url": "https://courier.example/privacy"}],
         "imprint": "Harbour Street 1", "language": "en-GB", "timeZone": "Europe/London",
         "defaultImage": {"url": "https://courier.example/default.jpg", "width": 1200, "height": 630}}
        """#

    private static func json(_ desk: TestDesk, _ call: Call) async throws -> JSONValue {
        try JSONValue(parsing: try await desk.send(call).body)
    }

    private static func page(_ desk: TestDesk, _ path: String, to other: API? = nil) async throws -> Response
    {
        try await desk.send(
            Call("GET \(path)", key: "", headers: [(.accept, "text/html,*/*;q=0.8")]), to: other)
    }

    private static func text(_ response: Response) -> String {
        String(decoding: response.body, as: UTF8.self)
    }

    @Test("Everybody may read the settings; only admins of all stories may change them")
    func access() async throws {
        for rule in Self.rules {
            let desk = try await TestDesk()
            for (holder, status) in zip(AuthorizationTests.holders, rule.statuses) {
                let reply = try await desk.send(Call(rule.call.line, rule.call.body, key: holder))
                #expect(reply.status.code == status, "\(rule.call.line) \(holder)")
            }
        }
    }

    @Test(
        "What is saved is what is read, it can be sent back, and a member that is missing is not set any more"
    )
    func roundTrip() async throws {
        let desk = try await TestDesk()
        let before = try await desk.send(Call("GET /site", key: ""))
        #expect(try JSONValue(parsing: before.body)["navigation"]?.items == [])
        let saved = try await desk.send(Call("PUT /site", Self.settings))
        let read = try await desk.send(Call("GET /site", key: ""))
        #expect(saved.status == .ok && saved.body == read.body)
        #expect(saved.headers[.etag] == read.headers[.etag] && before.headers[.etag] != read.headers[.etag])
        let again = try await desk.send(Call("PUT /site", bytes: read.body, type: "application/json"))
        #expect(again.body == read.body && again.headers[.etag] == read.headers[.etag])
        let value = try JSONValue(parsing: read.body)
        #expect(value["timeZone"]?.string == "Europe/London" && value["language"]?.string == "en-GB")
        #expect(
            value["colors"]?["light"]?["accent"]?.string == "#0b5d3b" && value["colors"]?["dark"] == .null)
        let none = try await Self.json(desk, Call("PUT /site", #"{"name": "Other"}"#))
        #expect(none["logo"] == .null && none["imprint"] == .null && none["name"]?.string == "Other")
        #expect(try desk.errors().isEmpty)
    }

    @Test("The answer has the contrasts by WCAG and APCA")
    func contrasts() async throws {
        let desk = try await TestDesk()
        let saved = try await desk.send(
            Call("PUT /site", ##"{"colors": {"light": {"text": "#000000", "background": "#ffffff"}}}"##))
        let text = Self.text(saved)
        // Of black on white, the algorithm's own example.
        #expect(
            text.contains(
                ##""text":{"color":"#000000","background":"#ffffff","ratio":21.00,"apca":106.00}"##),
            "\(text)")
    }

    @Test("A precondition that fails is 412 with the present settings, and one that holds is not")
    func preconditions() async throws {
        let desk = try await TestDesk()
        let first = try await desk.send(Call("PUT /site", #"{"name": "One"}"#))
        let tag = try #require(first.headers[.etag])
        let body = #"{"name": "Two"}"#
        #expect(
            try await desk.send(Call("PUT /site", body, headers: [(.ifMatch, tag)])).status == .ok)
        let stale = try await desk.send(Call("PUT /site", #"{"name": "Three"}"#, headers: [(.ifMatch, tag)]))
        #expect(stale.status == .preconditionFailed)
        #expect(try JSONValue(parsing: stale.body)["current"]?["name"]?.string == "Two")
        let held = try await desk.send(
            Call("GET /site", key: "", headers: [(.ifNoneMatch, stale.headers[.etag] ?? "")]))
        #expect(held.status == .notModified)
    }

    @Test("Every error is reported at once, each by its JSON Pointer")
    func errors() async throws {
        let desk = try await TestDesk()
        let body = ##"""
            {"name": " ", "logo": {"dark": "http://a.example/x.png"}, "icon": {"url": "/media/none"},
             "colors": {"light": {"accent": "#ffcc00"}, "dark": {"text": "white"}, "sepia": {}},
             "navigation": [{"label": "", "url": "//evil.example"}, {"label": "x"}],
             "footer": [{"label": "a", "url": "javascript:alert(1)"}], "imprint": "a\nb",
             "language": "not a tag", "timeZone": "Europe/Nowhere", "nam": 1}
            """##
        let reply = try await Self.json(desk, Call("PUT /site", body))
        let found = Set(reply["errors"]?.items?.compactMap { $0["pointer"]?.string } ?? [])
        #expect(
            found == [
                "/name", "/logo/light", "/logo/dark", "/icon/url", "/colors/dark/text", "/colors/sepia",
                "/navigation/0/label", "/navigation/0/url", "/navigation/1/url", "/footer/0/url", "/imprint",
                "/language", "/timeZone",
                "/nam",
            ], "\(found.sorted())")
        let low = try await Self.json(
            desk, Call("PUT /site", ##"{"colors": {"light": {"accent": "#ffcc00"}}}"##))
        let error = try #require(low["errors"]?.items?.first)
        #expect(error["pointer"]?.string == "/colors/light/accent")
        #expect(error["detail"]?.string?.contains("1.48:1") == true)
        let missing = "/media/229d1db4-bc2d-857e-b06c-ad521c88b990"
        let unknown = try await Self.json(desk, Call("PUT /site", #"{"icon": {"url": "\#(missing)"}}"#))
        #expect(unknown["errors"]?.items?.first?["pointer"]?.string == "/icon/url")
    }

    @Test(
        "Each change is a revision by its key, and in the audit trail; restoring one is saving its settings")
    func revisions() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("PUT /site", Self.settings))
        _ = try await desk.send(Call("PUT /site", #"{"name": "Other"}"#))
        let revisions = try await Self.json(desk, Call("GET /site/revisions"))["revisions"]?.items ?? []
        #expect(revisions.map { $0["number"]?.integer } == [2, 1])
        #expect(revisions.map { $0["key"]?.string } == ["configuration", "configuration"])
        let former = try #require(revisions.last?["settings"])
        let restored = try await desk.send(
            Call("PUT /site", bytes: JSONWriter.bytes(of: former), type: "application/json"))
        #expect(restored.status == .ok)
        #expect(try JSONValue(parsing: restored.body)["imprint"]?.string == "Harbour Street 1")
        let trail = try await Self.json(desk, Call("GET /audit"))["entries"]?.items ?? []
        #expect(trail.prefix(3).map { $0["action"]?.string } == Array(repeating: "site.replace", count: 3))
        #expect(trail.first?["detail"]?.string == "3")
        #expect(trail.first?["members"]?.items?.contains(.string("logo")) == true)
    }

    @Test("Pages show the settings from the answer on, also error pages, and everything is escaped")
    func pages() async throws {
        let desk = try await TestDesk()
        for path in ["/", "/live/harbour", "/live/harbour/<harbourUpdate>"] {
            #expect(try await !Self.text(Self.page(desk, path)).contains("masthead"), "\(path)")
        }
        _ = try await desk.send(Call("PUT /site", Self.settings))
        for path in ["/", "/live/harbour", "/live/harbour/<harbourUpdate>", "/live/none", "/none"] {
            let response = try await Self.page(desk, path)
            let page = Self.text(response)
            for part in [
                #"<section class="masthead" aria-label="The Alder &lt;Courier&gt;"><a href="/"><picture>"#,
                #"<source srcset="https://courier.example/dark.png" media="(prefers-color-scheme: dark)">"#,
                #"<img src="https://courier.example/logo.png" alt="The Alder &lt;Courier&gt;" width="300" height="60">"#,
                #"<a href="https://courier.example/news"><bdi lang="">News</bdi></a>"#,
                #"<a href="https://courier.example/privacy">"#, "Harbour Street 1",
                #"<link rel="icon" href="https://courier.example/icon.png">"#, "--accent:#0b5d3b",
                #"<meta property="og:site_name" content="The Alder &lt;Courier&gt;">"#,
            ] { #expect(page.contains(part), "no \(part) in \(path)") }
            #expect(!page.contains("<Courier>"), "\(path)")
            let style = try #require(page.firstMatch(of: #/<style>((?s:.)*?)<\/style>/#)?.output.1)
            let policy = response.headers["Content-Security-Policy"] ?? ""
            #expect(policy.contains(styleSource(String(style))), "\(path)")
        }
        _ = try await desk.send(Call("PUT /site", "{}"))
        #expect(try await !Self.text(Self.page(desk, "/live/harbour")).contains("masthead"))
        #expect(try await !Self.text(Self.page(desk, "/none")).contains("masthead"))
    }

    @Test("Feeds and linked data name the site and its pictures")
    func feeds() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("PUT /site", Self.settings))
        let name = "The Alder <Courier>"
        let feed = try await Self.json(desk, Call("GET /stories/harbour/feed.json", key: ""))
        #expect(feed["title"]?.string == "Story harbour – \(name)")
        #expect(feed["icon"]?.string == "https://courier.example/logo.png")
        #expect(feed["favicon"]?.string == "https://courier.example/icon.png")
        #expect(feed["authors"]?.items?.first?["name"]?.string == name)
        let atom = Self.text(try await desk.send(Call("GET /stories/harbour/feed.atom", key: "")))
        #expect(atom.contains("<author><name>The Alder &lt;Courier&gt;</name></author>"))
        #expect(atom.contains("<icon>https://courier.example/icon.png</icon>"))
        let posting = try await Self.json(desk, Call("GET /stories/harbour/liveblog.jsonld", key: ""))
        #expect(posting["publisher"]?["name"]?.string == name)
        #expect(posting["publisher"]?["logo"]?["url"]?.string == "https://courier.example/logo.png")
        let page = Self.text(try await Self.page(desk, "/live/harbour"))
        #expect(page.contains(#"<meta property="og:image" content="https://courier.example/default.jpg">"#))
    }

    @Test("Another server on the same database shows the settings, too")
    func otherNode() async throws {
        let desk = try await TestDesk()
        let other = try desk.anotherProcess(hearingOthers: true)
        #expect(try await !Self.text(Self.page(desk, "/live/harbour", to: other)).contains("masthead"))
        _ = try await desk.send(Call("PUT /site", #"{"name": "Courier"}"#))
        for _ in 0..<10_000 {
            if try await Self.text(Self.page(desk, "/live/harbour", to: other)).contains("Courier") { return }
            try await Task.sleep(for: .milliseconds(2))
        }
        Issue.record("the other server does not show the name")
    }

    @Test("What readers poll stays in the cache after a change of the settings")
    func polls() async throws {
        let desk = try await TestDesk()
        func poll() async throws -> Response {
            try await desk.send(Call("GET /stories/harbour/updates", key: ""))
        }
        let before = try await poll()
        let former = try await hits(desk)
        _ = try await desk.send(Call("PUT /site", Self.settings))
        let after = try await poll()
        #expect(before.body == after.body && before.headers[.etag] == after.headers[.etag])
        #expect(try await hits(desk) == former + 1)
    }

    private func hits(_ desk: TestDesk) async throws -> Int {
        let metrics = Self.text(try await desk.send(Call("GET /metrics")))
        let line = metrics.firstMatch(
            of: #/wireroom_cache_hits_total\{route="\/stories\/\{story\}\/updates"\} (\d+)/#)
        return line.flatMap { Int($0.output.1) } ?? 0
    }
}

extension SiteAPITests {
    /// The source expression of a style, as browsers work it out.
    private func styleSource(_ style: String) -> String { "'sha256-\(base64(sha256(style.utf8)))'" }
}
