// SPDX-License-Identifier: Apache-2.0
import HTTP
import JSON
import Live
import Stories
import StoryTables
import Support
import Testing

@testable import API

/// Pages are rendered with a made-up catalogue, whose messages have no ASCII letters, of a story that has none either. So what has some is
/// a word that is in no catalogue.
@Suite("Words that are in no catalogue")
struct PseudoLocaleTests {
    /// Words whose letters are Greek: each message of English with its placeholders.
    private static let pseudo: Words = {
        guard case .object(let members) = Words.english.catalogue else { return .english }
        let messages = members.map { JSONValue.Member($0.name, pseudo($0.value)) }
        return Words(language: "en", catalogue: .object(messages))
    }()

    private static func pseudo(_ message: JSONValue) -> JSONValue {
        switch message {
        case .string(let text):
            let pieces = Words.pieces(of: text).map { piece in
                switch piece {
                case .text(let part): String(part.map { $0.isASCII && $0.isLetter ? "\u{3BB}" : $0 })
                case .value(let name): "{\(name)}"
                }
            }
            return .string(pieces.joined())
        case .object(let forms): return .object(forms.map { JSONValue.Member($0.name, pseudo($0.value)) })
        default: return message
        }
    }

    private static let language = PageLanguage(words: pseudo)

    /// What is the same in all languages: names of formats.
    private static let names = ["JSON Feed", "LiveBlogPosting", "UTC"]

    /// Returns the words with ASCII letters that readers see, or hear, on a page.
    private static func words(in page: [UInt8]) -> [String] {
        let html = String(decoding: page, as: UTF8.self)
            .replacing(/(?s)<(style|script)\b.*?<\/\1>/, with: "")
        let texts = html.matches(of: />([^<]+)</).map { String($0.1) }
        let attributes = html.matches(of: /\s(?:aria-label|alt|title|placeholder)="([^"]*)"/).map {
            String($0.1)
        }
        return (texts + attributes).map { text in
            (names + ["&quot;", "&amp;", "&#39;"]).reduce(text) { $0.replacing($1, with: "") }
        }.filter { $0.contains(/[A-Za-z]/) && !$0.hasPrefix("/live/") }
    }

    /// A story with everything that a page can show, in Cyrillic.
    private static func desk() async throws -> TestDesk {
        let desk = try await TestDesk()
        let picture = #"{"url": "https://example.org/1.png", "alt": "ф", "caption": "ц", "credit": "ч"}"#
        let story = """
            {"title": "Я", "summary": "б", "section": ["в"], "byline": "г", "keyPoints": ["д"], "status": "closed", \
            "source": {"name": "е", "url": "https://example.org/", "date": "2026-11-29T10:00:00Z"}, "image": \(picture)}
            """
        let media =
            #"[{"type": "image", \#(picture.dropFirst()), {"type": "link", "url": "https://example.org/2", "caption": "ж"}]"#
        let full = """
            {"title": "и", "body": "к", "author": "л", "tags": ["м"], "keyEvent": true, "pinned": false, \
            "occurredAt": "2026-11-29T10:00:00Z", "sources": [{"name": "н"}, {"name": "о"}], "media": \(media)}
            """
        let patch = Call("PATCH /stories/harbour/updates/<harbourUpdate>", full)
        #expect(try await desk.send(patch).status == .ok)
        let strike = Call("POST /stories/harbour/updates/<harbourUpdate>/strike", #"{"reason": "п"}"#)
        _ = try await desk.send(strike)
        for body in [
            #"{"body": "р", "pinned": true}"#,
            #"{"body": "---", "media": [{"type": "image", "url": "https://example.org/3.png"}]}"#,
        ] {
            _ = try await desk.send(Call("POST /stories/harbour/updates", body))
        }
        for list in ["related", "ranking", "recommendation"] {
            let links = #"[{"title": "с", "url": "https://example.org/"}]"#
            #expect(try await desk.send(Call("PUT /stories/harbour/links/\(list)", links)).status == .ok)
        }
        #expect(try await desk.send(Call("PATCH /stories/harbour", story)).status == .ok)
        return desk
    }

    private static func page(_ desk: TestDesk, _ query: OverviewQuery) async throws -> [UInt8] {
        let slug = Slug(stored: "harbour")
        let overview = try await desk.store.overview(of: .slug(slug), query, access: .reader)
        let context = MarkupContext(
            slug: slug, kinds: [ReactionKind("veryGood")].compactMap(\.self), language: language)
        return StoryPage(
            overview: overview, query: query, context: context, serverKinds: context.kinds, pushKey: "-",
            site: "", appearance: .standard, drawsPictures: true
        ).bytes()
    }

    @Test("The page of a story has none")
    func story() async throws {
        let page = try await Self.page(try await Self.desk(), .page(SnapshotQuery()))
        #expect(Self.words(in: page) == [])
        #expect(String(decoding: page, as: UTF8.self).contains("λ"))
    }

    @Test("The page of a search has none", arguments: ["к", "ъ"])
    func search(text: String) async throws {
        let query = OverviewQuery.search(
            OverviewSearch(text, in: SnapshotQuery(filter: UpdateFilter(tag: "м"))))
        #expect(Self.words(in: try await Self.page(try await Self.desk(), query)) == [])
    }

    @Test("The page of an update has none")
    func update() async throws {
        let desk = try await Self.desk()
        let overview = try await desk.store.overview(
            of: .slug(Slug(stored: "harbour")), .page(SnapshotQuery()), access: .reader)
        for update in overview.updates {
            let page = try await Self.page(desk, .update(update.id))
            #expect(Self.words(in: page) == [])
        }
    }

    @Test("The list of stories has none")
    func index() async throws {
        let desk = try await Self.desk()
        let before = StoryPosition(activeAt: Timestamp(milliseconds: 0), id: Identifier(high: 0, low: 0))
        let queries = [
            StoryIndexQuery(), StoryIndexQuery(before: before), StoryIndexQuery(text: "я"),
            StoryIndexQuery(text: "ъ", tag: "ю"),
        ]
        for query in queries {
            let page = IndexPage(
                page: try await desk.store.storyIndex(query), query: query, appearance: .standard, site: "",
                language: Self.language)
            #expect(Self.words(in: page.bytes()) == [])
        }
    }

    @Test(
        "Pages that refuse have none",
        arguments: [StoryError.notFound(.story), .notFound(.update), .takenDown(members: []), .overloaded])
    func refusals(error: StoryError) {
        let page = HTMLPage.refusal(
            Problem(error), .standard, requestID: "0", language: Self.language)
        #expect(Self.words(in: page) == [])
    }

    @Test("What is a word in no catalogue is found")
    func isFound() {
        let html = #"<p>λ</p><p>Word</p><img alt="λ"><nav aria-label="Other">λ</nav><script>code</script>"#
        #expect(Self.words(in: Array(html.utf8)) == ["Word", "Other"])
    }
}
