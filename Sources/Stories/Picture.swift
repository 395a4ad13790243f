// SPDX-License-Identifier: Apache-2.0
/// What the records that show a picture have in common: a medium of an update, and the image of a story.
public protocol Picture {
    /// An absolute http or https URL, or a ``MediaReference``.
    var url: String { get set }
    /// The alternative text; empty for a decorative picture.
    var alt: String? { get set }
    /// The caption.
    var caption: String? { get set }
    /// The credit line, such as the name of the photographer.
    var credit: String? { get set }
    /// The width in pixels.
    var width: Int? { get set }
    /// The height in pixels.
    var height: Int? { get set }
    /// The point that a crop must keep.
    var focus: MediaFocus? { get set }
    /// The ``MediaAsset/color`` of an asset of this server, set by the server; `nil` for addresses elsewhere.
    var color: String? { get set }
    /// Whether it is an asset of this server that is animated (``MediaAsset/isAnimated``), set by the server; `nil` for addresses
    /// elsewhere.
    var animated: Bool? { get set }
}

extension Picture {
    /// The members that every record with a picture has.
    static var pictureMembers: [Member<Self>] {
        [
            Member("url", \.url, .mediaURL),
            Member("alt", \.alt, .alternative),
            Member("caption", \.caption, .line(atMost: Limits.captionCharacters)),
            Member("credit", \.credit, .line(atMost: Limits.nameCharacters)),
            Member("width", \.width, .pixels),
            Member("height", \.height, .pixels),
            Member("focus", \.focus, .object(of: MediaFocus.self)),
            Member("color", \.color, .text(.color), isReadOnly: true),
            Member("animated", \.animated, .flag, isReadOnly: true),
        ]
    }

    /// The asset of this server that it shows; `nil` if it lies elsewhere.
    public var reference: MediaReference? { MediaReference(url) }
}

/// The point of a picture that a crop must keep.
public struct MediaFocus: MemberRecord {
    /// From the left edge, in percent of the width, from 0 to 100.
    public var x: Int
    /// From the top edge, in percent of the height, from 0 to 100.
    public var y: Int

    /// See ``MemberRecord``.
    public static let members: [Member<MediaFocus>] = [
        Member("x", \.x, .percent), Member("y", \.y, .percent),
    ]

    /// The centre.
    public static let blank = MediaFocus(x: 50, y: 50)

    /// Memberwise.
    public init(x: Int, y: Int) { (self.x, self.y) = (x, y) }
}

/// The picture that stands for a story.
public struct StoryImage: MemberRecord, Picture {
    /// An absolute http or https URL, or a ``MediaReference``.
    public var url: String
    /// The alternative text; empty for a decorative picture.
    public var alt: String?
    /// The caption.
    public var caption: String?
    /// The credit line, such as the name of the photographer.
    public var credit: String?
    /// The width in pixels; of an asset of this server, set by the server.
    public var width: Int?
    /// The height in pixels; of an asset of this server, set by the server.
    public var height: Int?
    /// The point that a crop must keep.
    public var focus: MediaFocus?
    /// The ``MediaAsset/color`` of an asset of this server, set by the server.
    public var color: String?
    /// Whether it is an asset of this server that is animated, set by the server.
    public var animated: Bool?

    /// See ``MemberRecord``.
    public static let members: [Member<StoryImage>] = pictureMembers

    /// See ``MemberRecord``.
    public static let blank = StoryImage(url: "")

    /// Memberwise.
    public init(
        url: String, alt: String? = nil, caption: String? = nil, credit: String? = nil, width: Int? = nil,
        height: Int? = nil, focus: MediaFocus? = nil, color: String? = nil, animated: Bool? = nil
    ) {
        self.url = url
        (self.alt, self.caption, self.credit) = (alt, caption, credit)
        (self.width, self.height, self.focus) = (width, height, focus)
        (self.color, self.animated) = (color, animated)
    }

    /// Drops the size and focus that a merge patch has left of another picture, `former`; `given` is what the patch names.
    mutating func dropMeasures(of former: StoryImage?, given: StoryImage) {
        guard let former, !former.url.hasSameBytes(as: url) else { return }
        (width, height, focus) = (given.width, given.height, given.focus)
    }
}
