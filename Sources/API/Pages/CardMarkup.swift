// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// Whether readers are shown content of third parties in frames.
public enum EmbedPolicy: String, Sendable, CaseIterable {
    /// When they have pressed a button; their consent is remembered for each provider, if they wish.
    case ask
    /// At once.
    case always
    /// Not at all: cards are links.
    case never
}

extension MarkupWriter {
    /// Writes a card: a link with texts, and the room of a frame, which `cards.js` fills. Nothing of it is loaded from a third party.
    mutating func card(_ card: Card, credit: String? = nil, _ context: MarkupContext) {
        element("div", ["class": "card", "data-kind": card.kind.rawValue]) {
            if let frame = card.frame, context.embeds != .never {
                let attributes: Attributes = [
                    "class": "frame \(frame.shape.className)", "data-frame": frame.url,
                    "data-provider": card.provider,
                ]
                $0.element("div", attributes, text: "")
            }
            $0.element("a", ["href": card.url, "rel": foreignRelation, "dir": "auto", "lang": ""]) {
                if let path = card.text.thumbnailPath {
                    let attributes: Attributes = [
                        "src": path, "width": card.text.thumbnailWidth.map(String.init),
                        "height": card.text.thumbnailHeight.map(String.init), "alt": "", "loading": "lazy",
                        "decoding": "async",
                    ]
                    $0.empty("img", attributes)
                }
                $0.element("strong", text: card.text.title ?? card.url)
            }
            $0.names([card.provider, card.text.author, credit].compactMap(\.self))
            $0.element("p", ["class": "about", "dir": "auto", "lang": ""], text: card.text.description)
        }
    }

    private mutating func names(_ names: [String]) {
        guard !names.isEmpty else { return }
        element("p", ["class": "from"]) {
            for (index, name) in names.enumerated() {
                if index > 0 { $0.text(" \u{B7} ") }
                $0.name(name)
            }
        }
    }
}

extension CardFrame.Shape {
    /// The class by which style sheets give it its size: `f16-9`, `f152px`.
    var className: String {
        "f" + description.utf8.map { $0 == UInt8(ascii: "/") ? "-" : String(UnicodeScalar($0)) }.joined()
    }
}

// MARK: Feeds

extension MarkupWriter {
    /// Writes a body for feed readers: an address that has a card is a link with its title. Returns the cards without a place.
    mutating func feedBody(of update: Update, at site: String) -> [Card] {
        let (parts, rest, others) = CardAddresses.placing(update.cards, in: update.bodyHtml)
        for (html, card) in parts {
            raw(RenderedBody.absolute(html, at: site))
            feedLink(card.text.title ?? card.url, to: card.url, of: card.provider)
        }
        raw(RenderedBody.absolute(rest, at: site))
        return others
    }

    /// Writes a link as a paragraph: `<p><a …>Title</a> (YouTube)</p>`.
    mutating func feedLink(_ title: String, to url: String, of provider: String?, _ credit: String? = nil) {
        element("p") {
            $0.link(title, to: url)
            if let provider { $0.text(" (\(provider))") }
            if let credit {
                $0.text(" \u{B7} ")
                $0.element("small") { $0.name(credit) }
            }
        }
    }
}
