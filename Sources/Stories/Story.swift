// SPDX-License-Identifier: Apache-2.0
/// A live story: what stands above its updates, and where it is in its life.
public struct Story: Hashable, Sendable {
    /// Its id, which never changes.
    public var id: Identifier
    /// Its readable name, which an editor may change.
    public var slug: Slug
    /// What editors write.
    public var content: StoryContent
    /// When it first went live; `nil` while it has only been a draft.
    public var publishedAt: Timestamp?
    /// When it was created here or, imported, where it came from.
    public var createdAt: Timestamp
    /// When a member of its own last changed; updates and lists of links do not count.
    public var modifiedAt: Timestamp
    /// When it was closed; `nil` while it is not. Later changes of a closed story leave it.
    public var closedAt: Timestamp?
    /// The number of its last visible change, of whatever kind.
    public var seq: Int64
    /// How many updates readers can see.
    public var updateCount: Int

    /// A story, all members given.
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
    /// Who signs the story.
    public var byline: String?
    /// What a reader should know, in a few lines.
    public var keyPoints: [String]
    /// What it is about.
    public var tags: [String]
    /// Where it is in its life.
    public var status: StoryStatus
    /// Where the story was taken from, if it was.
    public var source: StorySource?
    /// When the coverage begins and ends, as announced.
    public var coverageStart: Timestamp?
    /// When the coverage ends.
    public var coverageEnd: Timestamp?

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
        Member("coverageStart", \.coverageStart, .time),
        Member("coverageEnd", \.coverageEnd, .time),
    ]

    /// See ``MemberRecord``.
    public static let blank = StoryContent(title: "")

    /// A story that has a title and nothing else, and is live.
    public init(title: String) {
        self.title = title
        section = []
        keyPoints = []
        tags = []
        status = .live
    }
}

/// Where a story is in its life.
public enum StoryStatus: String, Hashable, CaseIterable, MemberConvertible {
    /// Only holders of a key see it.
    case draft
    /// Everyone sees it, and it moves.
    case live
    /// Everyone sees it, it is over, and pollers come back seldom.
    case closed
}

/// The page or paper that a story was taken from.
public struct StorySource: MemberRecord {
    /// The name.
    public var name: String
    /// An absolute http or https URL.
    public var url: String?
    /// The date that the source gives for itself.
    public var date: Timestamp?

    /// See ``MemberRecord``.
    public static let members: [Member<StorySource>] = [
        Member("name", \.name, .line(atMost: Limits.nameCharacters)),
        Member("url", \.url, .url),
        Member("date", \.date, .time),
    ]

    /// See ``MemberRecord``.
    public static let blank = StorySource(name: "")

    /// A source by its name.
    public init(name: String, url: String? = nil, date: Timestamp? = nil) {
        self.name = name
        self.url = url
        self.date = date
    }
}

/// The members that a request names: those of the content, and the slug.
@dynamicMemberLookup
public struct StoryPatch: Sendable {
    /// What becomes of the content.
    public var content: MemberPatch<StoryContent>
    /// Its name in addresses.
    public var slug: PatchField<Slug> = .unchanged

    private static let coverageRule = "must not be before coverageStart"

    /// A patch of the content alone.
    public init(_ content: MemberPatch<StoryContent>) { self.content = content }

    /// A patch that changes nothing.
    public init() { self.init(MemberPatch()) }

    /// What becomes of a member of the content.
    public subscript<Value: MemberConvertible>(
        dynamicMember path: WritableKeyPath<StoryContent, Value>
    ) -> PatchField<Value> {
        get { content[path] }
        set { content[path] = newValue }
    }

    /// The members that the patch names, for the audit trail.
    public var memberNames: [String] { (slug.isSet ? ["slug"] : []) + content.memberNames }

    /// What is wrong with the members named, each looked at by itself; places are below `base`.
    public func errors(at base: String = "") -> [ValidationError] {
        var validator = Validator()
        if case .set(let start?) = self.coverageStart, case .set(let end?) = self.coverageEnd {
            validator.require(start <= end, at: base + "/coverageEnd", Self.coverageRule)
        }
        return content.errors(at: base) + validator.errors
    }

    /// Changes the content, or throws ``StoryError/invalid(_:)`` where members contradict one another
    /// and leaves it as it was.
    public func apply(to content: inout StoryContent) throws(StoryError) {
        var changed = content
        self.content.apply(to: &changed)
        if let source = changed.source, source.name.isEmpty {
            throw .invalid([ValidationError("/source/name", "is required")])
        }
        if let start = changed.coverageStart, let end = changed.coverageEnd, end < start {
            throw .invalid([ValidationError("/coverageEnd", Self.coverageRule)])
        }
        content = changed
    }
}
