// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// Context for the markup of the parts of a story.
///
/// `markup.js` produces the same markup in browsers, for changes on an open page; `Tests/Golden/updates.json` keeps the two in
/// step.
struct MarkupContext: Sendable {
    let slug: Slug
    let kinds: [ReactionKind]

    /// Returns the address of the page of an update.
    func address(of update: Identifier) -> String { "/live/\(slug)/\(update)" }
}

/// `rel` of links to other sites, which are not endorsed.
let foreignRelation = "noopener noreferrer nofollow"

extension MarkupWriter {
    /// Writes an update as readers see it.
    mutating func update(_ update: Update, _ counts: ReactionCounts, _ context: MarkupContext) {
        let content = update.content
        let marks = [
            ("key", content.keyEvent), ("pinned", content.pinned), ("stricken", update.stricken != nil),
        ]
        let names = ["update"] + marks.filter(\.1).map(\.0)
        let attributes: Attributes = [
            "class": names.joined(separator: " "), "id": "u-\(update.id)", "data-id": update.id.description,
            "data-seq": String(update.seq), "data-published": update.publishedAt.description,
            "data-title": UpdateSummary(update).title,
        ]
        element("article", attributes) {
            $0.head(of: update, context)
            if let strike = update.stricken { $0.retraction(strike) }
            $0.element("div", ["class": "body", "dir": "auto", "lang": ""]) { $0.raw(update.bodyHtml) }
            $0.media(content.media)
            if !content.sources.isEmpty { $0.sources(content.sources) }
            if !content.tags.isEmpty {
                $0.element("ul", ["class": "tags"]) {
                    for tag in content.tags { $0.element("li") { $0.name(tag) } }
                }
            }
            $0.element("footer") { $0.reactions(counts, context) }
        }
    }

    private mutating func head(of update: Update, _ context: MarkupContext) {
        let content = update.content
        element("header") {
            $0.element("a", ["class": "permalink", "href": context.address(of: update.id)]) {
                $0.time(update.publishedAt)
            }
            let marks = [
                ("Pinned", content.pinned), ("Key event", content.keyEvent), ("Edited", update.edited),
            ]
            for mark in marks where mark.1 { $0.element("span", ["class": "mark"], text: mark.0) }
            $0.element("h3", ["dir": "auto", "lang": ""], text: content.title)
            if let author = content.author { $0.element("p", ["class": "author"]) { $0.name(author) } }
            if let occurredAt = content.occurredAt {
                $0.element("p", ["class": "occurred"]) {
                    $0.text("Happened ")
                    $0.time(occurredAt)
                }
            }
        }
    }

    private mutating func retraction(_ strike: Strike) {
        element("p", ["class": "retraction"]) {
            $0.element("strong", text: "Retracted")
            $0.text(" ")
            $0.time(strike.at)
            $0.text(": ")
            $0.name(strike.reason)
        }
    }

    /// Writes media in their order, all pictures at the place of the first.
    private mutating func media(_ media: [Media]) {
        let pictures = media.filter { $0.type == .image }
        var isShown = false
        for medium in media {
            guard medium.type == .image else {
                self.medium(medium)
                continue
            }
            if !isShown { self.pictures(pictures) }
            isShown = true
        }
    }

    /// Writes a medium other than a picture.
    private mutating func medium(_ medium: Media) {
        switch medium.type {
        case .image: break
        case .video:
            let attributes: Attributes = [
                "src": medium.url, "controls": "", "preload": "none", "width": medium.width.map(String.init),
                "height": medium.height.map(String.init), "aria-label": medium.alt,
            ]
            element("figure") {
                $0.element("video", attributes, text: "")
                $0.caption(medium)
            }
        case .audio:
            element("figure") {
                $0.element(
                    "audio",
                    ["src": medium.url, "controls": "", "preload": "none", "aria-label": medium.alt], text: ""
                )
                $0.caption(medium)
            }
        case .link:
            element("p", ["class": "media"]) {
                $0.link(medium.caption ?? medium.alt ?? medium.url, to: medium.url)
                $0.credit(medium.credit, isAfterText: true)
            }
        }
    }

    private mutating func sources(_ sources: [UpdateSource]) {
        element("p", ["class": "sources"]) {
            $0.text("Sources: ")
            for (index, source) in sources.enumerated() {
                if index > 0 { $0.text(", ") }
                $0.link(source.name, to: source.url)
            }
        }
    }

    /// Writes media and sources, for feed readers.
    mutating func feedMedia(of content: UpdateContent, at site: String) {
        for medium in content.media {
            if medium.type == .image { feedPicture(medium.shared(at: site)) } else { self.medium(medium) }
        }
        if !content.sources.isEmpty { sources(content.sources) }
    }

    /// Writes a name, as a link if there is an address.
    mutating func link(_ name: String, to url: String?) {
        guard let url else { return self.name(name) }
        element("a", ["href": url, "rel": foreignRelation]) { $0.name(name) }
    }

    /// Writes a name within our own text: isolated in direction, its language unknown.
    mutating func name(_ name: String) { element("bdi", ["lang": ""], text: name) }

    /// Writes a button for each kind of reaction. Scripts enable them; without scripts they show the counts.
    mutating func reactions(_ counts: ReactionCounts, _ context: MarkupContext) {
        for kind in context.kinds {
            let attributes: Attributes = [
                "type": "button", "class": "react", "data-kind": kind.name, "aria-pressed": "false",
                "disabled": "",
            ]
            element("button", attributes) {
                $0.text(kind.words + " ")
                let count = counts[kind] ?? 0
                $0.element("span", ["class": "count"], text: count > 0 ? String(count) : "")
            }
        }
    }
}

extension ReactionKind {
    /// The name for display: `Very good` for `veryGood`.
    var words: String {
        var words = ""
        for scalar in name.unicodeScalars {
            if scalar.properties.isUppercase, !words.isEmpty { words += " " }
            words += words.isEmpty ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
        }
        return words
    }
}
