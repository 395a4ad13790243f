// SPDX-License-Identifier: Apache-2.0
internal import JSON
internal import Stories

/// Where the texts of an address are asked for, and how the answer is read.
struct CardReading {
    /// What is asked for.
    let url: String
    /// Media types that are asked for.
    let accept: String
    /// Whether its beginning is enough.
    var isPage = false
    /// Reads the body of an answer; `nil` if it says nothing.
    let read: @Sendable (_ body: [UInt8]) -> Finding?

    /// What an answer says.
    struct Finding {
        var text: CardText
        /// A reference to a picture, as it is written.
        var picture: String?
    }

    /// What to ask, one after the other until one has an answer.
    static func all(of url: String) -> [CardReading] {
        let page = CardReading(url: Address.withoutFragment(url), accept: types, isPage: true) {
            finding(ofPage: $0, at: url)
        }
        switch CardProvider.lookup(of: url) {
        case .none: return []
        case .page: return (MastodonAddress(url).map { [status($0, at: url)] } ?? []) + [page]
        case .oEmbed(let endpoint):
            return [
                CardReading(url: endpoint + CardProvider.encoded(url), accept: json) {
                    finding(ofEmbed: $0, at: url)
                }
            ]
        case .bluesky: return blueskyPost(url).map { [$0] } ?? [page]
        }
    }

    private static let json = "application/json"
    private static let types = "text/html, application/xhtml+xml"
}

// MARK: Pages

extension CardReading {
    private static func finding(ofPage body: [UInt8], at url: String) -> Finding? {
        let head = HTMLHead(body)
        let properties = head.properties
        var card = CardText(url: url)
        card.title = title(properties["og:title"] ?? properties["twitter:title"] ?? head.title)
        card.description = description(
            properties["og:description"] ?? properties["twitter:description"] ?? properties["description"])
        let site = name(properties["og:site_name"])
        card.site = site.flatMap { CardProvider.isProvider($0) ? nil : $0 } ?? Address.host(url)
        card.author = name(properties["author"])
        let pictures = ["og:image:secure_url", "og:image", "og:image:url", "twitter:image"]
        let picture = pictures.lazy.compactMap { properties[$0] }.first { !$0.isBlank }
        return card.title == nil ? nil : Finding(text: card, picture: picture)
    }

    private static func title(_ text: String?) -> String? {
        CardText.line(text, atMost: Limits.titleCharacters)
    }
    private static func description(_ text: String?) -> String? {
        CardText.line(text, atMost: Limits.cardDescriptionCharacters)
    }
    private static func name(_ text: String?) -> String? {
        CardText.line(text, atMost: Limits.nameCharacters)
    }

    /// oEmbed 1.0 §2.3.4; its `html` is only read for the text of a post, such as X has it.
    private static func finding(ofEmbed body: [UInt8], at url: String) -> Finding? {
        guard let json = try? JSONValue(parsing: body), case .object = json else { return nil }
        var card = CardText(url: url)
        card.title = title(json.text("title"))
        card.author = name(json.text("author_name"))
        card.site = name(json.text("provider_name"))
        if card.title == nil, let html = json.text("html") {
            card.title = card.author
            card.description = description(HTMLText.firstParagraph(of: html))
        }
        return card.title == nil ? nil : Finding(text: card, picture: json.text("thumbnail_url"))
    }
}

// MARK: Posts

extension CardReading {
    /// `GET /api/v1/statuses/:id` of Mastodon, and of what is compatible with it.
    private static func status(_ address: MastodonAddress, at url: String) -> CardReading {
        CardReading(url: "\(address.origin)/api/v1/statuses/\(address.id)", accept: json) { body in
            guard let json = try? JSONValue(parsing: body), let content = json.text("content"),
                let account = json["account"], let handle = account.text("acct"),
                ["public", "unlisted"].contains(where: { $0.hasSameBytes(as: json.text("visibility") ?? "") })
            else { return nil }
            var card = CardText(url: url, kind: .post)
            let display = account.text("display_name") ?? ""
            card.title = title(display.isBlank ? handle : display)
            card.author = name("@" + handle)
            card.site = "Mastodon"
            // A warning stands for what it warns of.
            let warning = json.text("spoiler_text") ?? ""
            card.description = description(warning.isBlank ? HTMLText.text(of: content) : warning)
            return Finding(text: card)
        }
    }

    /// `app.bsky.feed.getPostThread`, which takes the handle or the DID of the author.
    private static func blueskyPost(_ url: String) -> CardReading? {
        let segments = Address.segments(url)
        guard segments.count == 4, segments[0].hasSameBytes(as: "profile"),
            segments[2].hasSameBytes(as: "post"), Address.isName(segments[1]), Address.isName(segments[3])
        else { return nil }
        let post = "at://\(segments[1])/app.bsky.feed.post/\(segments[3])"
        let query = "depth=0&parentHeight=0&uri=" + CardProvider.encoded(post)
        return CardReading(
            url: "https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread?" + query, accept: json
        ) { body in
            guard let post = (try? JSONValue(parsing: body))?["thread"]?["post"], let author = post["author"],
                let handle = author.text("handle"), !hidesFromVisitors(author)
            else { return nil }
            var card = CardText(url: url, kind: .post)
            let display = author.text("displayName") ?? ""
            card.title = title(display.isBlank ? handle : display)
            card.author = name("@" + handle)
            card.description = description(post["record"]?.text("text"))
            return Finding(text: card)
        }
    }

    /// Whether an author asks that only people with an account see posts.
    private static func hidesFromVisitors(_ author: JSONValue) -> Bool {
        guard case .array(let labels)? = author["labels"] else { return false }
        return labels.contains { $0.text("val")?.hasSameBytes(as: "!no-unauthenticated") ?? false }
    }
}

extension JSONValue {
    fileprivate func text(_ name: String) -> String? {
        if case .string(let text)? = self[name] { text } else { nil }
    }
}

extension HTMLText {
    /// The text of the first paragraph.
    fileprivate static func firstParagraph(of html: String) -> String? {
        let bytes = Array(html.utf8)
        guard let open = bytes[...].firstRange(ofUTF8: "<p"),
            let start = bytes[open.upperBound...].firstIndex(of: UInt8(ascii: ">"))
        else { return nil }
        let end = bytes[start...].firstRange(ofUTF8: "</p>")?.lowerBound ?? bytes.endIndex
        return text(of: bytes[(start + 1)..<end])
    }
}
