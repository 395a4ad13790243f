// SPDX-License-Identifier: Apache-2.0
import Glibc
import HTTP
import JSON
import Stories
import Support
import Testing

@testable import API

/// What other sites and programs ask for: oEmbed, sitemaps, robots.txt, icons and manifest; and what pages tell them.
@Suite("Sharing")
struct SharingTests {
    /// Stories of today; those of other test desks are older than any sitemap.
    private func deskOfToday() async throws -> TestDesk {
        try await TestDesk(time: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000)
        })
    }

    private func get(_ desk: TestDesk, _ path: String) async throws -> Response {
        try await desk.send(Call("GET \(path)", key: ""))
    }

    private func text(_ desk: TestDesk, _ path: String) async throws -> String {
        let response = try await get(desk, path)
        #expect(response.status == .ok, "\(path)")
        return String(decoding: response.body, as: UTF8.self)
    }

    // MARK: oEmbed

    @Test(
        "oEmbed gives a frame for the addresses of a story, with either scheme and whatever follows",
        arguments: [
            "http://localhost/live/harbour", "https://localhost/live/harbour?only=key#u-1",
            "http://localhost/live/%68arbour", "http://localhost/embed/harbour?form=ticker",
            "http://localhost/live/<harbour>", "http://localhost/live/harbour/<harbourUpdate>",
        ])
    func oEmbed(address: String) async throws {
        let desk = try await TestDesk()
        let encoded = desk.resolve(address).replacing("%", with: "%25").replacing("#", with: "%23")
            .replacing("?", with: "%3F")
        let response = try await get(desk, "/oembed?format=json&url=\(encoded)")
        let value = try JSONValue(parsing: response.body)
        #expect(response.status == .ok && response.headers[.cacheControl] == "public, max-age=1")
        #expect(response.headers["Surrogate-Key"] == desk.resolve("story-<harbour>"))
        #expect(try value.text("version") == "1.0" && value.text("type") == "rich")
        #expect(value["width"] == .number("600") && value["height"] == .number("600"))
        let html = try value.text("html")
        #expect(html.hasPrefix(#"<iframe src="http://localhost/embed/harbour" title=""#), "\(html)")
        #expect(html.hasSuffix("</iframe>") && !html.contains("<script"))
    }

    @Test(
        "The frame keeps within the size that is asked for, in a form that fits",
        arguments: [
            ("maxwidth=320", 320, 600, "/embed/harbour\""),
            ("maxwidth=5000&maxheight=5000", 600, 600, "harbour\""),
            ("maxheight=300", 600, 300, "?form=compact"), ("maxheight=60", 600, 60, "?form=headline"),
        ])
    func sizes(query: String, width: Int, height: Int, form: String) async throws {
        let text = try await text(try await TestDesk(), "/oembed?url=http://localhost/live/harbour&\(query)")
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(value["width"] == .number("\(width)") && value["height"] == .number("\(height)"))
        #expect(try value.text("html").contains(form))
    }

    @Test(
        "oEmbed refuses what it cannot show, by the statuses of its specification",
        arguments: [
            ("url=http://localhost/live/none", 404), ("url=http://localhost/live/secret", 404),
            ("url=http://localhost/", 404), ("url=http://localhost/desk/harbour", 404),
            ("url=http://localhost.example/live/harbour", 404), ("url=ftp://localhost/live/harbour", 404),
            ("url=http://localhost/live/%2525", 404), ("url=http://localhost/live/harbour/a/b", 404),
            ("url=http://localhost/live/harbour&format=xml", 501), ("format=json", 400),
            ("url=http://localhost/live/harbour&maxwidth=0", 400),
        ])
    func refusals(query: String, status: Int) async throws {
        #expect(try await get(try await TestDesk(), "/oembed?\(query)").status.code == status)
    }

    @Test("Pages lead to their oEmbed response, and say whose they are", arguments: ["", "/<harbourUpdate>"])
    func discovery(update: String) async throws {
        let desk = try await TestDesk()
        let page = try await text(desk, "/live/harbour\(update)")
        let link = try #require(
            page.firstMatch(
                of:
                    #/<link rel="alternate" type="application\/json\+oembed" title="[^"]*" href="http:\/\/localhost([^"]*)">/#
            ))
        let answer = try await text(desk, String(link.1).replacing("&amp;", with: "&"))
        #expect(answer.contains("/embed/harbour"))
        #expect(page.contains(#"<meta property="og:site_name" content="localhost">"#))
        #expect(page.contains(#"<meta name="twitter:card" content="summary">"#))
    }

    @Test("The address of a retracted update says so on every card")
    func retraction() async throws {
        let desk = try await TestDesk()
        let update = "/stories/harbour/updates/<harbourUpdate>"
        _ = try await desk.send(Call("PATCH \(update)", #"{"title": "Mayor dead"}"#))
        _ = try await desk.send(Call("POST \(update)/strike", #"{"reason": "The mayor is alive."}"#))
        let page = try await text(desk, "/live/harbour/<harbourUpdate>")
        #expect(page.contains(#"<meta property="og:title" content="Retracted: Mayor dead">"#))
        #expect(page.contains("<title>Retracted: Mayor dead"))
    }

    // MARK: Linked data

    @Test("The page is a live blog and an article of the news, by a publisher with a logo")
    func graph() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"title": "</script><b>"}"#))
        let page = try await text(desk, "/live/harbour")
        let script = try #require(
            page.firstMatch(of: #/<script type="application\/ld\+json">(.*?)<\/script>/#))
        let graph = try JSONValue(parsing: Array(script.1.utf8))["@graph"]?.items ?? []
        #expect(graph.map { try? $0.text("@type") } == ["LiveBlogPosting", "NewsArticle"])
        for node in graph {
            #expect(try node.text("headline") == "</script><b>")
            let publisher = try #require(node["publisher"])
            #expect(try publisher["logo"]?.text("url") == "http://localhost/apple-touch-icon.png")
            #expect(try node["author"]?.text("url") == "http://localhost/")
        }
        let file = try await get(desk, "/stories/harbour/liveblog.jsonld")
        #expect(try JSONValue(parsing: file.body).text("@type") == "LiveBlogPosting")
    }

    // MARK: The site

    @Test("The sitemap for news lists visible stories of two days, and follows each change")
    func sitemap() async throws {
        let desk = try await deskOfToday()
        _ = try await desk.send(
            Call("PATCH /stories/harbour", #"{"title": "Storm & <tide>", "language": "de-AT"}"#))
        let before = try await text(desk, "/sitemap-news.xml")
        #expect(before.contains("<news:language>de</news:language>"))
        #expect(before.contains("<loc>http://localhost/live/harbour</loc>"))
        #expect(before.contains("<news:title>Storm &amp; &lt;tide&gt;</news:title>"))
        #expect(before.contains("<news:name>localhost</news:name>") && !before.contains("secret"))
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "draft"}"#))
        #expect(!(try await text(desk, "/sitemap-news.xml").contains("harbour")))
        #expect(!(try await text(try await TestDesk(), "/sitemap-news.xml").contains("<url>")))
    }

    @Test("The sitemap has all stories that readers may see, with their last change, and follows each change")
    func wholeSitemap() async throws {
        let desk = try await TestDesk()
        let before = try await text(desk, "/sitemap.xml")
        let locations = before.matches(of: #/<url><loc>([^<]*)<\/loc><lastmod>[^<]*Z<\/lastmod><\/url>/#).map(
            \.1)
        #expect(locations.contains("http://localhost/live/harbour") && !before.contains("secret"))
        #expect(try await text(desk, "/sitemap.xml?page=1") == before)
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"slug": "pier"}"#))
        #expect(try await text(desk, "/sitemap.xml").contains("<loc>http://localhost/live/pier</loc>"))
        _ = try await desk.send(Call("PATCH /stories/pier", #"{"status": "draft"}"#))
        for path in ["/sitemap.xml", "/sitemap.xml?page=1"] {
            let body = try await get(desk, path).body
            #expect(!String(decoding: body, as: UTF8.self).contains("pier"))
        }
    }

    @Test(
        "Pages of the sitemap that are not there are refused",
        arguments: [("2", 404), ("0", 400), ("x", 400)])
    func sitemapPages(page: String, status: Int) async throws {
        #expect(try await get(try await TestDesk(), "/sitemap.xml?page=\(page)").status.code == status)
    }

    @Test(
        "More stories than one sitemap may have are in several, which an index names",
        arguments: [(50_000, 0), (50_001, 2), (120_000, 3)])
    func sitemapIndex(count: Int, pages: Int) throws {
        let entry = StoryAddresses.Entry(slug: Slug(stored: "storm"), changedAt: Timestamp(milliseconds: 0))
        let addresses = StoryAddresses(entries: [entry], count: count)
        let whole = String(
            decoding: Sitemap(addresses: addresses, site: "http://a", page: nil).bytes(), as: UTF8.self)
        #expect(whole.matches(of: #/<sitemap><loc>http:\/\/a\/sitemap\.xml\?page=\d+<\/loc>/#).count == pages)
        #expect(whole.contains("<urlset") == (pages == 0))
        let page = Sitemap(addresses: addresses, site: "http://a", page: 2).bytes()
        #expect(
            String(decoding: page, as: UTF8.self).contains(
                "<url><loc>http://a/live/storm</loc><lastmod>1970-01-01T00:00:00"))
    }

    @Test("robots.txt names the sitemaps and keeps the desk out")
    func robots() async throws {
        let text = try await text(try await TestDesk(), "/robots.txt")
        #expect(text.contains("\nDisallow: /desk\nSitemap: http://localhost/sitemap.xml\n"))
        #expect(text.hasSuffix("\nSitemap: http://localhost/sitemap-news.xml\n"))
    }

    @Test("Icons are what the manifest and the pages say they are")
    func icons() async throws {
        let desk = try await TestDesk()
        let manifest = try JSONValue(parsing: try await get(desk, "/manifest.webmanifest").body)
        let icons = try #require(manifest["icons"]?.items)
        #expect(icons.count == 3)
        for icon in icons {
            let response = try await get(desk, try icon.text("src"))
            #expect(response.status == .ok)
            #expect(response.headers[.contentType]?.hasPrefix(try icon.text("type")) == true)
        }
        let touch = try await get(desk, "/apple-touch-icon.png").body
        #expect(
            touch.starts(with: [0x89, 0x50, 0x4E, 0x47]) && touch[16..<24] == [0, 0, 0, 180, 0, 0, 0, 180])
        let favicon = try await get(desk, "/favicon.ico")
        #expect(favicon.headers[.contentType] == "image/vnd.microsoft.icon")
        #expect(favicon.body.starts(with: [0, 0, 1, 0, 1, 0, 32, 32]))
        let page = try await text(desk, "/")
        for link in ["apple-touch-icon", "manifest", "icon"] {
            #expect(page.contains("<link rel=\"\(link)\""))
        }
    }
}
