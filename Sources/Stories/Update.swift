/// One entry of a live story.
public struct Update: Hashable, Sendable {
    /// Its name for ever.
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
public struct UpdateContent: Hashable, Sendable {
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
        var alike = other
        (alike.tags, alike.pinned, alike.keyEvent) = (tags, pinned, keyEvent)
        return !identical(alike, self)
    }
}

/// Somebody or something that an update rests on.
public struct UpdateSource: Hashable, Sendable {
    /// The name.
    public var name: String
    /// An absolute http or https URL.
    public var url: String?

    /// A source by its name.
    public init(name: String, url: String? = nil) {
        self.name = name
        self.url = url
    }
}

/// A picture, film, sound or page that belongs to an update.
public struct Media: Hashable, Sendable {
    /// What it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
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

/// The members that a request names; see ``StoryPatch``.
public struct UpdatePatch: Sendable {
    /// The headline.
    public var title: PatchField<String?> = .unchanged
    /// CommonMark.
    public var body: PatchField<String> = .unchanged
    /// Who wrote it.
    public var author: PatchField<String?> = .unchanged
    /// Who said so.
    public var sources: PatchField<[UpdateSource]> = .unchanged
    /// Pictures, films, sounds, pages.
    public var media: PatchField<[Media]> = .unchanged
    /// What it is about.
    public var tags: PatchField<[String]> = .unchanged
    /// Whether front-ends keep it on top.
    public var pinned: PatchField<Bool> = .unchanged
    /// Whether it is a turning point.
    public var keyEvent: PatchField<Bool> = .unchanged
    /// When it happened, if known.
    public var occurredAt: PatchField<Timestamp?> = .unchanged
    /// Whether readers are to see it.
    public var state: PatchField<UpdateState> = .unchanged
    /// When they are to see it.
    public var publishAt: PatchField<Timestamp?> = .unchanged

    /// A patch that changes nothing.
    public init() {}

    /// What is wrong with the members named; places are below `base`.
    public func errors(at base: String = "") -> [ValidationError] {
        var validator = Validator()
        title.inspect { $0.map { validator.line($0, at: base + "/title", atMost: Limits.titleCharacters) } }
        body.inspect { validator.body($0, at: base + "/body") }
        author.inspect { $0.map { validator.line($0, at: base + "/author", atMost: Limits.nameCharacters) } }
        sources.inspect { sources in
            validator.list(sources, at: base + "/sources", atMost: Limits.sources) { $1.check(&$0, at: $2) }
        }
        media.inspect { media in
            validator.list(media, at: base + "/media", atMost: Limits.media) { $1.check(&$0, at: $2) }
        }
        tags.inspect { validator.tags($0, at: base + "/tags") }
        return validator.errors + publicationErrors(at: base)
    }

    /// Changes the content.
    public func apply(to content: inout UpdateContent) {
        title.apply(to: &content.title)
        body.apply(to: &content.body)
        author.apply(to: &content.author)
        sources.apply(to: &content.sources)
        media.apply(to: &content.media)
        tags.applyTags(to: &content.tags)
        pinned.apply(to: &content.pinned)
        keyEvent.apply(to: &content.keyEvent)
        occurredAt.apply(to: &content.occurredAt)
    }
}

extension Validator {
    fileprivate mutating func body(_ body: String, at pointer: String) {
        text(body, at: pointer)
        require(
            body.utf8.count <= Limits.updateBodyBytes, at: pointer,
            "must be at most \(Limits.updateBodyBytes) bytes long, not \(body.utf8.count)")
        markdown(body, at: pointer)
    }
}

extension UpdateSource {
    fileprivate func check(_ validator: inout Validator, at pointer: String) {
        validator.line(name, at: pointer + "/name", atMost: Limits.nameCharacters)
        if let url { validator.url(url, at: pointer + "/url") }
    }
}

extension Media {
    fileprivate func check(_ validator: inout Validator, at pointer: String) {
        validator.url(url, at: pointer + "/url")
        if let alt { validator.line(alt, at: pointer + "/alt", atMost: Limits.captionCharacters) }
        if let caption { validator.line(caption, at: pointer + "/caption", atMost: Limits.captionCharacters) }
        if let credit { validator.line(credit, at: pointer + "/credit", atMost: Limits.nameCharacters) }
        for (side, pixels) in [("width", width), ("height", height)] {
            guard let pixels else { continue }
            validator.require(
                (1...Limits.mediaPixels).contains(pixels), at: "\(pointer)/\(side)",
                "must be from 1 to \(Limits.mediaPixels) pixels")
        }
    }
}
