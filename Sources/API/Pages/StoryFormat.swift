// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories

/// The formats in which a story is shown whole. From this one list follow their routes, the `rel=alternate` links between them, and the
/// paths that are purged; `OverviewRenderer` writes them.
enum StoryFormat: Int, CaseIterable, Sendable {
    case jsonFeed, atom, linkedData, page

    /// Those that feed readers and search engines ask for, to which pages link.
    static let feeds = allCases.filter { $0 != .page }

    /// The media type, and what goes with it.
    var format: MediaFormat {
        switch self {
        case .jsonFeed: .jsonFeed
        case .atom: .atom
        case .linkedData: .jsonLD
        case .page: HTMLPage.format
        }
    }

    /// For people.
    var title: String {
        switch self {
        case .jsonFeed: "JSON Feed"
        case .atom: "Atom feed"
        case .linkedData: "LiveBlogPosting"
        case .page: "Page"
        }
    }

    /// Where a story is found in it.
    var story: PublicPath {
        switch self {
        case .jsonFeed: .ofStory("feed.json")
        case .atom: .ofStory("feed.atom")
        case .linkedData: .ofStory("liveblog.jsonld")
        case .page: PublicPath { story, _ in "/live/\(story)" }
        }
    }

    /// Where one update is found alone, if it is shown alone.
    var update: PublicPath? {
        self == .page ? PublicPath(isOfUpdate: true) { "/live/\($0)/\($1)" } : nil
    }

    /// The query parameters of the story's path.
    var parameters: [String] { self == .page ? ["only", "before"] : ["limit", "before"] }

    /// What `Accept` must let through; `nil`: it is disregarded.
    var negotiated: String? { format.ignoresAccept ? nil : format.mediaType }

    /// What it shows of the reactions.
    var shownReactions: ShownReactions { self == .page ? .throttled : .none }

    /// The canonical path of a story: pages go by the slug, for people read it; all else by the id, which never changes.
    func path(of present: Story) -> String {
        story.path(story: self == .page ? "\(present.slug)" : "\(present.id)")
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
