// SPDX-License-Identifier: Apache-2.0
/// One entry of a live story.
public struct Update: Hashable, Sendable {
    /// The id, which never changes.
    public var id: Identifier
    /// The sequence number of its last change.
    public var seq: Int64
    /// The editorial content.
    public var content: UpdateContent
    /// The body as safe HTML.
    public var bodyHtml: String
    /// Whether it was modified after publication; marks, such as tags, do not count.
    public var edited: Bool
    /// When it was published. The sort key of updates, with the id as the tie-breaker.
    public var publishedAt: Timestamp
    /// When it was created.
    public var createdAt: Timestamp
    /// When it last changed; the arrival of a card does not count.
    public var modifiedAt: Timestamp
    /// The retraction, if any.
    public var stricken: Strike?
    /// The cards of its addresses (``CardAddresses``), as far as they are known; none of former states.
    public var cards: [Card]

    /// Memberwise.
    public init(
        id: Identifier, seq: Int64, content: UpdateContent, bodyHtml: String, edited: Bool,
        publishedAt: Timestamp, createdAt: Timestamp, modifiedAt: Timestamp, stricken: Strike? = nil,
        cards: [Card] = []
    ) {
        self.cards = cards
        self.stricken = stricken
        self.id = id
        self.seq = seq
        self.content = content
        self.bodyHtml = bodyHtml
        self.edited = edited
        self.publishedAt = publishedAt
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
    }
}

/// A visible retraction: the update remains, and readers see the reason why it is no longer valid.
public struct Strike: Hashable, Sendable {
    /// The reason for readers, at most ``Limits/strikeReasonCharacters``.
    public var reason: String
    /// When it was retracted.
    public var at: Timestamp

    /// Memberwise.
    public init(reason: String, at: Timestamp) {
        self.reason = reason
        self.at = at
    }

    /// Returns the violations in a reason.
    public static func errors(in reason: String, at pointer: String = "/reason") -> [ValidationError] {
        var validator = Validator()
        validator.line(reason, at: pointer, atMost: Limits.strikeReasonCharacters)
        return validator.errors
    }
}

/// The members of an update that editors write.
public struct UpdateContent: MemberRecord {
    /// The headline.
    public var title: String?
    /// CommonMark.
    public var body: String
    /// The author, as displayed.
    public var author: String?
    /// The sources that it relies on.
    public var sources: [UpdateSource]
    /// Images, videos, audio and links.
    public var media: [Media]
    /// The tags: topics of the update.
    public var tags: [String]
    /// Whether front ends show it above the other updates.
    public var pinned: Bool
    /// Whether it is in the timeline of key events.
    public var keyEvent: Bool
    /// When the reported event happened, if known.
    public var occurredAt: Timestamp?
    /// The language of its text (BCP 47) where it differs from the story's.
    public var language: String?

    /// See ``MemberRecord``.
    public static let members: [Member<UpdateContent>] = [
        Member("title", \.title, .line(atMost: Limits.titleCharacters)),
        Member("body", \.body, .markdown),
        Member("author", \.author, .line(atMost: Limits.nameCharacters)),
        Member("sources", \.sources, .list(.object(of: UpdateSource.self), atMost: Limits.sources)),
        Member("media", \.media, .list(.object(of: Media.self), atMost: Limits.media)),
        Member("tags", \.tags, .tags, isMark: true),
        Member("pinned", \.pinned, .flag, isMark: true),
        Member("keyEvent", \.keyEvent, .flag, isMark: true),
        Member("occurredAt", \.occurredAt, .time),
        Member("language", \.language, .text(.language)),
    ]

    /// See ``MemberRecord``.
    public static let blank = UpdateContent(body: "")

    /// Creates the content of an update with only a body.
    public init(body: String) {
        self.body = body
        sources = []
        media = []
        tags = []
        pinned = false
        keyEvent = false
    }

    /// Whether it differs from another content in more than its marks (tags, pinned, key event).
    public func readsDifferently(from other: UpdateContent) -> Bool {
        Self.members.contains { !$0.isMark && $0.value(of: self) != $0.value(of: other) }
    }
}

/// A person or publication that an update relies on.
public struct UpdateSource: MemberRecord {
    /// The name.
    public var name: String
    /// An absolute http or https URL.
    public var url: String?

    /// See ``MemberRecord``.
    public static let members: [Member<UpdateSource>] = [
        Member("name", \.name, .line(atMost: Limits.nameCharacters)),
        Member("url", \.url, .url),
    ]

    /// See ``MemberRecord``.
    public static let blank = UpdateSource(name: "")

    /// Memberwise.
    public init(name: String, url: String? = nil) {
        self.name = name
        self.url = url
    }
}

/// An image, video, audio file or linked page of an update.
public struct Media: MemberRecord, Picture {
    /// The kind of media.
    public enum Kind: String, Hashable, CaseIterable, MemberConvertible {
        case image, video, audio, link
    }

    /// The kind of media.
    public var type: Kind
    /// An absolute http or https URL, or the ``MediaReference`` of an image.
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
    public static let members: [Member<Media>] =
        [Member("type", \.type, .choice(of: Kind.self))] + pictureMembers

    /// See ``MemberRecord``.
    public static let blank = Media(type: .image, url: "")

    /// Memberwise.
    public init(
        type: Kind, url: String, alt: String? = nil, caption: String? = nil, credit: String? = nil,
        width: Int? = nil, height: Int? = nil, focus: MediaFocus? = nil, color: String? = nil,
        animated: Bool? = nil
    ) {
        (self.type, self.url) = (type, url)
        (self.alt, self.caption, self.credit) = (alt, caption, credit)
        (self.width, self.height, self.focus) = (width, height, focus)
        (self.color, self.animated) = (color, animated)
    }
}

/// A patch of an update: of its content and its publication.
@dynamicMemberLookup
public struct UpdatePatch: Sendable {
    /// The patch of the content.
    public var content: MemberPatch<UpdateContent>
    /// The requested state.
    public var state: PatchField<UpdateState> = .unchanged
    /// The requested publication time; `nil` cancels a schedule.
    public var publishAt: PatchField<Timestamp?> = .unchanged
    /// Whether followers are to be notified: of what is published, now; of a draft, when it is published. No member of the update.
    public var notify: PatchField<Bool> = .unchanged

    /// Creates a patch of the content only.
    public init(_ content: MemberPatch<UpdateContent>) { self.content = content }

    /// Creates an empty patch.
    public init() { self.init(MemberPatch()) }

    /// The patch of a member of the content.
    public subscript<Value: MemberConvertible>(
        dynamicMember path: WritableKeyPath<UpdateContent, Value>
    ) -> PatchField<Value> {
        get { content[path] }
        set { content[path] = newValue }
    }

    /// The names of the members in the patch, for the audit trail.
    public var memberNames: [String] {
        content.memberNames + (state.isSet ? ["state"] : []) + (publishAt.isSet ? ["publishAt"] : [])
            + (notify.isSet ? ["notify"] : [])
    }

    /// Returns the violations within the patch; pointers are below `base`.
    public func errors(at base: String = "") -> [ValidationError] {
        content.errors(at: base) + publicationErrors(at: base)
    }

    /// Applies the patch to the content.
    public func apply(to content: inout UpdateContent) {
        self.content.apply(to: &content)
    }
}
