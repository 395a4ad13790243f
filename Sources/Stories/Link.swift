// SPDX-License-Identifier: Apache-2.0
/// An entry in one of a story's lists: an external link, a link to another story, or a bare title.
public struct Link: MemberRecord {
    /// The headline.
    public var title: String
    /// An absolute http or https URL.
    public var url: String?
    /// The id of a story on this server.
    public var story: Identifier?
    /// URL of an image.
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

    /// Memberwise.
    public init(title: String, url: String? = nil, story: Identifier? = nil, image: String? = nil) {
        self.title = title
        self.url = url
        self.story = story
        self.image = image
    }
}

/// The kinds of lists.
public enum LinkKind: String, Hashable, Sendable, CaseIterable {
    case related, ranking, recommendation
}

/// All lists of a story, each in editorial order.
public struct LinkLists: Hashable, Sendable {
    private var lists: [LinkKind: [Link]] = [:]

    /// Empty lists.
    public init() {}

    /// The list of a kind.
    public subscript(kind: LinkKind) -> [Link] {
        get { lists[kind] ?? [] }
        set { lists[kind] = newValue.isEmpty ? nil : newValue }
    }
}

extension Link {
    /// Validates a list; pointers are relative to `base`. Whether a linked story exists is checked by the store.
    public static func errors(in links: [Link], at base: String = "") -> [ValidationError] {
        var validator = Validator()
        validator.value(links.memberValue, .list(.object(of: Link.self), atMost: Limits.links), at: base)
        return validator.errors
    }
}
