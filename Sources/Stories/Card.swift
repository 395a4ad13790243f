// SPDX-License-Identifier: Apache-2.0
/// What readers are shown of an address: of a video, a post, a map, a page.
///
/// Only its texts are stored, in ``CardText``. Kind, provider and frame follow from the address by the table of providers, so that a change
/// of the table changes all cards.
public struct Card: Hashable, Sendable {
    /// What an address leads to.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case link, post, video, audio, map, chart
    }

    /// The address and the texts.
    public var text: CardText
    /// What it leads to.
    public var kind: Kind
    /// The name of the provider in the table, or of the site as it calls itself.
    public var provider: String?
    /// What can be shown in place: only after the reader's consent, as it is content of a third party.
    public var frame: CardFrame?

    /// The address, an absolute http or https URL.
    public var url: String { text.url }

    /// A card of these texts.
    public init(_ text: CardText) {
        let found = CardProvider.embed(of: text.url)
        self.text = text
        kind = found?.provider.kind ?? text.kind
        provider = found?.provider.name ?? text.site
        frame = found?.frame
    }
}

/// The address of a card, and the texts that its server gave. They are text, never markup.
public struct CardText: MemberRecord {
    /// The address.
    public var url: String
    /// What it leads to, where no provider of the table says it: a post or a link.
    public var kind: Card.Kind
    /// The name of the site.
    public var site: String?
    /// The title; of a post, its author's name.
    public var title: String?
    /// A few sentences; of a post, its text.
    public var description: String?
    /// Who made it.
    public var author: String?
    /// The id of a picture among this server's own media, never an address of a third party.
    public var thumbnail: Identifier?
    /// The width of that picture in pixels, as it is stored.
    public var thumbnailWidth: Int?
    /// The height of that picture in pixels.
    public var thumbnailHeight: Int?

    /// See ``MemberRecord``.
    public static let members: [Member<CardText>] = [
        Member("url", \.url, .url),
        Member("kind", \.kind, .choice(of: Card.Kind.self)),
        Member("site", \.site, .line(atMost: Limits.nameCharacters)),
        Member("title", \.title, .line(atMost: Limits.titleCharacters)),
        Member("description", \.description, .lines(atMost: Limits.cardDescriptionCharacters)),
        Member("author", \.author, .line(atMost: Limits.nameCharacters)),
        Member("thumbnail", \.thumbnail, .identifier),
        Member("thumbnailWidth", \.thumbnailWidth, .pixels),
        Member("thumbnailHeight", \.thumbnailHeight, .pixels),
    ]

    /// See ``MemberRecord``.
    public static let blank = CardText(url: "")

    /// An address without texts.
    public init(url: String, kind: Card.Kind = .link) { (self.url, self.kind) = (url, kind) }
}

extension CardText {
    /// The path of the thumbnail in the width at which cards show it: of its smallest file.
    public var thumbnailPath: String? {
        guard let thumbnail else { return nil }
        let (reference, smallest) = (MediaReference(thumbnail), MediaAsset.widths[0])
        return thumbnailWidth ?? 0 > smallest
            ? reference.path(width: smallest, .webp) : reference.path
    }
}

extension Card.Kind: MemberConvertible {}

/// A page of a third party that is made to be framed, and its proportions.
public struct CardFrame: Hashable, Sendable {
    /// Its address.
    public var url: String
    /// Its shape.
    public var shape: Shape

    /// How much room it needs.
    public enum Shape: Hashable, Sendable, CustomStringConvertible {
        /// As wide as the column, in these proportions.
        case ratio(width: Int, height: Int)
        /// As wide as the column, and so many pixels high.
        case pixels(height: Int)

        /// As CSS has it: `16/9`, the aspect ratio, or `152px`, the height.
        public var description: String {
            switch self {
            case .ratio(let width, let height): "\(width)/\(height)"
            case .pixels(let height): "\(height)px"
            }
        }
    }

    /// Memberwise.
    public init(url: String, shape: Shape) { (self.url, self.shape) = (url, shape) }
}
