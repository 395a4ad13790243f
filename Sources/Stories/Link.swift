/// An entry of one of a story's lists: to a page elsewhere, to a story here, or a bare title.
public struct Link: Hashable, Sendable {
    /// The headline.
    public var title: String
    /// An absolute http or https URL.
    public var url: String?
    /// A story here.
    public var story: Identifier?
    /// The address of a picture.
    public var image: String?

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
        validator.list(links, at: base, atMost: Limits.links) { validator, link, place in
            validator.line(link.title, at: place + "/title", atMost: Limits.titleCharacters)
            if let url = link.url { validator.url(url, at: place + "/url") }
            if let image = link.image { validator.url(image, at: place + "/image") }
        }
        return validator.errors
    }
}
