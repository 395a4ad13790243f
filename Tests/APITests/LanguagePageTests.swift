// SPDX-License-Identifier: Apache-2.0
import HTTP
import JSON
import Stories
import StoryTables
import Support
import Testing

@testable import API

@Suite("Languages of pages and feeds")
struct LanguagePageTests {
    private static func desk(_ story: String, update: String = "{}") async throws -> TestDesk {
        let desk = try await TestDesk()
        #expect(try await desk.send(Call("PATCH /stories/harbour", story)).status == .ok)
        #expect(
            try await desk.send(Call("PATCH /stories/harbour/updates/<harbourUpdate>", update)).status == .ok)
        return desk
    }

    private static func text(_ desk: TestDesk, _ path: String) async throws -> String {
        String(decoding: try await desk.send(Call("GET \(path)", key: "")).body, as: UTF8.self)
    }

    @Test("The page of a story has its language, direction and words, and times of its zone")
    func page() async throws {
        let desk = try await Self.desk(
            #"{"title": "عاصفة", "language": "ar-EG", "timeZone": "Africa/Cairo"}"#,
            update: #"{"title": "خبر", "body": "خبر عاجل."}"#)
        let response = try await desk.send(Call("GET /live/harbour", key: ""))
        let page = String(decoding: response.body, as: UTF8.self)
        for part in [
            #"<html lang="ar-EG" dir="rtl">"#, #"<h1 dir="auto" lang="ar-EG">"#,
            #"<h3 dir="auto" lang="ar-EG">خبر"#,
            "تحديثات أقدم", #"data-language="ar-EG" data-zone="Africa/Cairo""#,
            #"<meta property="og:locale" content="ar_EG">"#, #""inLanguage":"ar-EG""#, "/assets/live-ar.",
        ] { #expect(page.contains(part), "\(part)") }
        #expect(response.headers["Content-Language"] == "ar-EG")
        let feeds = try await Self.text(desk, "/stories/harbour/feed.atom")
        #expect(feeds.contains(#"xml:lang="ar-EG""#))
        #expect(try await Self.text(desk, "/stories/harbour/feed.json").contains(#""language":"ar-EG""#))
        #expect(
            try await Self.text(desk, "/stories/harbour/liveblog.jsonld").contains(#""inLanguage":"ar-EG""#))
    }

    @Test(
        "Without a language only the script tells one, and words of our own are English",
        arguments: [
            ("Storm", #"<html lang="en" dir="ltr">"#, ""), ("Буря", #"<html lang="en" dir="ltr">"#, ""),
            ("עדכון", #"<html lang="en" dir="rtl">"#, ""), ("嵐がきた", #"<html lang="ja" dir="ltr">"#, "ja"),
            ("폭풍", #"<html lang="en" dir="ltr">"#, "ko"),
        ])
    func guessed(title: String, html: String, language: String) async throws {
        let desk = try await Self.desk(#"{"title": "\#(title)", "summary": null}"#)
        let response = try await desk.send(Call("GET /live/harbour", key: ""))
        let page = String(decoding: response.body, as: UTF8.self)
        #expect(
            page.contains(html) && page.contains(#"<h1 dir="auto" lang="\#(language)">\#(title)"#), "\(title)"
        )
        #expect(response.headers["Content-Language"] == (language.isEmpty ? nil : language))
    }

    @Test(
        "An update has its own language, that of the story where its letters fit, or none",
        arguments: [
            (#"{"title": "Storm", "body": "x"}"#, "en"),
            (#"{"title": "Sturm", "body": "x", "language": "DE"}"#, "de"),
            (#"{"title": "خبر", "body": "x"}"#, ""), (#"{"title": "嵐がきた", "body": "x"}"#, "ja"),
            (#"{"title": null, "body": "Буря."}"#, ""),
        ])
    func updates(update: String, language: String) async throws {
        let desk = try await Self.desk(#"{"language": "en"}"#, update: update)
        let page = try await Self.text(desk, "/live/harbour")
        #expect(page.contains(#"<div class="body" dir="auto" lang="\#(language)">"#))
    }

    @Test("A story in a language without a catalogue keeps it, with English words around")
    func withoutCatalogue() async throws {
        let page = try await Self.text(
            try await Self.desk(#"{"title": "Storm", "language": "nb"}"#), "/live/harbour")
        #expect(page.contains(#"<html lang="en" dir="ltr">"#) && page.contains(#"<h1 dir="auto" lang="nb">"#))
        #expect(page.contains("Older updates"))
    }

    @Test("Languages and time zones are answered as they are kept, and refused with their place")
    func members() async throws {
        let desk = try await Self.desk(#"{"language": "PT-br", "timeZone": "America/Sao_Paulo"}"#)
        let story = try JSONValue(parsing: try await desk.send(Call("GET /stories/harbour", key: "")).body)
        #expect(story["language"]?.string == "pt-BR" && story["timeZone"]?.string == "America/Sao_Paulo")
        for (path, body, pointer) in [
            ("/stories/harbour", #"{"language": "x"}"#, "/language"),
            ("/stories/harbour", #"{"timeZone": "Mars/Olympus"}"#, "/timeZone"),
            ("/stories/harbour/updates/<harbourUpdate>", #"{"language": "de_DE"}"#, "/language"),
        ] {
            let refused = try await desk.send(Call("PATCH \(path)", body))
            let errors = try JSONValue(parsing: refused.body)["errors"]?.items
            #expect(refused.status.code == 422 && errors?.first?["pointer"]?.string == pointer)
        }
    }

    @Test("A story without a language has that of the site if its letters fit it, and its words in any case")
    func ofSite() async throws {
        var site = SiteSettings()
        (site.language, site.timeZone) = ("de-CH", "Europe/Zurich")
        for (title, tag, written) in [("Sturm", "de-CH", "de-CH"), ("Буря", "de", ""), ("嵐がきた", "ja", "ja")] {
            let desk = try await Self.desk(#"{"title": "\#(title)"}"#)
            let overview = try await desk.store.overview(
                of: .slug(Slug(stored: "harbour")), .page(SnapshotQuery()), access: .reader)
            let language = PageLanguage(of: overview.story, on: site)
            #expect(language.tag == tag && language.written == written, "\(title)")
        }
    }
}
