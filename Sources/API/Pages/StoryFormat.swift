internal import HTTP
internal import JSON
internal import Live
internal import Stories

/// The forms in which a story is shown whole.
enum StoryFormat: Int, Hashable, Sendable {
    case page, jsonFeed, atom, linkedData

    /// What names it in keys of the cache.
    var number: Int { rawValue }

    /// What it shows of the reactions.
    var shownReactions: ShownReactions { self == .page ? .throttled : .none }

    /// Those that readers of feeds, and search engines, ask for.
    static let feeds: [StoryFormat] = [.jsonFeed, .atom, .linkedData]

    var format: MediaFormat {
        switch self {
        case .page: HTMLPage.format
        case .jsonFeed: .jsonFeed
        case .atom: .atom
        case .linkedData: .jsonLD
        }
    }

    /// For people.
    var title: String {
        switch self {
        case .page: "Page"
        case .jsonFeed: "JSON Feed"
        case .atom: "Atom feed"
        case .linkedData: "LiveBlogPosting"
        }
    }

    func path(of story: Story) -> String {
        switch self {
        case .page: "/live/\(story.slug)"
        case .jsonFeed: "/stories/\(story.id)/feed.json"
        case .atom: "/stories/\(story.id)/feed.atom"
        case .linkedData: "/stories/\(story.id)/liveblog.jsonld"
        }
    }
}

extension StoryOverview {
    /// The picture that stands for the story: the first of those shown that was not retracted.
    var picture: (url: String, alt: String?)? {
        updates.lazy.filter { $0.stricken == nil }.compactMap(\.picture).first
    }

    /// When anything that it shows last changed: a removal, too.
    var modifiedAt: Timestamp {
        let times = updates.map(\.modifiedAt) + pinned.map(\.modifiedAt) + removals.prefix(1).map(\.at)
        return times.reduce(story.modifiedAt) { max($0, $1) }
    }
}
