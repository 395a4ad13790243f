// SPDX-License-Identifier: Apache-2.0
import API
import Crypto
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Fonts, shapes and the site's own style.
@Suite("Fonts and style of the site by the API", .onEveryEngineInFull)
struct FontTests {
    private static let path = "/fonts/aeb4e44e-b29d-8b65-8981-0b8b1b143cda.woff2"

    private static func upload(_ bytes: [UInt8], to desk: TestDesk, key: String = "admin") async throws
        -> Response
    {
        try await desk.send(Call("POST /site/fonts?name=Alder", bytes: bytes, key: key, type: "font/woff2"))
    }

    private static func page(_ desk: TestDesk) async throws -> (text: String, policy: String) {
        let response = try await desk.send(Call("GET /live/harbour", key: ""))
        return (
            String(decoding: response.body, as: UTF8.self), response.headers["Content-Security-Policy"] ?? ""
        )
    }

    @Test("A font is uploaded once, by admins alone, and served for ever")
    func upload() async throws {
        let desk = try await TestDesk()
        #expect(try await Self.upload(FontSample.bytes, to: desk, key: "editor").status == .forbidden)
        let first = try await Self.upload(FontSample.bytes, to: desk)
        #expect(first.status == .created && first.headers[.location] == Self.path)
        let font = try JSONValue(parsing: first.body)
        #expect(
            font["variable"] == .bool(true) && font["name"]?.string == "Alder" && font["bytes"]?.integer == 64
        )
        #expect(try await Self.upload(FontSample.bytes, to: desk).status == .ok)
        let file = try await desk.send(Call("GET \(Self.path)", key: ""))
        #expect(file.body == FontSample.bytes && file.headers[.contentType] == "font/woff2")
        #expect(file.headers[.cacheControl]?.contains("immutable") == true)
        let held = try await desk.send(
            Call("GET \(Self.path)", key: "", headers: [(.ifNoneMatch, file.headers[.etag] ?? "")]))
        #expect(held.status == .notModified)
        for path in ["/fonts/none.woff2", Self.path.replacing("cda", with: "cdb"), Self.path + "x"] {
            #expect(try await desk.send(Call("GET \(path)", key: "")).status == .notFound, "\(path)")
        }
        #expect(try desk.errors().isEmpty)
    }

    @Test(
        "What is no WOFF2 font is refused, with the reason",
        arguments: [
            (FontSample.make(signature: "wOFF"), "does not begin as one"),
            (Array(FontSample.bytes.prefix(40)), "does not begin as one"), ([], "does not begin as one"),
            (FontSample.make(flavor: Array("ttcf".utf8)), "is a collection of fonts"),
            (FontSample.make(flavor: Array("html".utf8)), "has no TrueType or CFF outlines"),
            (FontSample.make(length: 65), "has another length than its head says"),
            (FontSample.make(tables: []), "has a head out of bounds"),
            (FontSample.make(packed: 5), "has less data than its head says"),
            (FontSample.make(tables: [0, 1, 2, 3]), "has no table maxp"),
            (FontSample.make(tables: [0, 1, 2, 3, 4, 4]), "has a damaged directory"),
            (FontSample.make(tables: [0, 1, 2, 3, 4, 10, 63], data: []), "has a damaged directory"),
        ])
    func refused(bytes: [UInt8], reason: String) async throws {
        let reply = try await Self.upload(bytes, to: try await TestDesk())
        #expect(reply.status.code == 422)
        let detail = try JSONValue(parsing: reply.body)["errors"]?.items?.first?["detail"]?.string
        #expect(detail == "must be a WOFF2 font file, and \(reason)")
    }

    @Test("A font that is too large is refused")
    func tooLarge() async throws {
        let bytes = FontSample.bytes + [UInt8](repeating: 0, count: Limits.fontBytes)
        let reply = try await Self.upload(bytes, to: try await TestDesk())
        #expect(reply.status.code == 422)
        #expect(String(decoding: reply.body, as: UTF8.self).contains("must be at most 524288 bytes long"))
    }

    @Test("Pages load fonts from here alone, and only if one is set")
    func pages() async throws {
        let desk = try await TestDesk()
        #expect(try await !Self.page(desk).policy.contains("font-src"))
        _ = try await Self.upload(FontSample.bytes, to: desk)
        let settings =
            #"{"fonts": {"heading": "\#(Self.path)", "body": "slab"}, "radius": 6, "density": "compact"}"#
        #expect(try await desk.send(Call("PUT /site", settings)).status == .ok)
        let (text, policy) = try await Self.page(desk)
        #expect(policy.contains("font-src 'self';"))
        for part in [
            "src:url(\"\(Self.path)\") format(\"woff2\");font-weight:100 900;font-display:optional}",
            "<link rel=\"preload\" href=\"\(Self.path)\" as=\"font\" type=\"font/woff2\" crossorigin=\"\">",
            "--serif:Rockwell", "--radius:6px", "--round:6px", "--space:.6",
        ] { #expect(text.replacing("\"Rockwell", with: "Rockwell").contains(part), "no \(part)") }
        let missing = Self.path.replacing("cda", with: "cdb")
        let reply = try await desk.send(Call("PUT /site", #"{"fonts": {"body": "\#(missing)"}}"#))
        #expect(
            try JSONValue(parsing: reply.body)["errors"]?.items?.first?["pointer"]?.string == "/fonts/body")
    }

    @Test("Own CSS comes last and stays within its element; what would end it, or load more, is refused")
    func css() async throws {
        let desk = try await TestDesk()
        let good = #"{"css": "h1 > a::before { content: \"\\201C\" }\n.update { border: 0 }"}"#
        #expect(try await desk.send(Call("PUT /site", good)).status == .ok)
        let page = try await Self.page(desk).text
        #expect(page.contains(".update { border: 0 }\n</style>"))
        for bad in [
            "a{}</style><script>", "a{}</STYLE>", "<!-- x", "@import url(//x)", "@IMPORT 'x'", "@charset 'x'",
            "\\u0000", String(repeating: "a", count: 32_769),
        ] {
            let reply = try await desk.send(Call("PUT /site", #"{"css": "\#(bad)"}"#))
            let pointer = try JSONValue(parsing: reply.body)["errors"]?.items?.first?["pointer"]?.string
            #expect(reply.status.code == 422 && pointer == "/css", "\(bad.prefix(30))")
        }
    }

    @Test(
        "The hash in the policy is that of own CSS as parsers of HTML read it, with LF at ends of lines",
        arguments: ["a{}\\r\\nb{}", "a{}\\rb{}", "a{}\\nb{}", "a{}\\r\\r\\nb{}\\r"])
    func lineEnds(css: String) async throws {
        let desk = try await TestDesk()
        #expect(try await desk.send(Call("PUT /site", #"{"css": "\#(css)"}"#)).status == .ok)
        let (text, policy) = try await Self.page(desk)
        let style = try #require(text.firstMatch(of: #/(?s)<style>(.*?)<\/style>/#)?.1)
        #expect(!text.unicodeScalars.contains("\r") && style.contains("a{}\n"))
        #expect(policy.contains("style-src 'sha256-\(base64(sha256(Array(style.utf8))))'"))
    }

    @Test("A preview shows what is not saved, and saves nothing")
    func preview() async throws {
        let desk = try await TestDesk()
        let settings = #"{"name": "Courier", "imprint": "Harbour Street"}"#
        for path in ["/site/preview", "/site/preview?story=harbour", "/site/preview?story=secret"] {
            let reply = try await desk.send(Call("POST \(path)", settings))
            let text = String(decoding: reply.body, as: UTF8.self)
            #expect(reply.status == .ok && text.contains("Harbour Street"), "\(path)")
            #expect(reply.headers[.cacheControl] == "private, no-store")
        }
        #expect(try await desk.send(Call("POST /site/preview?story=none", settings)).status == .notFound)
        #expect(try await !Self.page(desk).text.contains("Courier"))
        let low = ##"{"colors": {"light": {"accent": "#ffcc00"}}}"##
        #expect(try await desk.send(Call("POST /site/preview", low)).status.code == 422)
    }

    @Test("A story can have a variation of the look, and open pages learn of it")
    func themes() async throws {
        let desk = try await TestDesk()
        #expect(try await Self.page(desk).text.contains(#" data-theme="none""#))
        let reply = try await desk.send(Call("PATCH /stories/harbour", #"{"theme": "sober"}"#))
        #expect(try JSONValue(parsing: reply.body)["theme"]?.string == "sober")
        #expect(try await Self.page(desk).text.contains(#" data-theme="sober""#))
        let delta = try JSONValue(
            parsing: try await desk.send(Call("GET /stories/harbour/updates?cursor=<now>", key: "")).body)
        #expect(delta["changes"]?.items?.last?["story"]?["theme"]?.string == "sober")
        let refused = try await desk.send(Call("PATCH /stories/harbour", #"{"theme": "loud"}"#))
        #expect(try JSONValue(parsing: refused.body)["errors"]?.items?.first?["pointer"]?.string == "/theme")
    }

    @Test(
        "Scripts of third parties are listed in the policy of pages by their origins, and named to the script that asks"
    )
    func slots() async throws {
        let desk = try await TestDesk()
        #expect(try await !Self.page(desk).text.contains("consent"))
        let settings = """
            {"slots": [{"name": "S <1>", "purpose": "analytics", "script": "https://s.example/a.js?x=1&y"},
             {"name": "T", "purpose": "advertising", "script": "https://s.example/b.js"}]}
            """
        #expect(try await desk.send(Call("PUT /site", settings)).status == .ok)
        let (text, policy) = try await Self.page(desk)
        #expect(policy.contains(" https://s.example; style-src ") && !policy.contains("a.js"))
        #expect(policy.contains("connect-src 'self' https://s.example; "))
        #expect(
            text.contains(
                "{&quot;name&quot;:&quot;S &lt;1&gt;&quot;,&quot;purpose&quot;:&quot;analytics&quot;"))
        #expect(text.contains("src=\"/assets/consent.") && !text.contains("src=\"https://s.example"))
        for bad in [
            "http://s.example/a.js", "/a.js", "https://s.example;sandbox", "https://s.example,x",
            "https://'unsafe-inline'", "javascript:alert(1)",
        ] {
            let reply = try await desk.send(
                Call("PUT /site", #"{"slots": [{"name": "S", "purpose": "analytics", "script": "\#(bad)"}]}"#)
            )
            let pointer = try JSONValue(parsing: reply.body)["errors"]?.items?.first?["pointer"]?.string
            #expect(pointer == "/slots/0/script", "\(bad)")
        }
    }

    @Test("The widget has the accent of the site, unless its page sets another")
    func widget() async throws {
        let desk = try await TestDesk()
        func script() async throws -> String {
            String(decoding: try await desk.send(Call("GET /embed.js", key: "")).body, as: UTF8.self)
        }
        #expect(try await script().contains("var(--wireroom-accent, #b3261e)"))
        _ = try await desk.send(Call("PUT /site", ##"{"colors": {"light": {"accent": "#0b5d3b"}}}"##))
        let changed = try await script()
        #expect(changed.contains("var(--wireroom-accent, #0b5d3b)"))
        #expect(changed.contains("var(--wireroom-on-accent, #fffdfa)") && !changed.contains("#b3261e"))
    }

    @Test(
        "Frames in pages of others have the font of texts, which their policy allows; without one they are as before"
    )
    func frames() async throws {
        let desk = try await TestDesk()
        func frame(_ path: String = "/embed/harbour") async throws -> (text: String, policy: String) {
            let reply = try await desk.send(Call("GET \(path)", key: "", headers: [(.accept, "text/html")]))
            return (
                String(decoding: reply.body, as: UTF8.self), reply.headers["Content-Security-Policy"] ?? ""
            )
        }
        let plain = try await frame()
        #expect(!plain.text.contains("@font-face") && !plain.policy.contains("font-src"))
        _ = try await Self.upload(FontSample.bytes, to: desk)
        _ = try await desk.send(
            Call("PUT /site", #"{"fonts": {"heading": "mono", "body": "\#(Self.path)"}}"#))
        for path in ["/embed/harbour", "/embed/nosuch"] {
            let (text, policy) = try await frame(path)
            let style = try #require(text.firstMatch(of: #/<style>(?s)(.*?)<\/style>/#)?.1)
            #expect(style.contains(#"src:url("\#(Self.path)") format("woff2")"#), "\(path)")
            #expect(style.contains(#"html{font-family:"aeb4e44e-b29d-8b65-8981-0b8b1b143cda","#), "\(path)")
            #expect(policy.contains("style-src 'sha256-\(base64(sha256(Array(style.utf8))))'"), "\(path)")
            #expect(policy.contains("font-src 'self'"), "\(path)")
        }
        _ = try await desk.send(Call("PUT /site", "{}"))
        #expect(try await frame() == plain)
    }

    @Test("The icon of the site is that of browsers that ask for the default path")
    func icon() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("PUT /site", #"{"icon": {"url": "https://courier.example/icon.png"}}"#))
        let reply = try await desk.send(Call("GET /favicon.ico", key: ""))
        #expect(reply.status == .temporaryRedirect)
        #expect(reply.headers[.location] == "https://courier.example/icon.png")
    }
}
