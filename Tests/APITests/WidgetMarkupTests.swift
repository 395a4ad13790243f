// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import Stories
import Support
import Testing

/// Stories on other sites without a script: fragments for servers, and pages for frames.
@Suite("Widgets in markup")
struct WidgetMarkupTests {
    private static let story =
        #"{"summary": "Gusts of <b>90</b>.", "keyPoints": ["Ferries stay in port."]}"#

    private func desk() async throws -> TestDesk {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("PATCH /stories/harbour", Self.story))
        _ = try await desk.send(
            Call(
                "POST /stories/harbour/updates",
                #"{"title": "Pier closed", "pinned": true, "body": "Look at [the map](/map).\n\n![Pier](/pier.jpg)"}"#
            ))
        return desk
    }

    private func text(_ desk: TestDesk, _ path: String) async throws -> String {
        let response = try await desk.send(Call("GET \(path)", key: ""))
        #expect(response.status == .ok && response.headers[.contentType] == "text/html; charset=utf-8")
        return String(decoding: response.body, as: UTF8.self)
    }

    @Test(
        "Each form shows its part of the story",
        arguments: [
            ("full", true, true), ("compact", false, true), ("ticker", false, true),
            ("keypoints", true, false), ("headline", false, false),
        ], ["/stories/harbour/fragment.html", "/embed/harbour"])
    func forms(form: (name: String, hasPoints: Bool, hasUpdates: Bool), path: String) async throws {
        let html = try await text(try await desk(), "\(path)?form=\(form.name)")
        #expect(
            html.contains(form.name == "full" ? #"class="wireroom full""# : "wireroom brief \(form.name)"))
        #expect(html.contains("Gusts of &lt;b&gt;90&lt;/b&gt;.") == form.hasPoints)
        #expect(html.contains(#"<li dir="auto" lang="">Ferries stay in port.</li>"#) == form.hasPoints)
        #expect(html.contains("Pier closed") == form.hasUpdates)
        #expect(html.contains(#"aria-label="Pinned""#) == (form.name == "full"))
        let isOne = html.ranges(of: "<article").count == 1
        #expect(isOne == (form.name == "ticker"), "\(html)")
    }

    @Test("A fragment is markup alone, with absolute addresses")
    func fragment() async throws {
        let html = try await text(try await desk(), "/stories/harbour/fragment.html")
        #expect(
            html.hasPrefix(#"<div class="wireroom full" lang="en" dir="ltr">"#) && html.hasSuffix("</div>\n"))
        for name in ["<script", "<style", "<button", "<link", " style=", " onclick="] {
            #expect(!html.contains(name), "\(name)")
        }
        let addresses = html.matches(of: #/(?:href|src)="([^"]*)"/#).map(\.1)
        #expect(addresses.count > 5 && addresses.allSatisfy { $0.hasPrefix("http") }, "\(addresses)")
    }

    @Test("A page for frames loads the widget in the same form, and says which sites may frame it")
    func embed() async throws {
        let desk = try await desk()
        let response = try await desk.send(
            Call("GET /embed/harbour?form=compact&theme=dark&limit=3", key: ""))
        let html = String(decoding: response.body, as: UTF8.self)
        let id = desk.resolve("<harbour>")
        #expect(
            html.contains(
                #"<wireroom-feed story="\#(id)" form="compact" theme="dark" reactions="veryGood" embeds="ask" limit="3">"#
            ))
        #expect(html.contains(#"<meta name="color-scheme" content="dark">"#))
        #expect(html.contains("<style>\n:host, .wireroom{display:block;"))
        #expect(
            html.contains(#"<script src="/embed.js" async="">"#) && html.contains(#"<base target="_blank">"#))
        let policy = try #require(response.headers["Content-Security-Policy"])
        #expect(policy.hasSuffix("frame-ancestors *") && !policy.contains("unsafe"))
        #expect(policy.contains("script-src 'self'; style-src 'sha256-"))
        let strict = desk.api { $0.origins = .list(["https://b.example", "https://a.example"]) }
        let listed = try await desk.send(Call("GET /embed/harbour", key: ""), to: strict)
        #expect(
            listed.headers["Content-Security-Policy"]?.hasSuffix(
                "frame-ancestors 'self' https://a.example https://b.example") == true)
    }

    @Test("The frame of a story that is not there says so, and may be framed; programs get a problem")
    func missing() async throws {
        let desk = try await desk()
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "draft"}"#))
        let strict = desk.api { $0.origins = .list(["https://a.example"]) }
        for path in ["/embed/nosuch?theme=dark", "/embed/harbour?theme=dark"] {
            let accept: (String) -> Call = {
                Call("GET \(path)", key: "", headers: [("Accept", $0)])
            }
            let frame = try await desk.send(accept("text/html, */*;q=0.8"), to: strict)
            let html = String(decoding: frame.body, as: UTF8.self)
            #expect(frame.status == .notFound && frame.headers["Content-Type"] == "text/html; charset=utf-8")
            #expect(html.contains("<h2>This story is not here</h2>"))
            #expect(
                html.contains(#"<a href="/">All stories</a>"#) && html.contains(#"<base target="_blank">"#))
            #expect(html.contains(#"<wireroom-feed theme="dark">"#) && html.contains("/assets/embedpage."))
            #expect(
                frame.headers["Content-Security-Policy"]?.hasSuffix(
                    "frame-ancestors 'self' https://a.example") == true)
            let program = try await desk.send(accept("*/*"), to: strict)
            #expect(program.headers["Content-Type"] == "application/problem+json")
        }
    }

    @Test("Forms and themes are cached apart, and made anew after a change")
    func caching() async throws {
        let desk = try await desk()
        let paths = ["compact", "ticker"].flatMap { form in
            ["light", "dark"].map { "/embed/harbour?form=\(form)&theme=\($0)" }
        }
        var pages: Set<String> = []
        for path in paths + paths { pages.insert(try await text(desk, path)) }
        #expect(pages.count == paths.count)
        _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "A new wave."}"#))
        for path in paths { #expect(try await text(desk, path).contains("A new wave.")) }
    }

    @Test(
        "Unknown forms, themes and limits are refused",
        arguments: [
            "/embed/harbour?form=wide", "/embed/harbour?theme=blue", "/embed/harbour?limit=0",
            "/stories/harbour/fragment.html?form=",
        ])
    func refusals(path: String) async throws {
        #expect(try await desk().send(Call("GET \(path)", key: "")).status == .badRequest)
    }

    @Test("A former slug leads to the present one")
    func formerSlug() async throws {
        let desk = try await desk()
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"slug": "pier"}"#))
        let response = try await desk.send(Call("GET /embed/harbour?form=ticker", key: ""))
        #expect(
            response.status == .permanentRedirect && response.headers[.location] == "/embed/pier?form=ticker")
    }
}
