// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import Stories
import Support
import Testing

/// The views of a story's page: by order, tag and author, of one update, of a story that is over or has not begun.
@Suite("Views of the page")
struct PageViewTests {
    private let desk: TestDesk

    init() async throws { desk = try await TestDesk() }

    private func page(_ path: String) async throws -> String {
        let call = Call("GET \(path)", key: "", headers: [(.accept, "text/html")])
        let response = try await desk.send(call)
        #expect(response.status == .ok, "\(path)")
        return String(decoding: response.body, as: UTF8.self)
    }

    private func post(_ updates: String...) async throws -> [String] {
        var ids: [String] = []
        for update in updates {
            let response = try await desk.send(Call("POST /stories/harbour/updates", update))
            #expect(response.status == .created)
            ids.append(String(try #require(response.headers[.location]).suffix(36)))
        }
        return ids
    }

    @Test("With the oldest first, pages go on to newer updates, and search engines see one address")
    func oldest() async throws {
        let bodies = (1...60).map { #"{"body": "Number \#($0)."}"# }.joined(separator: ",")
        _ = try await desk.send(Call("POST /stories/harbour/updates", "[\(bodies)]"))
        let first = try await page("/live/harbour?order=oldest")
        #expect(first.contains("Number 49.") && !first.contains("Number 50."))
        #expect(first.contains(#"data-order="oldest""#) && first.contains(">Newest first<"))
        #expect(first.contains(#"<link rel="canonical" href="http://localhost/live/harbour">"#))
        let link = try #require(first.firstMatch(of: #/<a rel="next" href="([^"]*)">Newer updates</#)?.1)
        let second = try await page(String(link).replacing("&amp;", with: "&"))
        #expect(second.contains("Number 60.") && !second.contains("Number 49."))
        #expect(try await page("/live/harbour").contains(#"href="/live/harbour?order=oldest""#))
    }

    @Test("Updates link to those of their tags and author, which are pages that are not indexed")
    func filters() async throws {
        _ = try await post(
            #"{"body": "One.", "author": "Ada (AP)", "tags": ["Süd & West"]}"#,
            #"{"body": "Two.", "author": "Bo"}"#)
        let whole = try await page("/live/harbour")
        let links = [
            "/live/harbour?tag=S%C3%BCd%20%26%20West": ##">#Süd & West<"##,
            "/live/harbour?author=Ada%20%28AP%29": ">Ada (AP)<",
        ]
        for (link, name) in links {
            #expect(whole.contains(#"<a href="\#(link)"><bdi lang="">"#), "\(link)")
            let view = try await page(link)
            #expect(view.contains("One.") && !view.contains("Two."))
            #expect(view.contains("noindex") && !view.contains(#"rel="canonical""#))
            #expect(view.replacing("&amp;", with: "&").contains(name))
            #expect(view.contains(#"<a href="/live/harbour" data-short="All"><bdi lang="">All updates"#))
        }
        let empty = try await page("/live/harbour?tag=none")
        #expect(empty.contains(#"<p id="empty">There are no updates in this view."#))
    }

    @Test("The API filters by author, too, and keeps the filter in addresses of pages")
    func author() async throws {
        _ = try await post(
            #"{"body": "One.", "author": "Ada"}"#, #"{"body": "Two.", "author": "Bo"}"#,
            #"{"body": "Three.", "author": "Ada"}"#)
        let path = "/stories/harbour/updates?author=Ada&limit=1"
        let body = String(decoding: try await desk.send(Call("GET \(path)", key: "")).body, as: UTF8.self)
        #expect(
            body.contains("Three.") && !body.contains("Two.")
                && body.contains("updates?author=Ada&limit=1&before="))
        let long = String(repeating: "a", count: Limits.nameCharacters + 1)
        for bad in ["", long] {
            let answer = try await desk.send(Call("GET /stories/harbour/updates?author=\(bad)", key: ""))
            #expect(answer.status == .badRequest)
        }
    }

    @Test("The page of one update shows it below a short header, and links to its neighbours")
    func update() async throws {
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"keyPoints": ["A point."]}"#))
        let ids = try await post(#"{"body": "One."}"#, #"{"body": "Two."}"#)
        let first = try await page("/live/harbour/<harbourUpdate>")
        #expect(first.contains("One update of a live story:") && !first.contains("A point."))
        let title = #"</small><span><bdi lang="">One.</bdi></span></a>"#
        #expect(
            first.contains(#"href="/live/harbour/\#(ids[0])"><small>Newer update\#(title)"#)
                && !first.contains(">Older update<"))
        let last = try await page("/live/harbour/\(ids[1])")
        #expect(
            last.contains(#"href="/live/harbour/\#(ids[0])"><small>Older update\#(title)"#)
                && !last.contains(">Newer update<"))
        #expect(last.contains(#"href="/live/harbour#u-\#(ids[1])">Back to the live story<"#))
    }

    @Test("Only pages with our script have buttons that share")
    func sharing() async throws {
        let button = #"<button type="button" class="share" disabled="">"#
        #expect(try await page("/live/harbour").contains(button))
        #expect(try await !page("/stories/harbour/fragment.html").contains(button))
    }

    @Test("A closed story says when it was closed; an empty one what it waits for")
    func states() async throws {
        _ = try await desk.send(Call("POST /stories", #"{"title": "Void", "slug": "void"}"#))
        #expect(
            try await page("/live/void").contains(
                #"<p id="empty">No updates yet. This story has been followed since <time datetime=""#))
        #expect(try await page("/live/harbour").contains(#"<p id="empty" hidden="">"#))
        _ = try await desk.send(Call("PATCH /stories/void", #"{"status": "closed"}"#))
        let closed = try await page("/live/void")
        #expect(closed.contains("This story was closed without an update."))
        #expect(closed.contains(#"<p class="status closed">Closed <time datetime=""#))
        let story = String(
            decoding: try await desk.send(Call("GET /stories/void", key: "")).body, as: UTF8.self)
        #expect(story.contains(#""closedAt":"20"#))
    }
}
