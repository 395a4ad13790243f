// SPDX-License-Identifier: Apache-2.0
import HTTP
import JSON
import Support
import Testing

@testable import API

/// Ambiguous, misspelled and otherwise malformed requests.
@Suite("Input")
struct InputTests {
    private static let writes = [
        Call("POST /stories", #"{"title": "x"}"#), Call("PUT /stories/new-one", #"{"title": "x"}"#),
        Call("PATCH /stories/harbour", #"{"title": "x"}"#),
        Call("POST /stories/harbour/updates", #"{"body": "x"}"#),
        Call("POST /stories/harbour/updates", "x", type: "text/markdown"),
        Call("POST /stories/harbour/updates", "x", type: "text/plain"),
        Call("PATCH /stories/harbour/updates/<harbourUpdate>", #"{"body": "x"}"#),
        Call("POST /stories/harbour/updates/<harbourUpdate>/strike", #"{"reason": "x"}"#),
        Call("PUT /stories/harbour/links/related", "[]"), Call("POST /preview", "x", type: "text/markdown"),
        Call("POST /import", "T\n___\nx", type: "text/plain"),
        Call("POST /stories/harbour/reactions/veryGood", "{}", key: ""),
        Call("POST /stories/harbour/updates/<harbourUpdate>/reactions/veryGood", "{}", key: ""),
        Call("DELETE /stories/harbour/reactions/veryGood", #"{"visitor": "v"}"#, key: ""),
        Call("POST /stories/harbour/updates/<harbourUpdate>/takedown", #"{"reason": "x"}"#),
    ]

    @Test(
        "Every route refuses a body with a content coding, and names the one it accepts",
        arguments: [
            "gzip", "br", "deflate", "zstd", "x-gzip", "identity, gzip", "gzip, identity", "magic", "é",
        ])
    func codings(coding: String) async throws {
        let desk = try await TestDesk()
        for var call in Self.writes {
            call.headers.append((.contentEncoding, coding))
            let answer = try await desk.send(call)
            #expect(answer.status == .unsupportedMediaType, "\(call.testDescription)")
            #expect(answer.headers[.acceptEncoding] == "identity")
        }
        let stories = try JSONValue(parsing: try await desk.send(Call("GET /stories/harbour")).body)
        #expect(stories["updateCount"]?.integer == 1 && stories["title"]?.string == "Story harbour")
    }

    @Test(
        "The identity coding is accepted in any case",
        arguments: ["identity", "Identity", "", "identity, identity"])
    func identity(coding: String) async throws {
        let desk = try await TestDesk()
        for var call in Self.writes {
            call.headers.append((.contentEncoding, coding))
            #expect(try await desk.send(call).status.code < 300, "\(call.testDescription)")
        }
    }

    @Test(
        "A misspelled parameter is refused with the correct name",
        arguments: [
            ("/stories/harbour/updates?curser=<now>", "cursor"),
            ("/stories/harbour/updates?Cursor=a", "cursor"),
            ("/stories/harbour/updates?limit=5&CURSOR=a", "cursor"),
            ("/stories/harbour/updates?tags=a", "tag"),
            ("/stories/harbour/updates?limits=5", "limit"), ("/stories/harbour/updates?limt=5", "limit"),
            ("/stories/harbour/updates?onyl=key", "only"), ("/stories/harbour/updates?wiat=5", "wait"),
            ("/stories/harbour/updates?befroe=x", "before"),
            ("/stories/harbour/updates?oder=oldest", "order"),
            ("/stories/harbour/updates?utm_source=x&_=1&cursor%5B%5D=a", "cursor"),
            ("/stories/harbour/updates?c%75rser=a", "cursor"), ("/stories/harbour/updates?curser", "cursor"),
            ("/stories/harbour/stream?curser=a", "cursor"), ("/stories/harbour/links?cursr=a", "cursor"),
            ("/stories?state=live", "status"), ("/stories?tagg=a", "tag"), ("/stories?beforee=a", "before"),
            ("/stories/harbour/feed.atom?limti=5", "limit"), ("/stories/harbour/feed.json?befor=a", "before"),
            ("/stories/harbour/liveblog.jsonld?Limit=5", "limit"), ("/live/harbour?olny=key", "only"),
            ("/?befor=a", "before"), ("/stories/harbour/drafts?limist=5", "limit"),
            ("/audit?stroy=a", "story"),
        ])
    func nearMisses(target: String, name: String) async throws {
        let desk = try await TestDesk()
        for key in ["admin", ""]
        where !key.isEmpty || !["/audit", "/stories/harbour/drafts"].contains(path(target)) {
            let answer = try await desk.send(Call("GET \(target)", key: key))
            #expect(answer.status == .badRequest)
            let problem = try JSONValue(parsing: answer.body)
            #expect(try problem.text("type") == "/problems/bad-parameter")
            #expect(try problem.text("detail").hasSuffix("did you mean \"\(name)\"?"))
        }
    }

    private func path(_ target: String) -> String { String(target.prefix { $0 != "?" }) }

    @Test("A misspelled parameter of an import is refused", arguments: ["slgu=a", "Slug=a", "statuss=live"])
    func nearMissesOfImports(query: String) async throws {
        let answer = try await TestDesk().send(Call("POST /import?\(query)", "T\n___\nx", type: "text/plain"))
        #expect(answer.status == .badRequest)
    }

    @Test(
        "Unknown parameters are ignored",
        arguments: [
            "utm_source=x", "utm_campaign=limit", "fbclid=x", "gclid=x", "_=1", "t=1", "v=2", "amp",
            "since=3",
            "slug=x", "status=live", "key=x", "story=x", "ref=a", "source=b", "cursors_of_mine=1", "page=2",
            "=",
        ])
    func others(query: String) async throws {
        let desk = try await TestDesk()
        for path in [
            "/stories/harbour/updates", "/stories/harbour", "/stories/harbour/links", "/live/harbour", "/",
        ] {
            for _ in 0..<2 {
                let answer = try await desk.send(Call("GET \(path)?\(query)", key: ""))
                #expect(answer.status == .ok, "\(path)")
            }
        }
    }

    @Test(
        "No known parameter is taken for a misspelling of another, so routes can have different ones"
    )
    func distances() throws {
        let known = [
            "only", "tag", "limit", "order", "before", "cursor", "wait", "tick", "status", "slug", "story",
            "key",
            "since", "lastEventId", "update",
            "evs_last_event_id",
        ]
        for name in known {
            #expect(SpellingSuggestion.misspelled(name, of: known.filter { $0 != name }) == nil, "\(name)")
        }
    }

    @Test(
        "Feeds ignore Accept, also when cached; pages do not",
        arguments: [
            "application/xml", "text/xml", "application/json", "text/html", "image/png", "*/*;q=0", "a",
        ])
    func feeds(accept: String) async throws {
        let desk = try await TestDesk()
        for name in ["feed.atom", "feed.json", "liveblog.jsonld"] {
            for _ in 0..<2 {
                let answer = try await desk.send(
                    Call("GET /stories/harbour/\(name)", key: "", headers: [(.accept, accept)]))
                #expect(answer.status == .ok, "\(name)")
            }
        }
        let page = try await desk.send(
            Call("GET /live/harbour", key: "", headers: [(.accept, "application/json")]))
        #expect(page.status == .notAcceptable)
    }

    @Test(
        "Browsers get errors as an HTML page, other clients as a problem",
        arguments: [
            "/nothing", "/nothing/", "/live/harbour/a/b", "/stories/harbour/none", "/import", "//evil/",
        ])
    func pagesOfRefusal(target: String) async throws {
        let desk = try await TestDesk()
        let navigation = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        let page = try await desk.send(Call("GET \(target)", key: "", headers: [(.accept, navigation)]))
        #expect(page.status == (target == "/import" ? .methodNotAllowed : .notFound))
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        for accept in ["*/*", "application/json"] {
            let problem = try await desk.send(Call("GET \(target)", key: "", headers: [(.accept, accept)]))
            #expect(problem.headers[.contentType] == "application/problem+json")
        }
    }

    @Test(
        "Trailing slashes redirect to the path without them",
        arguments: [
            ("/live/harbour/", "/live/harbour"), ("/desk/", "/desk"), ("/metrics/", "/metrics"),
            ("/stories/harbour/?utm=1", "/stories/harbour?utm=1"), ("/embed.js/", "/embed.js"),
            ("/stories/harbour/feed.atom/?limit=5", "/stories/harbour/feed.atom?limit=5"),
            ("/stories/", "/stories"), ("/openapi.yaml//", "/openapi.yaml"),
        ])
    func slashes(target: String, place: String) async throws {
        let answer = try await TestDesk().send(Call("GET \(target)", key: ""))
        #expect(answer.status == .permanentRedirect && answer.headers[.location] == place)
    }

    @Test("An invalid page is refused with the line of the error, and HTML with a hint")
    func pages() async throws {
        let desk = try await TestDesk()
        let long = String(repeating: "x", count: 301)
        let answer = try await desk.send(Call("POST /import", "\n\(long)\n___\nOne.", type: "text/plain"))
        #expect(answer.status == .unprocessableContent)
        let problem = try JSONValue(parsing: answer.body)
        let detail = "breaks a rule in line 2: the title must be at most 300 characters long, not 301"
        #expect(try problem.text("detail") == "the body \(detail)")
        #expect(problem["errors"]?.items?.first?["pointer"]?.string == "")
        let html = try await desk.send(Call("POST /import", "<!doctype html>\n<title>x", type: "text/plain"))
        #expect(html.status == .unsupportedMediaType)
        #expect(String(decoding: html.body, as: UTF8.self).contains("this is an HTML page: save it as text"))
    }

    @Test("Tags are deduplicated, and match in any case in snapshots, deltas and the list of stories")
    func tags() async throws {
        let desk = try await TestDesk()
        func read(_ path: String, _ api: API? = nil) async throws -> JSONValue {
            try JSONValue(parsing: try await desk.send(Call("GET \(path)", key: ""), to: api).body)
        }
        let body = #"{"body": "x", "tags": [" Storm", "storm", "STORM", "caf\u0065\u0301"]}"#
        let made = try await desk.send(Call("POST /stories/harbour/updates", body))
        let update = try JSONValue(parsing: made.body)
        #expect(
            update["tags"]?.items?.compactMap(\.string).map { Array($0.utf8) }
                == ["Storm", "caf\u{E9}"].map { Array($0.utf8) })
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"tags": ["High  Tide", "high tide"]}"#))
        let stories = try await read("/stories?tag=HIGH%20TIDE")
        #expect(stories["stories"]?.items?.first?["tags"]?.items?.map(\.string) == ["High Tide"])
        for tag in ["storm", "STORM", "%20Storm%20", "CAF%C3%89", "cafe%CC%81"] {
            let path = "/stories/harbour/updates?tag=\(tag)"
            let cursor = try await read(path).text("cursor")
            #expect(try await read(path)["updates"]?.items?.count == 1, "\(tag)")
            let id = try update.text("id")
            for tags in [#"["Wind"]"#, #"["sTORM", "Café"]"#] {
                _ = try await desk.send(Call("PATCH /stories/harbour/updates/\(id)", #"{"tags": \#(tags)}"#))
                let fromMemory = try await read("\(path)&cursor=\(cursor)")
                let fromStore = try await read("\(path)&cursor=\(cursor)", desk.anotherAPI())
                let op = tags.contains("Wind") ? "remove" : "put"
                for delta in [fromMemory, fromStore] {
                    #expect(delta["changes"]?.items?.map { $0["op"]?.string } == [op])
                }
            }
        }
        #expect(try await desk.send(Call("GET /stories/harbour/updates?tag=%20")).status == .badRequest)
    }

    @Test("Linked data names the publisher and images, and no type for an author of unknown kind")
    func linkedData() async throws {
        let desk = try await TestDesk()
        func data() async throws -> JSONValue {
            try JSONValue(
                parsing: try await desk.send(Call("GET /stories/harbour/liveblog.jsonld", key: "")).body)
        }
        let bare = try await data()
        #expect(
            bare["publisher"]?["name"]?.string == "localhost"
                && bare["publisher"]?["url"]?.string == "http://localhost/")
        #expect(bare["author"]?["@type"]?.string == "Organization" && bare["image"] == nil)
        #expect(bare["liveBlogUpdate"]?.items?.first?["author"] == nil)
        _ = try await desk.send(
            Call(
                "PATCH /stories/harbour",
                #"{"byline": "Night desk", "source": {"name": "The Lantern", "url": "http://LOCALHOST:81/a"}}"#
            ))
        _ = try await desk.send(
            Call(
                "POST /stories/harbour/updates",
                #"{"body": "![a](https://example.org/a.jpg)", "author": "the lantern"}"#))
        let full = try await data()
        #expect(full["publisher"]?["name"]?.string == "The Lantern")
        #expect(full["author"]?["name"]?.string == "Night desk" && full["author"]?["@type"] == nil)
        #expect(full["image"]?.items?.map { $0["url"]?.string } == ["https://example.org/a.jpg"])
        let updates = try #require(full["liveBlogUpdate"]?.items)
        #expect(updates[0]["author"]?["@type"]?.string == "Organization")
        #expect(updates[0]["image"]?.items?.count == 1)
        #expect(updates[1]["author"]?["name"]?.string == "Night desk")
        _ = try await desk.send(
            Call("PATCH /stories/harbour", #"{"source": {"url": "https://elsewhere.example/"}}"#))
        let foreign = try await data()
        #expect(foreign["publisher"]?["name"]?.string == "localhost")
        #expect(foreign["isBasedOn"]?.string == "https://elsewhere.example/")
    }

    @Test(
        "Editors' text has automatic direction and no declared language",
        arguments: ["/live/harbour", "/"])
    func directions(path: String) async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(
            Call(
                "PATCH /stories/harbour",
                #"{"title": "مباشر!", "summary": "خبر.", "byline": "ليلى", "section": ["بيروت"], "keyPoints": ["أ."], "source": {"name": "ص"}}"#
            ))
        _ = try await desk.send(
            Call(
                "PATCH /stories/harbour/updates/<harbourUpdate>",
                #"{"title": "ت.", "author": "ك", "tags": ["و"], "keyEvent": true, "sources": [{"name": "م"}]}"#
            ))
        let page = String(
            decoding: try await desk.send(Call("GET \(path)", key: "", headers: [(.accept, "text/html")]))
                .body, as: UTF8.self)
        let title = path == "/" ? #"<h3 dir="auto" lang="">"# : #"<h1 dir="auto" lang="">مباشر!"#
        let direction = path == "/" ? "ltr" : "rtl"
        var parts = [
            #"<html lang="en" dir="\#(direction)">"#, title,
            #"<p class="standfirst" dir="auto" lang="">خبر."#,
        ]
        if path != "/" {
            parts += ["ليلى", "بيروت", "ص", "ك", "و", "م"].map { #"<bdi lang="">\#($0)</bdi>"# }
            parts += [
                #"<h3 dir="auto" lang="">ت."#, #"<div class="body" dir="auto" lang="">"#,
                #"<ul><li dir="auto" lang="">أ."#,
            ]
        }
        for part in parts { #expect(page.contains(part), "\(part)") }
        for feed in ["feed.atom", "feed.json"] {
            let text = String(
                decoding: try await desk.send(Call("GET /stories/harbour/\(feed)", key: "")).body,
                as: UTF8.self)
            #expect(!text.contains("xml:lang") && !text.contains(#""language""#))
        }
    }

    @Test("Control characters are refused with code point and position, in every content type")
    func controls() async throws {
        let desk = try await TestDesk()
        let post = "POST /stories/harbour/updates"
        for (call, status, place) in [
            (Call(post, #"{"body": "ab\n\u0085c"}"#), 422, "U+0085 at line 2, column 1"),
            (
                Call(post, #"[{"body": "x"}, {"title": "a\tb", "body": "x"}]"#), 422,
                "U+0009 at line 1, column 2"
            ),
            (Call(post, "a\r\nb\u{1}", type: "text/markdown"), 422, "U+0001 at line 2, column 2"),
            (
                Call(post, "{\"body\": \"a\u{B}\"}"), 400,
                "U+000B in a string must be escaped (line 1, column 12)"
            ),
        ] {
            let answer = try await desk.send(call)
            #expect(answer.status.code == status)
            #expect(String(decoding: answer.body, as: UTF8.self).contains(place), "\(place)")
        }
    }

    @Test("A preflight allows the headers that libraries and polyfills add")
    func preflight() async throws {
        let answer = try await TestDesk().send(
            Call(
                "OPTIONS /stories/harbour/stream", key: "",
                headers: [(.origin, "https://news.example"), ("Access-Control-Request-Method", "GET")]))
        let allowed = answer.headers["Access-Control-Allow-Headers"] ?? ""
        for name in ["traceparent", "tracestate", "Cache-Control", "Last-Event-ID", "Pragma", "X-Request-Id"]
        {
            #expect(allowed.contains(name), "\(name)")
        }
    }
}
