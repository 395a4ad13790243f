// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import Images
import JSON
import Stories
import Support
import Synchronization
import Testing

/// The pictures that other sites show beside links: which one a page names, and when one is drawn.
@Suite("Social images")
struct SocialImageTests {
    private static let update = "/stories/harbour/updates/<harbourUpdate>"

    /// A desk with an API that draws.
    private struct Room {
        let desk: TestDesk
        let api: API
        let drawer: FakeDrawer

        init(_ drawer: FakeDrawer = FakeDrawer(), _ change: (inout API.Configuration) -> Void = { _ in })
            async throws
        {
            (desk, self.drawer) = (try await TestDesk(), drawer)
            api = desk.api {
                $0.social = API.SocialSettings(drawer: drawer)
                change(&$0)
            }
            if !drawer.isMissing { try await FakeDrawer.await(api) }
        }

        @discardableResult
        func send(_ line: String, _ body: String = "", headers: [(HeaderName, String)] = []) async throws
            -> Response
        {
            try await desk.send(Call(line, body, headers: headers), to: api)
        }

        func get(_ path: String, headers: [(HeaderName, String)] = []) async throws -> Response {
            try await desk.send(Call("GET \(path)", key: "", headers: headers), to: api)
        }

        func text(_ path: String) async throws -> String {
            String(decoding: try await get(path).body, as: UTF8.self)
        }

        /// The path of the picture that a page names; `nil` if it names none.
        func picture(of page: String) async throws -> String? {
            try await text(page).firstMatch(
                of: #/<meta property="og:image" content="(?:http:\/\/localhost)?([^"]*)">/#
            ).map { String($0.1) }
        }
    }

    // MARK: What is named

    @Test("A page without a picture names the drawn one, with its size, type and words, in every vocabulary")
    func named() async throws {
        let room = try await Room()
        let path = try #require(try await room.picture(of: "/live/harbour"))
        #expect(path.wholeMatch(of: #/\/stories\/[0-9a-f-]{36}\/social\/[0-9a-f]{32}\.png/#) != nil)
        let page = try await room.text("/live/harbour")
        for tag in [
            #"property="og:image:width" content="1200""#, #"property="og:image:height" content="630""#,
            #"property="og:image:type" content="image/png""#,
            #"property="og:image:alt" content="Live – Story harbour – localhost""#,
            #"name="twitter:card" content="summary_large_image""#,
            #"name="twitter:image" content="http://localhost\#(path)""#,
        ] { #expect(page.contains(tag), "\(tag)") }
        let posting = try JSONValue(parsing: try await room.get("/stories/harbour/liveblog.jsonld").body)
        #expect(posting["image"]?.items?.first?["url"]?.string == "http://localhost" + path)
        let embed = try JSONValue(
            parsing: try await room.get("/oembed?url=http://localhost/live/harbour").body)
        #expect(embed["thumbnail_url"]?.string == "http://localhost" + path)
        #expect(embed["thumbnail_width"]?.integer == 1_200)
        #expect(room.drawer.drawn.isEmpty, "naming draws nothing")
    }

    @Test("A picture of the update, of the story or of the site comes first, unless the update is retracted")
    func own() async throws {
        let room = try await Room()
        let page = "/live/harbour/<harbourUpdate>"
        let drawn = try #require(try await room.picture(of: page))
        let media = #"{"media": [{"type": "image", "url": "https://a.org/own.jpg", "alt": "A"}]}"#
        for (line, body, picture) in [
            ("PUT /site", #"{"defaultImage": {"url": "https://a.org/site.jpg"}}"#, "site"),
            ("PATCH /stories/harbour", #"{"image": {"url": "https://a.org/story.jpg"}}"#, "story"),
            ("PATCH \(Self.update)", media, "own"),
        ] {
            #expect(try await room.send(line, body).status == .ok, "\(line)")
            #expect(try await room.picture(of: page) == "https://a.org/\(picture).jpg")
            #expect(try await room.get(drawn).status == .notFound, "what is not named is not drawn")
        }
        _ = try await room.send("POST \(Self.update)/strike", #"{"reason": "Wrong"}"#)
        let retracted = try #require(try await room.picture(of: page))
        #expect(retracted.hasSuffix(".png") && retracted != drawn)
        #expect(try await room.get(retracted).status == .ok)
        #expect(room.drawer.drawn.map(\.label) == [.retracted])
        #expect(try await room.picture(of: "/live/harbour") == "https://a.org/story.jpg")
    }

    @Test("Each change of what is drawn is another address, and the former one leads to it")
    func addresses() async throws {
        let room = try await Room()
        var paths = [try #require(try await room.picture(of: "/live/harbour"))]
        for (line, body) in [
            ("PATCH /stories/harbour", #"{"title": "Another"}"#),
            ("PATCH /stories/harbour", #"{"timeZone": "Asia/Tokyo"}"#),
            ("PATCH /stories/harbour", #"{"language": "de"}"#),
            ("PATCH /stories/harbour", #"{"status": "closed"}"#), ("PUT /site", #"{"name": "The Courier"}"#),
            ("PUT /site", ##"{"name": "The Courier", "colors": {"light": {"accent": "#123456"}}}"##),
            ("PUT /site", #"{"name": "The Courier", "fonts": {"heading": "sans"}}"#),
        ] {
            #expect(try await room.send(line, body).status == .ok)
            let path = try #require(try await room.picture(of: "/live/harbour"))
            #expect(!paths.contains(path), "\(body)")
            let former = try await room.get(try #require(paths.last))
            #expect(former.status == .temporaryRedirect && former.headers[.location] == path)
            #expect(former.headers[.cacheControl]?.contains("max-age=1") == true)
            paths.append(path)
        }
        _ = try await room.send("POST /stories/harbour/updates", #"{"body": "More"}"#)
        #expect(try await room.picture(of: "/live/harbour") == paths.last, "an update changes nothing of it")
    }

    @Test("A picture shows title, time, zone, state, name, language, direction and colours")
    func shown() async throws {
        let room = try await Room()
        let site = ##"{"name": "The Courier", "colors": {"light": {"accent": "#123456"}}}"##
        _ = try await room.send("PUT /site", site)
        let story = #"{"title": "עיר", "language": "he", "timeZone": "Asia/Jerusalem", "status": "closed"}"#
        _ = try await room.send("PATCH /stories/harbour", story)
        _ = try await room.send("PATCH \(Self.update)", #"{"title": "Two"}"#)
        for page in ["/live/harbour", "/live/harbour/<harbourUpdate>"] {
            _ = try await room.get(try #require(try await room.picture(of: page)))
        }
        let (whole, part) = (room.drawer.drawn[0], room.drawer.drawn[1])
        #expect(whole.headline == "עיר" && whole.context.isEmpty && whole.siteName == "The Courier")
        #expect(whole.label == .closed && !whole.labelText.isEmpty && whole.isRightToLeft && whole.isSerif)
        #expect(whole.language == "he" && whole.time.zone == "Asia/Jerusalem")
        #expect(whole.time.seconds == testTime.milliseconds / 1_000 && whole.colors.accent == 0x123456)
        #expect(whole.time.pattern.contains("{day}") && whole.time.months.split(separator: " ").count == 12)
        #expect(part.headline == "Two" && part.context == "עיר" && part.label == .none)
    }

    // MARK: What is drawn

    @Test("It is cached for ever, confirmed by its tag, and opened as a page can do nothing")
    func headers() async throws {
        let room = try await Room()
        let path = try #require(try await room.picture(of: "/live/harbour"))
        let reply = try await room.get(path)
        let tag = try #require(reply.headers[.etag])
        #expect(reply.status == .ok && reply.headers[.contentType] == "image/png")
        #expect(reply.headers[.cacheControl] == "public, max-age=31536000, s-maxage=60, immutable")
        #expect(reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox")
        #expect(reply.headers["Surrogate-Key"] == room.desk.resolve("story-<harbour>"))
        #expect(try await room.get(path, headers: [(.ifNoneMatch, tag)]).status == .notModified)
        #expect(try await room.desk.send(Call("HEAD \(path)", key: ""), to: room.api).status == .ok)
        #expect(room.drawer.drawn.count == 1)
    }

    @Test("Many who ask at once have it drawn once")
    func singleFlight() async throws {
        let room = try await Room()
        let path = try #require(try await room.picture(of: "/live/harbour"))
        try await withThrowingTaskGroup(of: Status.self) { group in
            for _ in 0..<50 { group.addTask { try await room.get(path).status } }
            for try await status in group { #expect(status == .ok) }
        }
        #expect(room.drawer.drawn.count == 1)
    }

    @Test(
        "What no page names is not drawn",
        arguments: [
            "/stories/harbour/social/x.png", "/stories/harbour/social/%2e%2e.png",
            "/stories/harbour/social/<zeros>", "/stories/none/social/<zeros>.png",
            "/stories/secret/social/<zeros>.png", "/stories/secret/updates/<secretUpdate>/social/<zeros>.png",
            "\(Self.update)/social/<zeros>.jpg", "/stories/harbour/updates/<harbour>/social/<zeros>.png",
        ])
    func garbage(path: String) async throws {
        let room = try await Room()
        let path = path.replacing("<zeros>", with: String(repeating: "0", count: 32))
        #expect(try await room.get(path).status == .notFound)
        #expect(try await room.send("GET \(path)").status == .notFound, "with a key, too")
        #expect(room.drawer.drawn.isEmpty)
    }

    @Test("The picture of a hidden story, and of a deleted update, is gone")
    func hidden() async throws {
        let room = try await Room()
        let story = try #require(try await room.picture(of: "/live/harbour"))
        let update = try #require(try await room.picture(of: "/live/harbour/<harbourUpdate>"))
        for path in [story, update] { #expect(try await room.get(path).status == .ok) }
        _ = try await room.send("DELETE \(Self.update)")
        #expect(try await room.get(update).status.code >= 404)
        _ = try await room.send("PATCH /stories/harbour", #"{"status": "draft"}"#)
        #expect(try await room.get(story).status == .notFound)
    }

    @Test("A takedown purges the picture of the update, also when it is repeated")
    func takedown() async throws {
        let purged = Mutex<[String]>([])
        let room = try await Room { configuration in
            configuration.purge = { paths, _ in
                purged.withLock { $0 += paths }
                return true
            }
        }
        let path = try #require(try await room.picture(of: "/live/harbour/<harbourUpdate>"))
        #expect(try await room.get(path).status == .ok)
        for _ in 0..<2 {
            let reply = try await room.send(
                "POST \(Self.update)/takedown", #"{"reason": "Court"}"#, headers: [(.idempotencyKey, "one")])
            #expect(reply.status == .ok && String(decoding: reply.body, as: UTF8.self).contains(path))
            #expect(purged.withLock { $0.contains(path) })
            purged.withLock { $0 = [] }
            #expect(try await room.get(path).status.code >= 404)
        }
    }

    // MARK: Bounds

    @Test("A client has only so many drawn; what is there costs nothing")
    func limit() async throws {
        let room = try await Room { $0.social?.limit = RateLimit(burst: 2, perMinute: 1) }
        var last = ""
        for number in 0..<3 {
            _ = try await room.send("PATCH /stories/harbour", #"{"title": "Number \#(number)"}"#)
            last = try #require(try await room.picture(of: "/live/harbour"))
            let reply = try await room.get(last)
            #expect(reply.status.code == (number < 2 ? 200 : 429))
            #expect((reply.headers[.retryAfter] != nil) == (number == 2))
        }
        _ = try await room.send("PATCH /stories/harbour", #"{"title": "Number 1"}"#)
        let known = try #require(try await room.picture(of: "/live/harbour"))
        #expect(try await room.get(known).status == .ok)
        #expect(room.drawer.drawn.count == 2)
    }

    @Test("All clients together have only so many drawn, and of those that are kept the oldest go first")
    func bounds() async throws {
        let room = try await Room {
            $0.social?.wholeLimit = RateLimit(burst: 4, perMinute: 1)
            // Of two pictures.
            $0.social?.cacheBytes = 450
        }
        for (title, status) in [
            ("A", 200), ("B", 200), ("A", 200), ("C", 200), ("A", 200), ("B", 200), ("D", 503),
        ] {
            _ = try await room.send("PATCH /stories/harbour", #"{"title": "\#(title)"}"#)
            let path = try #require(try await room.picture(of: "/live/harbour"))
            #expect(try await room.get(path).status.code == status, "\(title)")
        }
        let sizes = room.drawer.drawn.map(\.bytes.count)
        #expect(sizes.allSatisfy { (151...225).contains($0) }, "two are kept, three are not: \(sizes)")
        #expect(room.drawer.drawn.map(\.headline) == ["A", "B", "C", "B"])
    }

    @Test(
        "What cannot be drawn is a 503, and the operator learns why",
        arguments: [ImageError.busy, .failed("x")])
    func failing(error: ImageError) async throws {
        let troubles = Mutex<[String]>([])
        let room = try await Room(FakeDrawer(error)) {
            $0.social?.onTrouble = { text in troubles.withLock { $0.append(text) } }
        }
        let reply = try await room.get(try #require(try await room.picture(of: "/live/harbour")))
        #expect(reply.status == .serviceUnavailable && reply.headers[.retryAfter] != nil)
        #expect(troubles.withLock { $0.isEmpty } == (error == .busy))
    }

    @Test("Without a library, pages are as they were, and the operator is told once")
    func missing() async throws {
        let troubles = Mutex<[String]>([])
        let room = try await Room(FakeDrawer(isMissing: true)) {
            $0.social?.onTrouble = { text in troubles.withLock { $0.append(text) } }
        }
        try await until { troubles.withLock { !$0.isEmpty } }
        #expect(troubles.withLock { $0 } == ["there are no social images: they need a library"])
        #expect(try await room.picture(of: "/live/harbour") == nil)
        #expect(try await room.text("/live/harbour").contains(#"name="twitter:card" content="summary""#))
        let path = "/stories/harbour/social/\(String(repeating: "0", count: 32)).png"
        #expect(try await room.get(path).status == .notFound)
    }
}
