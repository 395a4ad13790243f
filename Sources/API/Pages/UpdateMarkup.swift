// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// Context for the markup of the parts of a story.
///
/// `markup.js` produces the same markup in browsers, for changes on an open page; `Tests/Golden/updates.json` keeps the two in
/// step.
struct MarkupContext: Sendable {
    let slug: Slug
    let kinds: [ReactionKind]
    var embeds = EmbedPolicy.ask
    var language = PageLanguage.fallback
    /// The search whose finds are marked in the texts that it searches.
    var search: UpdateSearch?
    /// Whether updates have a button that shares them, as on the reader's page.
    var canShare = false

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
        let (title, outer) = (UpdateSummary(update, words).title, written)
        written = update.language(title, inherited: outer)
        defer { written = outer }
        let attributes: Attributes = [
            "class": names.joined(separator: " "), "id": "u-\(update.id)", "data-id": update.id.description,
            "data-seq": String(update.seq), "data-published": update.publishedAt.description,
            "data-title": title,
        ]
        element("article", attributes) {
            $0.head(of: update, context)
            if let strike = update.stricken { $0.retraction(strike, context) }
            var cards = $0.body(of: update, context)
            $0.media(content.media, &cards, context)
            for card in cards { $0.card(card, context) }
            if !content.sources.isEmpty { $0.sources(content.sources, context.search) }
            if !content.tags.isEmpty {
                $0.element("ul", ["class": "tags"]) {
                    for tag in content.tags { $0.element("li") { $0.viewLink("tag", tag, context) } }
                }
            }
            $0.element("footer") {
                // A retracted update takes no reactions.
                if update.stricken == nil { $0.reactions(counts, context) }
                if context.canShare { $0.shareButton() }
            }
        }
    }

    /// Writes a button that shares the update or, in the bar, the story. Scripts enable it.
    mutating func shareButton() {
        element("button", ["type": "button", "class": "share", "disabled": ""], words: "share")
    }

    /// Writes a link to the updates with a tag, or by an author.
    private mutating func viewLink(_ name: String, _ value: String, _ context: MarkupContext) {
        var query = QueryBuilder()
        query.add(name, value)
        element("a", ["href": "/live/\(context.slug)" + query.text]) { link in
            link.marked(by: context.search) { $0.name(value) }
        }
    }

    private mutating func head(of update: Update, _ context: MarkupContext) {
        let content = update.content
        element("header") {
            $0.element("a", ["class": "permalink", "href": context.address(of: update.id)]) {
                $0.time(update.publishedAt)
            }
            let marks = [
                ("pinned", content.pinned), ("keyEvent", content.keyEvent), ("edited", update.edited),
            ]
            for mark in marks where mark.1 { $0.element("span", ["class": "mark"], words: mark.0) }
            $0.marked(by: context.search) { $0.element("h3", $0.ofWritten, text: content.title) }
            if let author = content.author {
                $0.element("p", ["class": "author"]) { $0.viewLink("author", author, context) }
            }
            if let occurredAt = content.occurredAt {
                $0.element("p", ["class": "occurred"]) {
                    $0.say("happened") { writer, _ in writer.time(occurredAt) }
                }
            }
        }
    }

    private mutating func retraction(_ strike: Strike, _ context: MarkupContext) {
        element("p", ["class": "retraction"]) {
            $0.say("retraction") { writer, name in
                switch name {
                case "retracted": writer.element("strong", words: "retracted")  // ascii: a name of ours
                case "time": writer.time(strike.at)  // ascii: a name of ours
                default: writer.marked(by: context.search) { $0.name(strike.reason) }
                }
            }
        }
    }

    /// Writes the body, in which cards stand for paragraphs that are nothing but their addresses; returns the cards without a place.
    private mutating func body(of update: Update, _ context: MarkupContext) -> [Card] {
        let html = origin.isEmpty ? update.bodyHtml : RenderedBody.absolute(update.bodyHtml, at: origin)
        let (parts, rest, others) = CardAddresses.placing(update.cards, in: html)
        element("div", ["class": "body", "dir": "auto", "lang": written]) {
            for (html, card) in parts {
                $0.marked(by: context.search) { $0.raw(html) }
                $0.card(card, context)
            }
            $0.marked(by: context.search) { $0.raw(rest) }
        }
        return others
    }

    /// Writes media in their order, all pictures at the place of the first. A link takes its own of the cards without a place.
    private mutating func media(_ media: [Media], _ cards: inout [Card], _ context: MarkupContext) {
        let pictures = media.filter { $0.type == .image }
        var isShown = false
        for medium in media {
            switch medium.type {
            case .link: link(medium, &cards, context)
            case .video, .audio: player(medium)
            case .image:
                if !isShown { self.pictures(pictures) }
                isShown = true
            }
        }
    }

    private mutating func link(_ medium: Media, _ cards: inout [Card], _ context: MarkupContext) {
        if let index = cards.firstIndex(where: { $0.url.hasSameBytes(as: medium.url) }) {
            var card = cards.remove(at: index)
            card.text.title = medium.caption ?? medium.alt ?? card.text.title
            return self.card(card, credit: medium.credit, context)
        }
        element("p", ["class": "media"]) {
            $0.link(medium.caption ?? medium.alt ?? medium.url, to: medium.url)
            $0.credit(medium.credit, isAfterText: true)
        }
    }

    /// Writes a video or an audio file.
    private mutating func player(_ medium: Media) {
        let isVideo = medium.type == .video
        let attributes: Attributes = [
            "src": medium.url, "controls": "", "preload": "none",
            "width": isVideo ? medium.width.map(String.init) : nil,
            "height": isVideo ? medium.height.map(String.init) : nil, "aria-label": medium.alt,
        ]
        element("figure") {
            $0.element(isVideo ? "video" : "audio", attributes, text: "")
            $0.caption(medium)
        }
    }

    private mutating func sources(_ sources: [UpdateSource], _ search: UpdateSearch? = nil) {
        element("p", ["class": "sources"]) {
            $0.say("sources") { writer, _ in
                for (index, source) in sources.enumerated() {
                    if index > 0 { writer.say("listSeparator") }
                    writer.marked(by: search) { $0.link(source.name, to: source.url) }
                }
            }
        }
    }

    /// Writes media and sources, for feed readers. `cards`: those that have no place in the body.
    mutating func feedMedia(of content: UpdateContent, at site: String, _ cards: [Card]) {
        for medium in content.media {
            switch medium.type {
            case .image: feedPicture(medium.shared(at: site))
            case .video, .audio: player(medium)
            case .link:
                let card = cards.first { $0.url.hasSameBytes(as: medium.url) }
                feedLink(
                    medium.caption ?? medium.alt ?? card?.text.title ?? medium.url, to: medium.url,
                    of: card?.provider, medium.credit)
            }
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
                $0.text($0.words.name(of: kind) + " ")
                let count = counts[kind] ?? 0
                $0.element("span", ["class": "count"], text: count > 0 ? String(count) : "")
            }
        }
    }
}

extension ReactionKind {
    /// The name for display: `Well done` for `wellDone`.
    var words: String {
        var words = ""
        for scalar in name.unicodeScalars {
            if scalar.properties.isUppercase, !words.isEmpty { words += " " }
            words += words.isEmpty ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
        }
        return words
    }
}
