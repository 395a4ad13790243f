// SPDX-License-Identifier: Apache-2.0
import API
import Crypto
import HTTP
import JSON
import Stories
import Support
import Testing

/// Pages and feeds as bytes; their handling by browsers and feed readers is covered by the checks with clients.
@Suite("Pages")
struct PageTests {
    private static let browser: [(HeaderName, String)] = [(.accept, "text/html,*/*;q=0.8")]

    private func text(_ desk: TestDesk, _ path: String) async throws -> String {
        let response = try await desk.send(Call("GET \(path)", key: "", headers: Self.browser))
        #expect(response.status == .ok, "\(path)")
        return String(decoding: response.body, as: UTF8.self)
    }

    @Test(
        "A retraction is marked wherever the update's title is shown",
        arguments: [
            "/live/harbour", "/live/harbour/<harbourUpdate>", "/stories/harbour/feed.atom",
            "/stories/harbour/feed.json", "/stories/harbour/liveblog.jsonld",
        ])
    func retraction(path: String) async throws {
        let desk = try await TestDesk()
        let update = "/stories/harbour/updates/<harbourUpdate>"
        _ = try await desk.send(Call("PATCH \(update)", #"{"title": "Mayor dead", "keyEvent": true}"#))
        let before = try await text(desk, path)
        #expect(before.contains("Mayor dead") && !before.contains("Retracted"))
        _ = try await desk.send(Call("POST \(update)/strike", #"{"reason": "The mayor is alive."}"#))
        let marks = [
            "Retracted: Mayor dead", #"Retracted: <s><bdi lang="">Mayor dead"#,
            #"<h3 dir="auto" lang="">Mayor dead"#, #"data-title="Mayor dead"#,
        ]
        let shown = marks.reduce(try await text(desk, path)) { $0.replacing($1, with: "") }
        #expect(!shown.contains("Mayor dead"), "\(path) states what was taken back: \(shown)")
    }

    @Test("The page of a story shows every member, HTML-escaped")
    func members() async throws {
        let desk = try await TestDesk()
        let names = [
            "title", "summary", "byline", "section", "point", "source", "head", "author", "reporter", "tag",
            "alt",
            "caption", "credit", "reason", "link",
        ]
        let text = Dictionary(uniqueKeysWithValues: names.map { ($0, "<i>'\($0)'&") })
        func json(_ name: String) -> String { "\"\(text[name] ?? "")\"" }
        _ = try await desk.send(
            Call(
                "PATCH /stories/harbour",
                """
                {"title": \(json("title")), "summary": \(json("summary")), "byline": \(json("byline")),
                 "section": [\(json("section"))], "keyPoints": [\(json("point"))],
                 "source": {"name": \(json("source")), "date": "2025-04-06T23:49:13Z"}}
                """))
        _ = try await desk.send(
            Call(
                "PATCH /stories/harbour/updates/<harbourUpdate>",
                """
                {"title": \(json("head")), "author": \(json("author")), "pinned": true, "keyEvent": true,
                 "sources": [{"name": \(json("reporter"))}], "tags": [\(json("tag"))],
                 "occurredAt": "2025-04-06T10:00:00Z",
                 "media": [{"type": "image", "url": "https://example.org/?a&b", "alt": \(json("alt")),
                            "caption": \(json("caption")), "credit": \(json("credit")), "width": 3, "height": 2}]}
                """))
        _ = try await desk.send(
            Call("POST /stories/harbour/updates/<harbourUpdate>/strike", "{\"reason\": \(json("reason"))}"))
        _ = try await desk.send(
            Call(
                "PUT /stories/harbour/links/ranking",
                "[{\"title\": \(json("link")), \"story\": \"<harbour>\"}]"))
        _ = try await desk.send(Call("POST /stories/harbour/reactions/veryGood", key: ""))
        let page = try await self.text(desk, "/live/harbour")
        for name in names {
            #expect(page.contains("&lt;i&gt;&#39;\(name)&#39;&amp;"), "\(name)")
            #expect(!page.contains("<i>'\(name)"), "\(name)")
        }
        for part in [
            "https://example.org/?a&amp;b", #"class="update key pinned stricken""#, "6 Apr 2025, 23:49 UTC",
            #"<section id="pinned" aria-label="Pinned">"#, "Helpful <span class=\"count\">1</span>",
            #"href="/live/\#(desk.resolve("<harbour>"))""#, "Words of harbour", #"data-status="live""#,
            #"<link rel="canonical" href="http://localhost/live/harbour">"#, #""@type":"LiveBlogPosting""#,
        ] { #expect(page.contains(part), "\(part)") }
    }

    @Test("The entity tag of a page changes with reactions and updates")
    func tags() async throws {
        let desk = try await TestDesk()
        var tags: Set<String> = []
        for line in [
            "GET /stories", "POST /stories/harbour/reactions/veryGood",
            "DELETE /stories/harbour/updates/<harbourUpdate>",
        ] {
            _ = try await desk.send(Call(line))
            for _ in 0..<2 {
                let response = try await desk.send(Call("GET /live/harbour", key: ""))
                tags.insert(try #require(response.headers[.etag]))
            }
        }
        #expect(tags.count == 3)
        let held = try await desk.send(
            Call(
                "GET /live/harbour", key: "", headers: [(.ifNoneMatch, tags.sorted().joined(separator: ", "))]
            ))
        #expect(held.status == .notModified && held.body.isEmpty)
    }

    @Test("Older updates are on further pages, which are not indexed")
    func older() async throws {
        let desk = try await TestDesk()
        let bodies = (1...60).map { #"{"body": "Number \#($0)."}"# }.joined(separator: ",")
        _ = try await desk.send(Call("POST /stories/harbour/updates", "[\(bodies)]"))
        let first = try await text(desk, "/live/harbour")
        let link = try #require(first.firstMatch(of: #/<a rel="next" href="([^"]*)">/#)?.1)
        let second = try await text(desk, String(link).replacing("&amp;", with: "&"))
        #expect(first.contains("Number 60.") && !first.contains("Number 10."))
        #expect(
            second.contains("Number 10.") && second.contains("Words of harbour")
                && !second.contains("Number 11."))
        #expect(second.contains("noindex") && !second.contains("canonical") && !second.contains("<script"))
        let only = try await text(desk, "/live/harbour?only=key")
        #expect(!only.contains("Number 60.") && only.contains(#"data-only="key""#))
    }

    @Test("An update has a page of its own")
    func update() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "Another."}"#))
        let page = try await text(desk, "/live/harbour/<harbourUpdate>")
        #expect(page.contains("Words of harbour") && page.contains(#"data-mode="update""#))
        #expect(page.contains(desk.resolve(#"href="http://localhost/live/harbour/<harbourUpdate>""#)))
    }

    @Test("The list of stories shows live stories before closed ones, and never drafts")
    func index() async throws {
        let desk = try await TestDesk()
        #expect(try await text(desk, "/").contains("1 update<"))
        _ = try await desk.send(Call("POST /stories", #"{"title": "Gone <by>", "status": "closed"}"#))
        let page = try await text(desk, "/")
        let places = ["Story harbour", "Gone &lt;by&gt;"].map { page.firstRange(of: $0)?.lowerBound }
        let (live, closed) = (try #require(places[0]), try #require(places[1]))
        #expect(live < closed && page.contains("1 update<") && page.contains("1 in the last hour"))
        #expect(!page.contains("Story secret"))
        let shown = try await desk.send(Call("GET /", key: "admin"))
        #expect(!String(decoding: shown.body, as: UTF8.self).contains("Story secret"))
    }

    @Test(
        "Browsers get errors as a page, other clients as a problem",
        arguments: [
            ("/live/none", 404), ("/live/harbour?before=x", 400), ("/live/harbour?only=x", 400),
            ("/?before=x", 400),
            ("/live/harbour/none", 404),
        ])
    func refusals(path: String, status: Int) async throws {
        let desk = try await TestDesk()
        let page = try await desk.send(Call("GET \(path)", key: "", headers: Self.browser))
        #expect(page.status.code == status && page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(String(decoding: page.body, as: UTF8.self).contains("<h1>"))
        let problem = try await desk.send(Call("GET \(path)", key: ""))
        #expect(problem.status.code == status && problem.headers[.contentType] == "application/problem+json")
    }

    @Test("The CSP of pages allows only the server's own scripts, and no framing by other sites")
    func policies() async throws {
        let desk = try await TestDesk()
        for path in ["/", "/live/harbour", "/live/harbour/<harbourUpdate>", "/live/none", "/desk"] {
            let response = try await desk.send(Call("GET \(path)", key: "", headers: Self.browser))
            let policy = try #require(response.headers["Content-Security-Policy"])
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'"), "\(path)")
            #expect(!policy.contains("unsafe") && policy.contains("frame-ancestors '"), "\(path)")
            // Local files before their upload, and previews of pages: at the desk alone.
            let fromMemory = policy.split(separator: ";").filter { $0.contains("blob:") }
            #expect(
                fromMemory
                    == (path == "/desk" ? [" frame-src 'self' blob:", " img-src blob: http: https:"] : []),
                "\(path)")
            #expect(response.headers["X-Content-Type-Options"] == "nosniff")
            // No other page keeps a hold of the desk's window.
            #expect(
                response.headers["Cross-Origin-Opener-Policy"] == (path == "/desk" ? "same-origin" : nil),
                "\(path)")
            let body = String(decoding: response.body, as: UTF8.self)
            #expect(!body.contains(" style=") && !body.contains(" onclick="))
            // Inline there is data, and a script of ours, whose hash the policy has.
            let inline = body.matches(of: #/(?s)<script([^>]*)>(.*?)<\/script>/#).filter {
                !$0.1.contains("src=") && !$0.1.contains("application/ld+json")
            }
            #expect(inline.isEmpty == !["/live/harbour", "/desk"].contains(path), "\(path)")
            for script in inline {
                let hash = base64(sha256(Array(script.2.utf8)))
                #expect(policy.contains(" script-src 'self' 'sha256-\(hash)';"), "\(path)")
            }
        }
    }

    @Test("Assets are immutable under their content hash, and revalidated under any other")
    func files() async throws {
        let desk = try await TestDesk()
        let page = try await text(desk, "/live/harbour")
        let path = String(try #require(page.firstMatch(of: #/src="([^"]*)"/#)?.1))
        let gzip: (HeaderName, String) = (.acceptEncoding, "gzip")
        let file = try await desk.send(Call("GET \(path)", key: "", headers: [gzip]))
        #expect(file.headers[.cacheControl] == "public, max-age=31536000, immutable")
        #expect(file.headers[.contentEncoding] == "gzip")
        let plain = try await desk.send(Call("GET \(path)", key: ""))
        #expect(try gunzip(file.body) == plain.body && plain.headers[.etag] != file.headers[.etag])
        let held = try await desk.send(
            Call("GET \(path)", key: "", headers: [gzip, (.ifNoneMatch, file.headers[.etag] ?? "")]))
        #expect(held.status == .notModified)
        let old = try await desk.send(Call("GET /assets/live.000000000000.js", key: ""))
        #expect(old.headers[.cacheControl] == "no-cache" && old.body == plain.body)
        for name in ["live.js", "live.0.css", "feed.0.js", "..%2Flive.js", "live.0.0.js"] {
            #expect(try await desk.send(Call("GET /assets/\(name)", key: "")).status == .notFound, "\(name)")
        }
    }

    @Test("Scripts are self-contained: no imports, and exports only from the ES modules")
    func scripts() async throws {
        let desk = try await TestDesk()
        for path in [
            "/assets/live.0.js", "/assets/desk.0.js", "/embed.js", "/client.js", "/cards.js",
            "/assets/lightbox.0.js",
        ] {
            let lines = try await text(desk, path).split(separator: "\n")
            #expect(lines.count > 20 && !lines.contains { $0.hasPrefix("import ") }, "\(path)")
            let isModule = ["/client.js", "/cards.js"].contains(path) || path.contains("lightbox")
            #expect(lines.contains { $0.hasPrefix("export") } == isModule, "\(path)")
        }
    }

    @Test("A preview equals the published HTML, and an invalid body has none")
    func preview() async throws {
        let desk = try await TestDesk()
        let text = "*One* <b>two</b> [x](javascript:y)"
        let preview = try await desk.send(Call("POST /preview", text, type: "text/markdown"))
        let update = try await desk.send(Call("POST /stories/harbour/updates", text, type: "text/markdown"))
        let html = try JSONValue(parsing: preview.body).text("bodyHtml")
        #expect(try html == JSONValue(parsing: update.body).text("bodyHtml") && html.contains("<em>One</em>"))
        for (body, status) in [("", 422), (String(repeating: "x", count: 65_537), 422)] {
            let refused = try await desk.send(Call("POST /preview", body, type: "text/markdown"))
            #expect(refused.status.code == status)
        }
    }

    @Test(
        "A page preview shows an unsaved update, is private, and stores nothing"
    )
    func pagePreview() async throws {
        let desk = try await TestDesk()
        let members = ##"{"title": "Soon <b>", "body": "*Not yet.*", "pinned": true, "keyEvent": true}"##
        let call = Call("POST /stories/secret/preview", members)
        let answer = try await desk.send(call)
        let page = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == .ok && answer.headers[.cacheControl] == "private, no-store")
        #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
        #expect(answer.headers["Content-Security-Policy"]?.contains("default-src 'none'") == true)
        let pinned = try #require(page.firstRange(of: #"<section id="pinned" aria-label="Pinned">"#))
            .upperBound
        #expect(page[pinned...].contains("Soon &lt;b&gt;</h3>") && page.contains("<em>Not yet.</em>"))
        #expect(
            page.contains(#"id="u-00000000-0000-7000-8000-000000000000""#) && page.contains("Words of secret")
        )
        #expect(page.firstMatch(of: #/id="timeline"[^>]*>.*Soon &lt;b/#) != nil)
        let after = try await desk.send(Call("GET /stories/secret/updates"))
        #expect(!String(decoding: after.body, as: UTF8.self).contains("Not yet"))
        let refused = try await desk.send(Call("POST /stories/secret/preview", #"{"body": "", "bdy": 1}"#))
        #expect(refused.status.code == 422 && refused.headers[.contentType] == "application/problem+json")
    }

    @Test("The preview of an edit shows it in place of the update")
    func editPreview() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "A later one."}"#))
        let answer = try await desk.send(
            Call("POST /stories/harbour/preview?update=<harbourUpdate>", #"{"body": "Other words."}"#))
        let page = String(decoding: answer.body, as: UTF8.self)
        let places = ["A later one.</p>", "Other words.</p>"].map { page.firstRange(of: $0)?.lowerBound }
        #expect(try #require(places[0]) < #require(places[1]))
        #expect(
            !page.contains("<p>Words of harbour") && page.contains(desk.resolve(#"id="u-<harbourUpdate>""#)))
    }

    @Test("A dead link gets a readable error page with a link to all stories")
    func deadLinks() async throws {
        let desk = try await TestDesk()
        let unknown = "019ceadb-cf80-7a31-9c04-5be2d7f08a16"
        for (path, words) in [
            ("/live/none", "This story is not here"), ("/live/secret", "This story is not here"),
            ("/live/harbour/\(unknown)", "This update is not here"),
            ("/live/harbour/none", "This update is not here"),
        ] {
            let page = try await desk.send(Call("GET \(path)", key: "", headers: Self.browser))
            let body = String(decoding: page.body, as: UTF8.self)
            #expect(body.contains("<title>\(words)") && body.contains("<h1>\(words)"), "\(path)")
            #expect(body.contains(#"<a href="/">All stories</a>"#) && !body.contains("no such"), "\(path)")
        }
    }

    @Test("A credit is separated from the text before it")
    func credits() async throws {
        let desk = try await TestDesk()
        let media = """
            [{"type": "image", "url": "https://example.org/a", "caption": "The bridge", "credit": "AP"},
             {"type": "link", "url": "https://example.org/b", "credit": "dpa"},
             {"type": "image", "url": "https://example.org/c", "credit": "AFP"}]
            """
        _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "x", "media": \#(media)}"#))
        let page = try await text(desk, "/live/harbour")
        let parts = [
            #"The bridge · <small><bdi lang="">AP</bdi></small>"#,
            #"</a> · <small><bdi lang="">dpa</bdi></small>"#,
            #"<figcaption dir="auto" lang=""><small><bdi lang="">AFP"#,
        ]
        for part in parts { #expect(page.contains(part), "\(part)") }
    }

    @Test("GET /key returns the role and the stories of the key, and what it can upload")
    func key() async throws {
        let desk = try await TestDesk()
        let bound = try JSONValue(parsing: try await desk.send(Call("GET /key", key: "bound")).body)
        #expect(
            try bound.text("role") == "editor"
                && bound["stories"]?.items == [.string(desk.resolve("<harbour>"))])
        let admin = try JSONValue(parsing: try await desk.send(Call("GET /key")).body)
        #expect(try admin.text("role") == "admin" && admin["stories"] == .null)
        #expect(admin["mediaBytes"] == .null)
    }
}
