// SPDX-License-Identifier: Apache-2.0
/// A live story, without its updates.
public struct Story: Hashable, Sendable {
    /// The id, which never changes.
    public var id: Identifier
    /// The readable name in URLs, which editors may change.
    public var slug: Slug
    /// The editorial content.
    public var content: StoryContent
    /// When it was first published; `nil` if it has always been a draft.
    public var publishedAt: Timestamp?
    /// When it was created; an import keeps the time of its document.
    public var createdAt: Timestamp
    /// When its own members last changed; updates and lists of links do not count.
    public var modifiedAt: Timestamp
    /// When it was closed; `nil` while it is open. Edits of a closed story do not change it.
    public var closedAt: Timestamp?
    /// The sequence number of the last visible change of the story, its updates or its links.
    public var seq: Int64
    /// The number of published updates.
    public var updateCount: Int

    /// Memberwise.
    public init(
        id: Identifier, slug: Slug, content: StoryContent, publishedAt: Timestamp?, createdAt: Timestamp,
        modifiedAt: Timestamp, closedAt: Timestamp? = nil, seq: Int64, updateCount: Int
    ) {
        self.id = id
        self.slug = slug
        self.content = content
        self.publishedAt = publishedAt
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
        self.closedAt = closedAt
        self.seq = seq
        self.updateCount = updateCount
    }
}

/// The members of a story that editors write.
public struct StoryContent: MemberRecord {
    /// The headline.
    public var title: String
    /// The standfirst.
    public var summary: String?
    /// The breadcrumb, outermost first.
    public var section: [String]
    /// The byline: the authors, as displayed.
    public var byline: String?
    /// The key points, one line each.
    public var keyPoints: [String]
    /// The tags: topics of the story.
    public var tags: [String]
    /// The status.
    public var status: StoryStatus
    /// The publication that the story was taken from, if any.
    public var source: StorySource?
    /// The picture that stands for the story: at its head, and where it is linked to.
    public var image: StoryImage?
    /// The announced start of the coverage.
    public var coverageStart: Timestamp?
    /// The announced end of the coverage.
    public var coverageEnd: Timestamp?
    /// How it ended, in a sentence or two. Readers see it while the story is closed.
    public var ending: String?
    /// The names of the kinds of reaction that readers can give, in the order of display; `nil`: all of the server's.
    public var reactionKinds: [String]?
    /// The language of its text (BCP 47); `nil` if it is not known.
    public var language: String?
    /// The time zone by which its times are shown, by its name in the IANA time zone database; `nil`: the reader's.
    public var timeZone: String?
    /// The variation of the site's look.
    public var theme: StoryTheme

    /// See ``MemberRecord``.
    public static let members: [Member<StoryContent>] = [
        Member("title", \.title, .line(atMost: Limits.titleCharacters)),
        Member("summary", \.summary, .lines(atMost: Limits.summaryCharacters)),
        Member("section", \.section, .list(.line(atMost: Limits.sectionCharacters), atMost: Limits.sections)),
        Member("byline", \.byline, .line(atMost: Limits.nameCharacters)),
        Member(
            "keyPoints", \.keyPoints,
            .list(.line(atMost: Limits.keyPointCharacters), atMost: Limits.keyPoints)),
        Member("tags", \.tags, .tags),
        Member("status", \.status, .choice(of: StoryStatus.self)),
        Member("source", \.source, .object(of: StorySource.self)),
        Member("image", \.image, .object(of: StoryImage.self)),
        Member("coverageStart", \.coverageStart, .time),
        Member("coverageEnd", \.coverageEnd, .time),
        Member("ending", \.ending, .line(atMost: Limits.endingCharacters)),
        Member(
            "reactionKinds", \.reactionKinds, .list(.text(.reactionKind), atMost: Limits.reactionKinds)),
        Member("language", \.language, .text(.language)),
        Member("timeZone", \.timeZone, .text(.timeZone)),
        Member("theme", \.theme, .choice(of: StoryTheme.self)),
    ]

    /// See ``MemberRecord``.
    public static let blank = StoryContent(title: "")

    /// Creates the content of a live story with only a title.
    public init(title: String) {
        self.title = title
        section = []
        keyPoints = []
        tags = []
        status = .live
        theme = .none
    }
}

extension StoryContent {
    /// Returns the kinds of reaction that readers can give, of those of the server. Names that it does not know, from a document of
    /// another server, are left out.
    public func kinds(of server: [ReactionKind]) -> [ReactionKind] {
        guard let reactionKinds else { return server }
        return reactionKinds.compactMap { ReactionKind($0) }.filter(server.contains)
    }

    /// Whether readers can give a kind of reaction, if the server has it.
    public func allows(_ kind: ReactionKind) -> Bool { reactionKinds?.contains { $0 == kind.name } ?? true }
}

/// The status of a story.
public enum StoryStatus: String, Hashable, CaseIterable, MemberConvertible {
    /// Visible only with an API key for the story.
    case draft
    /// Public, and being updated.
    case live
    /// Public and finished: clients poll at long intervals.
    case closed
}

/// Built-in variations of the look of the site, for single stories.
public enum StoryTheme: String, Hashable, CaseIterable, MemberConvertible {
    /// The look of the site.
    case none
    /// Without colour and motion: for disasters and deaths.
    case sober
    /// Large and tight: for matches.
    case sport
    /// With figures and key points in front.
    case election
}

/// The publication that a story was taken from.
public struct StorySource: MemberRecord {
    /// The name.
    public var name: String
    /// An absolute http or https URL.
    public var url: String?
    /// The date stated by the source.
    public var date: Timestamp?

    /// See ``MemberRecord``.
    public static let members: [Member<StorySource>] = [
        Member("name", \.name, .line(atMost: Limits.nameCharacters)),
        Member("url", \.url, .url),
        Member("date", \.date, .time),
    ]

    /// See ``MemberRecord``.
    public static let blank = StorySource(name: "")

    /// Memberwise.
    public init(name: String, url: String? = nil, date: Timestamp? = nil) {
        self.name = name
        self.url = url
        self.date = date
    }
}

/// A patch of a story: of its content and its slug.
@dynamicMemberLookup
public struct StoryPatch: Sendable {
    /// The patch of the content.
    public var content: MemberPatch<StoryContent>
    /// The slug.
    public var slug: PatchField<Slug> = .unchanged

    private static let coverageRule = "must not be before coverageStart"

    /// Creates a patch of the content only.
    public init(_ content: MemberPatch<StoryContent>) { self.content = content }

    /// Creates an empty patch.
    public init() { self.init(MemberPatch()) }

    /// The patch of a member of the content.
    public subscript<Value: MemberConvertible>(
        dynamicMember path: WritableKeyPath<StoryContent, Value>
    ) -> PatchField<Value> {
        get { content[path] }
        set { content[path] = newValue }
    }

    /// The names of the members in the patch, for the audit trail.
    public var memberNames: [String] { (slug.isSet ? ["slug"] : []) + content.memberNames }

    /// Returns the violations within the patch, without the present content; pointers are below `base`.
    public func errors(at base: String = "") -> [ValidationError] {
        var validator = Validator()
        if case .set(let start?) = self.coverageStart, case .set(let end?) = self.coverageEnd {
            validator.require(start <= end, at: base + "/coverageEnd", Self.coverageRule)
        }
        return content.errors(at: base) + validator.errors
    }

    /// Applies the patch to the content. Throws ``StoryError/invalid(_:)`` if members of the result contradict each other, and
    /// then leaves the content unchanged.
    public func apply(to content: inout StoryContent) throws(StoryError) {
        var changed = content
        self.content.apply(to: &changed)
        if let source = changed.source, source.name.isEmpty {
            throw .invalid([ValidationError("/source/name", "is required")])
        }
        if let image = changed.image, image.url.isEmpty {
            throw .invalid([ValidationError("/image/url", "is required")])
        }
        if let start = changed.coverageStart, let end = changed.coverageEnd, end < start {
            throw .invalid([ValidationError("/coverageEnd", Self.coverageRule)])
        }
        if case .set(let given?) = self.image { changed.image?.dropMeasures(of: content.image, given: given) }
        content = changed
    }
}
