// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
internal import Live
internal import Stories
internal import Web

/// The frame of an HTML page, with metadata for browsers, search engines and link previews.
struct HTMLPage {
    /// What is set of the site.
    let site: SiteAppearance
    var title: String
    let language: PageLanguage
    /// A sentence or two; `nil` if there is no description.
    var description: String?
    /// Canonical address; `nil` for pages that search engines should not index.
    var canonical: String?
    /// Whether search engines may index it, if it has a canonical address.
    var isIndexed = true
    /// Feeds of the same content.
    var alternates: [(type: String, title: String, address: String)] = []
    /// Open Graph: property and content.
    var properties: [(String, String)] = []
    /// Further metadata: name and content.
    var names: [(String, String)] = []
    /// Address of the script; `nil` for a page without one.
    var script: String?
    /// JSON-LD, for search engines.
    var linkedData: [UInt8]?

    init(_ site: SiteAppearance, title: String, language: PageLanguage) {
        (self.site, self.title, self.language) = (site, title, language)
    }

    /// Its media type.
    static let mediaType = "text/html"

    /// The inline script that folds parts before they are painted, as a source expression of a content security policy: its hash.
    static let foldSource = "'sha256-\(base64(sha256(Web.fold)))'"

    /// Returns a policy (Content Security Policy Level 3) of pages: their own scripts and inline style, images and videos from anywhere,
    /// requests only to their origin. The style is inline, to save a round trip before the first paint, and so is the script that folds
    /// parts before they are painted; both are allowed by their hashes. `origins` may be framed in the page, `others` are origins of
    /// scripts, and the page itself may be in frames of `ancestors`.
    static func policy(
        framing origins: [String], scripts: String = " " + foldSource, others: [String] = [], style: String,
        hasFonts: Bool = false, forms: String = "'none'", ancestors: String = "'self'"
    ) -> String {
        let frames = origins.isEmpty ? "" : "frame-src \(origins.joined(separator: " ")); "
        let fonts = hasFonts ? "font-src 'self'; " : ""
        let others = others.map { " " + $0 }.joined()
        return """
            default-src 'none'; script-src 'self'\(scripts)\(others); style-src \(style); \
            img-src http: https:; media-src http: https:; \(fonts)\(frames)connect-src 'self'\(others); \
            manifest-src 'self'; base-uri 'none'; form-action \(forms); frame-ancestors \(ancestors)
            """
    }

    /// Returns the whole page; `body` writes the content of the body element, which has these attributes.
    func bytes(
        _ attributes: MarkupWriter.Attributes, capacity: Int = 64 * 1_024,
        _ body: (inout MarkupWriter) -> Void
    ) -> [UInt8] {
        var writer = MarkupWriter(in: language, capacity: capacity)
        writer.raw("<!DOCTYPE html>")
        writer.element("html", ["lang": language.tag, "dir": language.direction.rawValue]) {
            $0.element("head") { head(&$0) }
            $0.element("body", attributes, body)
        }
        writer.raw("\n")
        return writer.bytes
    }

    private func head(_ writer: inout MarkupWriter) {
        writer.empty("meta", ["charset": "utf-8"])
        writer.element("title", text: title)
        writer.empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        writer.empty("meta", ["name": "color-scheme", "content": "light dark"])
        if let description { writer.empty("meta", ["name": "description", "content": description]) }
        if let canonical {
            writer.empty("link", ["rel": "canonical", "href": canonical])
        }
        if canonical == nil || !isIndexed {
            writer.empty("meta", ["name": "robots", "content": "noindex, follow"])
        }
        if let icon = site.settings.icon {
            writer.empty("link", ["rel": "icon", "href": icon.smallURL])
            writer.empty("link", ["rel": "apple-touch-icon", "href": icon.url])
        } else {
            writer.empty("link", ["rel": "icon", "sizes": "32x32", "href": "/favicon.ico"])
            writer.empty(
                "link", ["rel": "icon", "type": MediaFormat.picture.mediaType, "href": Assets.own.icon.path])
            writer.empty("link", ["rel": "apple-touch-icon", "href": "/apple-touch-icon.png"])
        }
        writer.empty("link", ["rel": "manifest", "href": "/manifest.webmanifest"])
        for feed in alternates {
            writer.empty(
                "link",
                ["rel": "alternate", "type": feed.type, "title": feed.title, "href": feed.address])
        }
        for font in Set((site.settings.fonts?.references ?? []).map(\.reference.path)).sorted() {
            // Fonts are always fetched as if from another site.
            writer.empty(
                "link",
                ["rel": "preload", "href": font, "as": "font", "type": "font/woff2", "crossorigin": ""])
        }
        if let name = site.settings.name {
            writer.empty("meta", ["property": "og:site_name", "content": name])
        }
        for (property, content) in properties {
            writer.empty("meta", ["property": property, "content": content])
        }
        for (name, content) in names { writer.empty("meta", ["name": name, "content": content]) }
        writer.element("style") { $0.raw(site.style) }
        if let script { writer.element("script", ["type": "module", "src": script], text: "") }
        if !site.settings.slots.isEmpty {
            writer.empty("meta", ["name": "wireroom-slots", "content": site.settings.slotsJSON])
            writer.element("script", ["type": "module", "src": Assets.own.consent.path], text: "")
        }
        if let linkedData {
            writer.element("script", ["type": "application/ld+json"]) { $0.raw(linkedData) }
        }
    }
}

extension MarkupWriter {
    /// Writes the script that opens and closes the `details` so far as the reader has left them.
    mutating func foldScript() { element("script") { $0.raw(Web.fold) } }
}

extension HTMLPage {
    /// Returns the HTML error page of a problem.
    static func refusal(
        _ problem: Problem, _ site: SiteAppearance, requestID: String, language: PageLanguage
    ) -> [UInt8] {
        let page = HTMLPage(site, title: problem.title(language.words), language: language)
        return page.bytes(["class": "refusal"], capacity: 16 * 1_024) { writer in
            writer.masthead(site.settings)
            writer.element("main") {
                $0.explanation(of: problem, heading: "h1")
                if let start = problem.snapshot {
                    $0.element("p") { $0.element("a", ["href": start], words: "startAgain") }
                }
                $0.element("p") { $0.element("a", ["href": "/"], words: "allStories") }
                $0.element("p") {
                    $0.element("small") { $0.say("requestId") { writer, _ in writer.text(requestID) } }
                }
            }
            writer.siteFooter(site.settings)
        }
    }
}

extension MarkupWriter {
    /// Writes what a problem is to readers: its title as a heading, and a sentence.
    mutating func explanation(of problem: Problem, heading: StaticString) {
        let (title, text) = problem.keysForReaders
        element(heading, words: title)
        if let text {
            element("p", words: text)
        } else {
            // Of the API, which speaks English.
            element("p", ["lang": "en", "dir": "ltr"], text: problem.detail)
        }
    }
}

extension Problem {
    /// The title for readers.
    func title(_ words: Words) -> String { words(keysForReaders.title) }

    /// The keys of the error message for readers: of its title, and of its text; without that, the detail is shown.
    fileprivate var keysForReaders: (title: String, text: String?) {
        switch kind.status {
        case .notFound:
            switch missing {
            case .story: ("missing.story", "missingWhy")
            case .update: ("missing.update", "missingWhy")
            default: ("missing.page", "missingWhy")
            }
        case .gone where snapshot == nil: ("takenDown", "takenDownWhy")
        case .serviceUnavailable, .tooManyRequests: ("busy", "busyWhy")
        default: ("refused", nil)
        }
    }
}
