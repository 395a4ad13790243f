// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
internal import Live
internal import Stories
internal import Web

/// The frame of an HTML page, with metadata for browsers, search engines and link previews.
struct HTMLPage {
    var title: String
    /// A sentence or two; `nil` if there is no description.
    var description: String?
    /// Canonical address; `nil` for pages that search engines should not index.
    var canonical: String?
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

    /// The inline style as a source expression of a content security policy: its hash.
    static let styleSource = "'sha256-\(base64(sha256(Web.liveStyle)))'"

    /// Content security policy of readers' pages: their own scripts and inline style, images and videos from anywhere, requests only to
    /// their origin. The style is inline, to save a round trip before the first paint, and allowed by its hash.
    static let format = MediaFormat.html(policy: policy(framing: []))

    /// The format of pages with cards: its policy allows frames of the providers' origins only.
    static let framing = MediaFormat.html(policy: policy(framing: CardProvider.frameOrigins))

    private static func policy(framing origins: [String]) -> String {
        let frames = origins.isEmpty ? "" : "frame-src \(origins.joined(separator: " ")); "
        return """
            default-src 'none'; script-src 'self'; style-src \(styleSource); \
            img-src http: https:; media-src http: https:; \(frames)connect-src 'self'; base-uri 'none'; \
            form-action 'none'; frame-ancestors 'self'
            """
    }

    /// Returns the whole page; `body` writes the content of the body element, which has these attributes.
    func bytes(
        _ attributes: MarkupWriter.Attributes, capacity: Int = 64 * 1_024,
        _ body: (inout MarkupWriter) -> Void
    ) -> [UInt8] {
        var writer = MarkupWriter(capacity: capacity)
        writer.raw("<!DOCTYPE html>")
        writer.element("html", ["lang": "en"]) {
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
        } else {
            writer.empty("meta", ["name": "robots", "content": "noindex, follow"])
        }
        writer.empty(
            "link", ["rel": "icon", "type": MediaFormat.picture.mediaType, "href": Assets.own.icon.path])
        for feed in alternates {
            writer.empty(
                "link",
                ["rel": "alternate", "type": feed.type, "title": feed.title, "href": feed.address])
        }
        for (property, content) in properties {
            writer.empty("meta", ["property": property, "content": content])
        }
        for (name, content) in names { writer.empty("meta", ["name": name, "content": content]) }
        writer.element("style") { $0.raw(Web.liveStyle) }
        if let script { writer.element("script", ["type": "module", "src": script], text: "") }
        if let linkedData {
            writer.element("script", ["type": "application/ld+json"]) { $0.raw(linkedData) }
        }
    }
}

extension HTMLPage {
    /// Returns the HTML error page of a problem.
    static func refusal(_ problem: Problem, requestID: String) -> [UInt8] {
        let (title, text) = problem.wordsForReaders
        return HTMLPage(title: title).bytes(["class": "refusal"], capacity: 8 * 1_024) { writer in
            writer.element("main") {
                $0.element("h1", text: title)
                $0.element("p", text: text)
                if let start = problem.snapshot {
                    $0.element("p") { $0.element("a", ["href": start], text: "Start again") }
                }
                $0.element("p") { $0.element("a", ["href": "/"], text: "All stories") }
                $0.element("p") { $0.element("small", text: "Request \(requestID)") }
            }
        }
    }
}

extension Problem {
    /// The error message for readers who follow a dead link.
    fileprivate var wordsForReaders: (title: String, text: String) {
        guard kind.status == .notFound else { return (kind.title, detail) }
        let title =
            switch missing {
            case .story: "This story is not here"
            case .update: "This update is not here"
            default: "This page is not here"
            }
        return (title, "It may have been removed, or the address is not quite right.")
    }
}
