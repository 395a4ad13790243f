/// An entry of one of a story's lists: to a page elsewhere, to a story here, or a bare title.
public struct Link: MemberRecord {
    /// The headline.
    public var title: String
    /// An absolute http or https URL.
    public var url: String?
    /// A story here.
    public var story: Identifier?
    /// The address of a picture.
    public var image: String?

    /// See ``MemberRecord``.
    public static let members: [Member<Link>] = [
        Member("title", \.title, .line(atMost: Limits.titleCharacters)),
        Member("url", \.url, .url),
        Member("story", \.story, .identifier),
        Member("image", \.image, .url),
    ]

    /// See ``MemberRecord``.
    public static let blank = Link(title: "")

    /// An entry by its title.
    public init(title: String, url: String? = nil, story: Identifier? = nil, image: String? = nil) {
        self.title = title
        self.url = url
        self.story = story
        self.image = image
    }
}

/// The lists that a story has.
public enum LinkKind: String, Hashable, Sendable, CaseIterable {
    case related, ranking, recommendation
}

/// All lists of a story, each in the editor's order.
public struct LinkLists: Hashable, Sendable {
    private var lists: [LinkKind: [Link]] = [:]

    /// Empty lists.
    public init() {}

    /// One of the lists.
    public subscript(kind: LinkKind) -> [Link] {
        get { lists[kind] ?? [] }
        set { lists[kind] = newValue.isEmpty ? nil : newValue }
    }
}

extension Link {
    /// What is wrong with a list; places are below `base`. Whether a `story` exists only the store can tell.
    public static func errors(in links: [Link], at base: String = "") -> [ValidationError] {
        var validator = Validator()
        validator.value(links.memberValue, .list(.object(of: Link.self), atMost: Limits.links), at: base)
        return validator.errors
    }
}
