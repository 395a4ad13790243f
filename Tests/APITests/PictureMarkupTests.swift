// SPDX-License-Identifier: Apache-2.0
import JSON
import Live
import Stories
import Support
import Testing

@testable import API

/// Pictures as readers, feed readers and search engines get them. Their markup within updates is in `Tests/Golden`, too.
@Suite("Markup of pictures")
struct PictureMarkupTests {
    private static let site = "https://live.example.org"
    private static let id = Identifier(high: 0x0123_4567_89AB_8DEF, low: 0x8123_4567_89AB_CDEF)
    private static let path = MediaReference(id).path

    private static func own(_ width: Int, _ height: Int = 600, animated: Bool = false) -> Media {
        Media(
            type: .image, url: path, alt: "A pier", width: width, height: height,
            focus: MediaFocus(x: 4, y: 95), color: "#123456", animated: animated)
    }

    private static func update(_ media: [Media], stricken: Strike? = nil) -> Update {
        var content = UpdateContent(body: "Words.")
        content.media = media
        return Update(
            id: id, seq: 1, content: content, bodyHtml: "<p>Words.</p>", edited: false, publishedAt: testTime,
            createdAt: testTime, modifiedAt: testTime, stricken: stricken)
    }

    private static func story(_ image: StoryImage?) -> Story {
        var content = StoryContent(title: "Storm")
        content.image = image
        return Story(
            id: id, slug: Slug(stored: "storm"), content: content, publishedAt: testTime, createdAt: testTime,
            modifiedAt: testTime, seq: 1, updateCount: 1)
    }

    private static let context = MarkupContext(slug: Slug(stored: "storm"), kinds: [])

    private static func markup(_ media: [Media]) -> String {
        var writer = MarkupWriter(in: .fallback)
        writer.update(update(media), [:], context)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func overview(_ updates: [Update], image: StoryImage? = nil) -> StoryOverview {
        var overview = StoryOverview(story: story(image), cursor: Version(epoch: 1, seq: 1))
        overview.updates = updates
        return overview
    }

    private static func rendered(
        _ overview: StoryOverview, as format: StoryFormat, _ query: OverviewQuery = .page(SnapshotQuery())
    ) -> String {
        let renderer = OverviewRenderer(kinds: [], embeds: .ask) { site }
        return String(
            decoding: renderer.representation(overview, as: format, query, WidgetLook(), .standard).bytes,
            as: UTF8.self)
    }

    // MARK: The reader's page

    @Test(
        "A picture of the server comes in the widths that are smaller than its own",
        arguments: [
            (320, nil, ""), (321, "320.webp 320w, <> 321w", ""), (640, "320.webp 320w, <> 640w", ""),
            (1_000, "320.webp 320w, 640.webp 640w, <> 1000w", "/640.jpg"),
            (1_920, "320.webp 320w, 640.webp 640w, 1280.webp 1280w, <> 1920w", "/640.jpg"),
            (4_000, "320.webp 320w, 640.webp 640w, 1280.webp 1280w, 1920.webp 1920w", "/640.jpg"),
        ] as [(Int, String?, String)])
    func widths(width: Int, files: String?, fallback: String) {
        let html = Self.markup([Self.own(width)])
        let sources = files.map { list in
            list.split(separator: ", ").map { file in
                file.hasPrefix("<>") ? Self.path + file.dropFirst(2) : "\(Self.path)/\(file)"
            }.joined(separator: ", ")
        }
        let image = """
            <img src="\(Self.path)\(fallback)" loading="lazy" decoding="async" alt="A pier" width="\(width)" height="600" \
            class="x0 y10" data-color="#123456">
            """
        let picture =
            sources.map {
                """
                <picture><source type="image/webp" srcset="\($0)" sizes="(min-width: 60rem) 36rem, 100vw">\(image)</picture>
                """
            } ?? image
        #expect(
            html.contains(#"<figure><a class="enlarge" href="\#(Self.path)">\#(picture)</a></figure>"#),
            "\(html)")
    }

    @Test("For other sites, all files of this server have absolute addresses")
    func forOtherSites() {
        var writer = MarkupWriter(in: .fallback, origin: Self.site)
        writer.pictures([Self.own(1_000)])
        let html = String(decoding: writer.bytes, as: UTF8.self)
        let path = Self.site + Self.path
        #expect(html.contains(#"href="\#(path)""#) && html.contains(#"<img src="\#(path)/640.jpg""#))
        #expect(html.contains(#"srcset="\#(path)/320.webp 320w, \#(path)/640.webp 640w, \#(path) 1000w""#))
        writer = MarkupWriter(in: .fallback, origin: Self.site)
        writer.pictures([Media(type: .image, url: "//elsewhere.example/a.jpg")])
        #expect(String(decoding: writer.bytes, as: UTF8.self).contains(#"src="//elsewhere.example/a.jpg""#))
    }

    @Test("An animated picture has one file that moves")
    func animated() {
        let html = Self.markup([Self.own(1_000, animated: true)])
        #expect(html.contains(#"<img src="\#(Self.path)" loading"#) && !html.contains("srcset"))
    }

    @Test("A picture elsewhere is a link with a name, and has one file")
    func elsewhere() {
        let html = Self.markup([Media(type: .image, url: "https://example.org/a.jpg")])
        #expect(
            html.contains(
                """
                <a class="enlarge" href="https://example.org/a.jpg" rel="noopener noreferrer nofollow" aria-label="Picture">\
                <img src="https://example.org/a.jpg" loading="lazy" decoding="async" alt=""></a>
                """), "\(html)")
    }

    @Test("Pictures form a gallery at the place of the first, whose tile is wide if their number is odd")
    func gallery() {
        let link = Media(type: .link, url: "https://example.org/")
        for count in 2...3 {
            let html = Self.markup([Self.own(700), link] + Array(repeating: Self.own(800), count: count - 1))
            let gallery = html.firstMatch(of: #/<div class="gallery">.*?</div>/#).map { String($0.0) } ?? ""
            #expect(
                gallery.ranges(of: "<figure>").count == count
                    && html.contains(gallery + #"<p class="media">"#))
            #expect(gallery.contains("60rem) 36rem") == (count == 3) && gallery.contains("60rem) 18rem"))
        }
    }

    @Test("The picture of a story is loaded at once, and cropped in the list of stories")
    func storyImage() throws {
        let image = StoryImage(
            url: Self.path, caption: "The pier", credit: "Ines", width: 2_000, height: 1_000,
            focus: MediaFocus(x: 50, y: 50))
        let page = Self.rendered(Self.overview([], image: image), as: .page)
        let figure = try #require(page.firstMatch(of: #/<figure>.*?</figure>/#)).0
        #expect(figure.contains(#"fetchpriority="high""#) && !figure.contains("lazy"))
        #expect(figure.contains(#"The pier · <small><bdi lang="">Ines</bdi></small>"#))
        let entry = StoryIndexEntry(
            story: Self.story(image), activeAt: testTime, hourlyUpdates: 0, reactions: [:])
        let index = IndexPage(
            page: StoryIndex(live: [entry], closed: [], older: nil), query: StoryIndexQuery(),
            appearance: .standard, site: Self.site,
            language: .fallback
        ).bytes()
        let list = String(decoding: index, as: UTF8.self)
        #expect(
            list.contains(
                #"sizes="8rem"><img src="\#(Self.path)/640.jpg" loading="lazy" decoding="async" alt="""#))
    }

    // MARK: Elsewhere

    @Test("Link previews and linked data get a JPEG of 1,280 pixels with its size, by absolute address")
    func previews() throws {
        let image = StoryImage(url: Self.path, alt: "A <pier>", credit: "Ines", width: 2_000, height: 1_333)
        let page = Self.rendered(Self.overview([Self.update([Self.own(700)])], image: image), as: .page)
        for (property, content) in [
            ("image", "\(Self.site)\(Self.path)/1280.jpg"), ("image:width", "1280"), ("image:height", "853"),
            ("image:alt", "A &lt;pier&gt;"),
        ] {
            #expect(page.contains(#"<meta property="og:\#(property)" content="\#(content)">"#), "\(property)")
        }
        #expect(page.contains(#"<meta name="twitter:card" content="summary_large_image">"#))
        let text = try #require(page.firstMatch(of: #/ld\+json">(.*?)</script>/#)).1
        let graph = try JSONValue(parsing: Array(text.utf8))
        let data = try #require(graph["@graph"]?.items?.first)
        let shown = try #require(data["image"]?.items?.first)
        #expect(shown["@type"]?.string == "ImageObject" && shown["creditText"]?.string == "Ines")
        #expect(
            shown["url"]?.string == "\(Self.site)\(Self.path)/1280.jpg" && shown["height"]?.integer == 853)
        let own = try #require(data["liveBlogUpdate"]?.items?.first?["image"]?.items?.first)
        #expect(own["url"]?.string == Self.site + Self.path && own["width"]?.integer == 700)
    }

    @Test("Without a picture, link previews are small")
    func noPicture() {
        let page = Self.rendered(Self.overview([Self.update([])]), as: .page)
        #expect(page.contains(#"<meta name="twitter:card" content="summary">"#) && !page.contains("og:image"))
    }

    @Test(
        "A retracted update's picture does not stand for its story, but its own page shows that of the story")
    func retracted() {
        let update = Self.update([Self.own(700)], stricken: Strike(reason: "Wrong", at: testTime))
        #expect(!Self.rendered(Self.overview([update]), as: .page).contains("og:image"))
        let image = StoryImage(url: "https://example.org/a.jpg")
        let page = Self.rendered(Self.overview([update], image: image), as: .page, .update(Self.id))
        #expect(page.contains(#"<meta property="og:image" content="https://example.org/a.jpg">"#))
    }

    @Test("The page of an update is previewed by the update's own picture")
    func updatePage() {
        let image = StoryImage(url: "https://example.org/a.jpg")
        let overview = Self.overview([Self.update([Self.own(700)])], image: image)
        let page = Self.rendered(overview, as: .page, .update(Self.id))
        #expect(page.contains(#"<meta property="og:image" content="\#(Self.site)\#(Self.path)">"#))
    }

    @Test("Feeds show pictures by absolute addresses, without links to a lightbox")
    func feeds() throws {
        let overview = Self.overview([Self.update([Self.own(1_300), Self.own(200)])])
        let (jpeg, small) = ("\(Self.site)\(Self.path)/1280.jpg", "\(Self.site)\(Self.path)")
        let feed = try JSONValue(parsing: Array(Self.rendered(overview, as: .jsonFeed).utf8))
        let item = try #require(feed["items"]?.items?.first)
        let html = try #require(item["content_html"]?.string)
        #expect(item["image"]?.string == jpeg)
        #expect(
            html.contains(#"<figure><img src="\#(jpeg)" loading"#)
                && html.contains(#"<img src="\#(small)" loading"#))
        #expect(!html.contains("enlarge") && !html.contains(#""/media"#))
        let atom = Self.rendered(overview, as: .atom)
        #expect(atom.contains("src=&quot;\(jpeg)&quot;") && !atom.contains("&quot;/media"))
    }

    @Test("A picture of the server in a body stands for the update by its absolute address")
    func body() {
        var update = Self.update([])
        update.bodyHtml = #"<p><img src="\#(Self.path)" alt="A pier" /></p>"#
        #expect(update.pictures(at: Self.site).map(\.url) == [Self.site + Self.path])
        update.bodyHtml = #"<p><img src="/elsewhere.jpg" alt="" /></p>"#
        #expect(update.pictures(at: Self.site).isEmpty)
    }
}
