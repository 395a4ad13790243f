// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import StoreSupport
import Stories
import Support
import Testing

/// Readers find updates of a story, and stories of the index.
@Suite("The search of readers", .onEveryEngineInFull)
struct ReaderSearchTests {
    private let desk: TestDesk

    init() async throws { desk = try await TestDesk() }

    private func page(_ path: String) async throws -> String {
        let response = try await desk.send(Call("GET \(path)", key: "", headers: [(.accept, "text/html")]))
        #expect(response.status == .ok, "\(path)")
        return String(decoding: response.body, as: UTF8.self)
    }

    private func post(_ updates: String) async throws {
        #expect(try await desk.send(Call("POST /stories/harbour/updates", updates)).status == .created)
    }

    /// The bodies of the updates on a page, in their order.
    private func bodies(_ page: String) -> [String] {
        page.replacing(#/<\/?mark>/#, with: "")
            .matches(of: #/<div class="body"[^>]*><p>(.*?)<\/p>/#).map { String($0.1) }
    }

    private static let updates = #"""
        [{"body": "The school is open.", "tags": ["Schools"], "author": "Ada"}, {"body": "Nothing new.", "title": "A SCH\u00d6OL day"},
         {"body": "A draft on a school.", "state": "draft"}, {"body": "Old school.", "keyEvent": true}]
        """#

    @Test("It shows what is published and matches, says how many, and leads back to all")
    func found() async throws {
        try await post(Self.updates)
        let page = try await page("/live/harbour?q=school")
        #expect(bodies(page) == ["Old school.", "Nothing new.", "The school is open."])
        #expect(page.contains(#"<h2>3 updates with “<bdi lang="">school</bdi>”</h2>"#))
        #expect(page.contains(#"<a href="/live/harbour">Show all updates</a>"#))
        #expect(page.contains(#"name="q" value="school""#) && page.contains(#"data-mode="search""#))
        #expect(page.contains("<title>“school” – "))
        #expect(page.contains(#"content="noindex, follow""#))
        #expect(page.contains(#"<link rel="canonical" href="http://localhost/live/harbour">"#))
        #expect(!page.contains("A draft") && !page.contains("LiveBlogPosting\",\"@"))
    }

    @Test(
        "What it found is marked in the text as the search compares, and never in tags and references",
        arguments: [
            ("school", "Our School.", "<p>Our <mark>School</mark>.</p>"),
            ("schol school", "preschools schol", "<p>pre<mark>school</mark>s <mark>schol</mark></p>"),
            (
                "ecole", "L\u{2019}e\u{301}cole, l\u{2019}\u{e9}cole",
                "<p>L\u{2019}<mark>e\u{301}cole</mark>, l\u{2019}<mark>\u{e9}cole</mark></p>"
            ),
            ("cafe", "The caf\u{e9}", "<p>The <mark>caf\u{e9}</mark></p>"),
            ("STRASSE", "Die Strasse", "<p>Die <mark>Strasse</mark></p>"),
            ("amp", "Amp & co.", "<p><mark>Amp</mark> &amp; co.</p>"),
            ("r&d", "The R&D.", "<p>The <mark>R&amp;D</mark>.</p>"),
            ("strong", "**Strong** is the wind.", "<p><strong><mark>Strong</mark></strong> is the wind.</p>"),
            (
                "pier", "[the pier](https://x.example/pier)",
                #"<p><a href="https://x.example/pier">the <mark>pier</mark></a></p>"#
            ),
            ("\"the sea\"", "the seaside, the  sea", "<p>the seaside, <mark>the  sea</mark></p>"),
            ("the eas", "theeast", "<p><mark>theeas</mark>t</p>"),
            (
                "\u{6d2a}\u{6c34}", "\u{4eca}\u{65e5}\u{6d2a}\u{6c34}\u{6ce8}\u{610f}",
                "<p>\u{4eca}\u{65e5}<mark>\u{6d2a}\u{6c34}</mark>\u{6ce8}\u{610f}</p>"
            ),
        ])
    func marks(query: String, body: String, expected: String) async throws {
        try await post(#"{"body": "\#(body)"}"#)
        let encoded = query.utf8.map { "%" + String(Int($0) + 256, radix: 16).suffix(2) }.joined()
        let page = try await page("/live/harbour?q=\(encoded)")
        #expect(page.contains(expected), "\(page.matches(of: #/<div class="body".*?<\/div>/#).map(\.0))")
        #expect(!(try await self.page("/live/harbour")).contains("<mark>"))
    }

    @Test(
        "Titles, authors, tags, sources and reasons are marked, too, and a page does not grow without bounds")
    func marksElsewhere() async throws {
        try await post(
            #"""
            {"body": "x", "title": "Tide & tidy", "author": "Tido", "tags": ["Tid"], "sources": [{"name": "Tid press"}]}
            """#)
        let page = try await page("/live/harbour?q=tid")
        for marked in [
            "<mark>Tid</mark>e &amp; <mark>tid</mark>y</h3>", "<mark>Tid</mark>o</bdi>",
            "<mark>Tid</mark></bdi></a></li>",
            "<mark>Tid</mark> press</bdi>",
        ] { #expect(page.contains(marked), "\(marked)") }
        try await post(#"{"body": "\#(String(repeating: "q z ", count: 5_000))"}"#)
        #expect(try await self.page("/live/harbour?q=q").matches(of: #/<mark>/#).count == 100)
    }

    @Test("The list of stories marks what was found, and says where it is if that is not in sight")
    func marksOfStories() async throws {
        let summary = String(repeating: "Wind and rain. ", count: 20) + "Then fog."
        _ = try await desk.send(
            Call(
                "PATCH /stories/harbour",
                #"{"title": "Storm at the pier", "summary": "\#(summary)", "keyPoints": ["Ferries stay in port."], "tags": ["Sea"]}"#
            ))
        #expect(try await page("/?q=storm").contains("<mark>Storm</mark> at the pier</a>"))
        #expect(try await page("/?q=sea").contains("<mark>Sea</mark></bdi></a>"))
        #expect(try await page("/?q=fog").contains("Then <mark>fog</mark>.</p>"))
        #expect(try await page("/?q=ferry+ferries").contains(#"class="found""#) == false)
        #expect(try await page("/?q=ferries").contains("<mark>Ferries</mark> stay in port.</p>"))
        #expect(try await !page("/?q=storm").contains("in port"))
    }

    @Test(
        "It goes with the filters and both orders",
        arguments: [
            ("q=school&order=oldest", ["The school is open.", "Nothing new.", "Old school."]),
            ("q=school&only=key", ["Old school."]), ("q=school&tag=schools", ["The school is open."]),
            ("q=school&author=Ada", ["The school is open."]), ("q=open%20school", ["The school is open."]),
            ("q=school&author=Bo", []),
        ])
    func filters(query: String, expected: [String]) async throws {
        try await post(Self.updates)
        #expect(bodies(try await page("/live/harbour?\(query)")) == expected)
    }

    @Test("Where nothing is found it says so, with the text in the field; what is searched for is text")
    func nothing() async throws {
        let page = try await page("/live/harbour?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        #expect(bodies(page).isEmpty)
        #expect(page.contains("<h2>No updates with “<bdi lang=\"\">&quot;&gt;&lt;script&gt;alert(1)"))
        #expect(page.contains(#"value="&quot;&gt;&lt;script&gt;alert(1)"#) && !page.contains("<script>alert"))
    }

    @Test("An empty form shows the whole story; a text that is too long is refused")
    func bounds() async throws {
        for query in ["q=", "q=%20%20", "s=20&t=x"] {
            #expect(try await page("/live/harbour?\(query)").contains(#"data-mode="live""#), "\(query)")
            #expect(try await !page("/?\(query)").contains(#"id="part""#), "\(query)")
        }
        let long = String(repeating: "x", count: Limits.searchCharacters + 1)
        for path in ["/live/harbour?q=\(long)", "/?q=\(long)", "/live/harbour?q=a&q=b", "/?tag=%20"] {
            #expect(try await desk.send(Call("GET \(path)", key: "")).status == .badRequest, "\(path)")
        }
        #expect(try await desk.send(Call("GET /live/secret?q=a", key: "")).status == .notFound)
    }

    @Test("Its pages together are all that is found, each once", arguments: ["newest", "oldest"])
    func pages(order: String) async throws {
        let many = (1...120).map { #"{"body": "\#($0 % 2 == 0 ? "Even" : "Odd") \#($0)"}"# }
        try await post("[\(many.joined(separator: ","))]")
        var (found, next): ([String], String?) = ([], "/live/harbour?q=even&order=\(order)")
        var counts: [Bool] = []
        while let address = next {
            let page = try await page(address)
            found += bodies(page)
            counts.append(page.contains("60 updates with"))
            let link = page.firstMatch(of: #/id="older"><a rel="next" href="([^"]*)"/#)?.1
            next = link.map { String($0).replacing("&amp;", with: "&") }
        }
        let expected = (1...60).map { "Even \($0 * 2)" }
        #expect(found == (order == "newest" ? expected.reversed() : expected))
        #expect(counts == [true, false], "the first page says how many there are")
    }

    @Test("A search ends at its bytes, and the next page goes on from there")
    func bytes() async throws {
        try await post(#"{"body": "A needle."}"#)
        let text = String(repeating: "hay ", count: 15_000)
        let batch = "[\(Array(repeating: #"{"body": "\#(text)"}"#, count: 10).joined(separator: ","))]"
        for _ in 0...Limits.searchedBytes / (2 * 10 * text.utf8.count) { try await post(batch) }
        let first = try await page("/live/harbour?q=needle")
        #expect(bodies(first).isEmpty && !first.contains("No updates with"))
        let link = try #require(first.firstMatch(of: #/id="older"><a rel="next" href="([^"]*)"/#)?.1)
        #expect(bodies(try await page(String(link).replacing("&amp;", with: "&"))) == ["A needle."])
    }

    @Test("Pages of a tag, an author or key events say what they show and how many, below a short head")
    func views() async throws {
        try await post(Self.updates)
        let image = #"{"keyPoints": ["A point."], "image": {"url": "https://a.org/a.jpg", "alt": "A"}}"#
        _ = try await desk.send(Call("PATCH /stories/harbour", image))
        for (query, name) in [("tag=schools", "#Schools"), ("author=Ada", "Ada"), ("only=key", "Key events")]
        {
            let page = try await page("/live/harbour?\(query)")
            #expect(page.contains(#"<h2><bdi lang="">\#(name)</bdi></h2> <span id="count">1 update</span>"#))
            #expect(page.contains(#"<header id="story" class="short">"#) && !page.contains("A point."))
            #expect(page.contains(#"data-mode="live""#) && page.contains("<title>\(name) – "))
        }
    }

    @Test("A client may search so often, beside what is in memory")
    func rate() async throws {
        // So slow that no token is refilled during the test.
        let api = desk.api { $0.searchLimit = RateLimit(burst: $0.searchLimit.burst, perMinute: 1) }
        for path in ["/live/harbour", "/"] {
            var statuses: [Int] = []
            for number in 0...30 {
                statuses.append(
                    try await desk.send(Call("GET \(path)?q=a\(number)", key: ""), to: api).status.code)
            }
            #expect(statuses == Array(repeating: 200, count: 30) + [429], "\(path)")
        }
        let refused = try await desk.send(Call("GET /live/harbour?q=b", key: ""), to: api)
        #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] != nil)
        #expect(try await desk.send(Call("GET /live/harbour?q=a1", key: ""), to: api).status == .ok)
        #expect(try await desk.send(Call("GET /live/harbour?q=b"), to: api).status == .ok)
        #expect(try await desk.send(Call("GET /live/harbour?tag=b", key: ""), to: api).status == .ok)
    }

    @Test("The index is searched by words and tag, without hidden stories")
    func index() async throws {
        let stories = [
            #"{"title": "Quake in the north", "tags": ["Coast"]}"#,
            #"{"title": "Votes", "summary": "After the quake.", "status": "closed"}"#,
            #"{"title": "Quake, unpublished", "status": "draft", "tags": ["Coast"]}"#,
        ]
        for story in stories { _ = try await desk.send(Call("POST /stories", story)) }
        let found = try await page("/?q=QUAKE")
        #expect(found.contains("<mark>Quake</mark> in the north") && found.contains("Votes"))
        #expect(!found.contains("unpublished") && !found.contains("/live/harbour"))
        #expect(found.contains("2 stories with “") && found.contains(#"<a href="/">Show all stories</a>"#))
        #expect(found.contains("noindex") && found.contains(#"name="q" value="QUAKE""#))
        let tagged = try await page("/?tag=coast")
        #expect(tagged.contains("Quake in the north") && !tagged.contains("Votes"))
        #expect(tagged.contains(#"<a href="/?tag=Coast">"#) && tagged.contains(">1 story<"))
        #expect(try await page("/?q=none").contains("No stories with “"))
    }

    @Test("The pages of a search of the index together are all that is found")
    func indexPages() async throws {
        for number in 1...130 {
            let title = number % 2 == 0 ? "Even" : "Odd"
            let story = #"{"title": "\#(title) \#(number)", "slug": "s-\#(number)", "status": "closed"}"#
            #expect(try await desk.send(Call("POST /stories", story)).status == .created)
        }
        var (found, next): ([String], String?) = ([], "/?q=even")
        while let address = next {
            let page = try await page(address)
            found += page.matches(of: #/<h3[^>]*><a href="\/live\/(s-[0-9]*)"/#).map { String($0.1) }
            let link = page.firstMatch(of: #/id="older"><a rel="next" href="([^"]*)"/#)?.1
            next = link.map { String($0).replacing("&amp;", with: "&") }
        }
        #expect(found == (1...65).reversed().map { "s-\($0 * 2)" })
    }
}
