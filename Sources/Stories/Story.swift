/// A live story: what stands above its updates, and where it is in its life.
public struct Story: Hashable, Sendable {
    /// Its name for ever.
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
public struct StoryContent: Hashable, Sendable {
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
public enum StoryStatus: String, Hashable, Sendable, CaseIterable {
    /// Only holders of a key see it.
    case draft
    /// Everyone sees it, and it moves.
    case live
    /// Everyone sees it, it is over, and pollers come back seldom.
    case closed
}

/// The page or paper that a story was taken from.
public struct StorySource: Hashable, Sendable {
    /// The name.
    public var name: String
    /// An absolute http or https URL.
    public var url: String?
    /// The date that the source gives for itself.
    public var date: Timestamp?

    /// A source by its name.
    public init(name: String, url: String? = nil, date: Timestamp? = nil) {
        self.name = name
        self.url = url
        self.date = date
    }
}

/// What a write does to a member: leaves it, or gives it a value.
public enum PatchField<Value: Sendable>: Sendable {
    case unchanged
    case set(Value)

    var isSet: Bool {
        if case .set = self { true } else { false }
    }

    func apply(to member: inout Value) {
        if case .set(let value) = self { member = value }
    }

    func inspect<Failure>(_ body: (Value) throws(Failure) -> Void) throws(Failure) {
        if case .set(let value) = self { try body(value) }
    }
}

/// The members that a request names. A new story is this applied to an empty one, an edit (RFC 7396) to the one
/// that stands.
public struct StoryPatch: Sendable {
    /// Its name in addresses.
    public var slug: PatchField<Slug> = .unchanged
    /// The headline.
    public var title: PatchField<String> = .unchanged
    /// The standfirst.
    public var summary: PatchField<String?> = .unchanged
    /// The breadcrumb, outermost first.
    public var section: PatchField<[String]> = .unchanged
    /// Who signs the story.
    public var byline: PatchField<String?> = .unchanged
    /// What a reader should know.
    public var keyPoints: PatchField<[String]> = .unchanged
    /// What it is about.
    public var tags: PatchField<[String]> = .unchanged
    /// Where it is in its life.
    public var status: PatchField<StoryStatus> = .unchanged
    /// Where it was taken from.
    public var source: PatchField<StorySourcePatch?> = .unchanged
    /// When the coverage begins.
    public var coverageStart: PatchField<Timestamp?> = .unchanged
    /// When the coverage ends.
    public var coverageEnd: PatchField<Timestamp?> = .unchanged

    private static let coverageRule = "must not be before coverageStart"

    /// A patch that changes nothing.
    public init() {}

    /// What is wrong with the members named, each looked at by itself; places are below `base`.
    public func errors(at base: String = "") -> [ValidationError] {
        var validator = Validator()
        title.inspect { validator.line($0, at: base + "/title", atMost: Limits.titleCharacters) }
        summary.inspect {
            $0.map { validator.text($0, at: base + "/summary", atMost: Limits.summaryCharacters) }
        }
        section.inspect { section in
            validator.list(section, at: base + "/section", atMost: Limits.sections) {
                $0.line($1, at: $2, atMost: Limits.sectionCharacters)
            }
        }
        byline.inspect { $0.map { validator.line($0, at: base + "/byline", atMost: Limits.nameCharacters) } }
        keyPoints.inspect { points in
            validator.list(points, at: base + "/keyPoints", atMost: Limits.keyPoints) {
                $0.line($1, at: $2, atMost: Limits.keyPointCharacters)
            }
        }
        tags.inspect { validator.tags($0, at: base + "/tags") }
        source.inspect { $0.map { $0.check(&validator, at: base + "/source") } }
        if case .set(let start?) = coverageStart, case .set(let end?) = coverageEnd {
            validator.require(start <= end, at: base + "/coverageEnd", Self.coverageRule)
        }
        return validator.errors
    }

    /// Changes the content, or throws ``StoryError/invalid(_:)`` where members contradict one another
    /// and leaves it as it was.
    public func apply(to content: inout StoryContent) throws(StoryError) {
        var changed = content
        title.apply(to: &changed.title)
        summary.apply(to: &changed.summary)
        section.apply(to: &changed.section)
        byline.apply(to: &changed.byline)
        keyPoints.apply(to: &changed.keyPoints)
        tags.applyTags(to: &changed.tags)
        status.apply(to: &changed.status)
        try source.inspect { patch throws(StoryError) in
            changed.source = try patch?.applied(to: changed.source)
        }
        coverageStart.apply(to: &changed.coverageStart)
        coverageEnd.apply(to: &changed.coverageEnd)
        if let start = changed.coverageStart, let end = changed.coverageEnd, end < start {
            throw .invalid([ValidationError("/coverageEnd", Self.coverageRule)])
        }
        content = changed
    }
}

/// The members of a source that a request names; a merge patch goes into objects (RFC 7396 §2).
public struct StorySourcePatch: Sendable {
    /// The name.
    public var name: PatchField<String> = .unchanged
    /// An absolute http or https URL.
    public var url: PatchField<String?> = .unchanged
    /// The date that the source gives.
    public var date: PatchField<Timestamp?> = .unchanged

    /// A patch that changes nothing.
    public init() {}

    /// A patch that names every member.
    public init(_ source: StorySource) {
        (name, url, date) = (.set(source.name), .set(source.url), .set(source.date))
    }

    func check(_ validator: inout Validator, at pointer: String) {
        name.inspect { validator.line($0, at: pointer + "/name", atMost: Limits.nameCharacters) }
        url.inspect { $0.map { validator.url($0, at: pointer + "/url") } }
    }

    /// The source that comes of it; throws where it would have no name.
    func applied(to source: StorySource?) throws(StoryError) -> StorySource {
        var changed = source ?? StorySource(name: "")
        name.apply(to: &changed.name)
        url.apply(to: &changed.url)
        date.apply(to: &changed.date)
        guard !changed.name.isEmpty else { throw .invalid([ValidationError("/source/name", "is required")]) }
        return changed
    }
}
