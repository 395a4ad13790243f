// SPDX-License-Identifier: Apache-2.0
/// One entry of a live story.
public struct Update: Hashable, Sendable {
    /// Its id, which never changes.
    public var id: Identifier
    /// The story's number of its last change.
    public var seq: Int64
    /// What editors write.
    public var content: UpdateContent
    /// The body as HTML that is safe to put into a page.
    public var bodyHtml: String
    /// Whether what readers read has been changed since it was published.
    public var edited: Bool
    /// When Wireroom released it: updates are listed by this, and by id where it is the same.
    public var publishedAt: Timestamp
    /// When it was made.
    public var createdAt: Timestamp
    /// When it last changed.
    public var modifiedAt: Timestamp
    /// The retraction, if it was retracted.
    public var stricken: Strike?

    /// An update, all members given.
    public init(
        id: Identifier, seq: Int64, content: UpdateContent, bodyHtml: String, edited: Bool,
        publishedAt: Timestamp, createdAt: Timestamp, modifiedAt: Timestamp, stricken: Strike? = nil
    ) {
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

/// A retraction in the open: the update stands, and readers see that and why it does not hold.
public struct Strike: Hashable, Sendable {
    /// Why, for readers: at most ``Limits/strikeReasonCharacters``.
    public var reason: String
    /// Since when.
    public var at: Timestamp

    /// A retraction.
    public init(reason: String, at: Timestamp) {
        self.reason = reason
        self.at = at
    }

    /// What is wrong with a reason.
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
    /// Who wrote it.
    public var author: String?
    /// Who said so.
    public var sources: [UpdateSource]
    /// Pictures, films, sounds, pages.
    public var media: [Media]
    /// What it is about.
    public var tags: [String]
    /// Kept above the others by front-ends.
    public var pinned: Bool
    /// One of the story's turning points.
    public var keyEvent: Bool
    /// When it happened, if known.
    public var occurredAt: Timestamp?

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
    ]

    /// See ``MemberRecord``.
    public static let blank = UpdateContent(body: "")

    /// An update that has a body and nothing else.
    public init(body: String) {
        self.body = body
        sources = []
        media = []
        tags = []
        pinned = false
        keyEvent = false
    }

    /// Whether readers would read something else here than there: the marks around a text are not the text.
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

    /// A source by its name.
    public init(name: String, url: String? = nil) {
        self.name = name
        self.url = url
    }
}

/// A picture, film, sound or page that belongs to an update.
public struct Media: MemberRecord {
    /// What it is.
    public enum Kind: String, Hashable, CaseIterable, MemberConvertible {
        case image, video, audio, link
    }

    /// What it is.
    public var type: Kind
    /// An absolute http or https URL.
    public var url: String
    /// What it shows, for those who do not see it.
    public var alt: String?
    /// The line below it.
    public var caption: String?
    /// Whose it is.
    public var credit: String?
    /// Pixels.
    public var width: Int?
    /// Pixels.
    public var height: Int?

    /// See ``MemberRecord``.
    public static let members: [Member<Media>] = [
        Member("type", \.type, .choice(of: Kind.self)),
        Member("url", \.url, .url),
        Member("alt", \.alt, .line(atMost: Limits.captionCharacters)),
        Member("caption", \.caption, .line(atMost: Limits.captionCharacters)),
        Member("credit", \.credit, .line(atMost: Limits.nameCharacters)),
        Member("width", \.width, .pixels),
        Member("height", \.height, .pixels),
    ]

    /// See ``MemberRecord``.
    public static let blank = Media(type: .image, url: "")

    /// A medium by its address.
    public init(
        type: Kind, url: String, alt: String? = nil, caption: String? = nil, credit: String? = nil,
        width: Int? = nil, height: Int? = nil
    ) {
        self.type = type
        self.url = url
        self.alt = alt
        self.caption = caption
        self.credit = credit
        self.width = width
        self.height = height
    }
}

/// The members that a request names: those of the content, and when readers are to see the update.
@dynamicMemberLookup
public struct UpdatePatch: Sendable {
    /// What becomes of the content.
    public var content: MemberPatch<UpdateContent>
    /// Whether readers are to see it.
    public var state: PatchField<UpdateState> = .unchanged
    /// When they are to see it.
    public var publishAt: PatchField<Timestamp?> = .unchanged

    /// A patch of the content alone.
    public init(_ content: MemberPatch<UpdateContent>) { self.content = content }

    /// A patch that changes nothing.
    public init() { self.init(MemberPatch()) }

    /// What becomes of a member of the content.
    public subscript<Value: MemberConvertible>(
        dynamicMember path: WritableKeyPath<UpdateContent, Value>
    ) -> PatchField<Value> {
        get { content[path] }
        set { content[path] = newValue }
    }

    /// The members that the patch names, for the audit trail.
    public var memberNames: [String] {
        content.memberNames + (state.isSet ? ["state"] : []) + (publishAt.isSet ? ["publishAt"] : [])
    }

    /// What is wrong with the members named; places are below `base`.
    public func errors(at base: String = "") -> [ValidationError] {
        content.errors(at: base) + publicationErrors(at: base)
    }

    /// Changes the content.
    public func apply(to content: inout UpdateContent) {
        self.content.apply(to: &content)
    }
}
