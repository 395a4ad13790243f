// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories

/// The formats of a whole story. Routes, `rel=alternate` links and purged paths are derived from this list; `OverviewRenderer`
/// writes the formats.
enum StoryFormat: Int, CaseIterable, Sendable {
    case jsonFeed, atom, linkedData, page
    /// For other sites: markup to be included in their pages, and a page for a frame in them.
    case fragment, embed

    /// Formats for feed readers and search engines, to which pages link.
    static let feeds: [StoryFormat] = [.jsonFeed, .atom, .linkedData]

    /// The media type, with its response headers; of pages, with the policy of a site of which nothing is set.
    var format: MediaFormat {
        switch self {
        case .jsonFeed: .jsonFeed
        case .atom: .atom
        case .linkedData: .jsonLD
        case .page: SiteAppearance.standard.page
        case .fragment: .fragment
        case .embed: EmbedPage.format
        }
    }

    /// The name for display.
    func title(_ words: Words) -> String {
        switch self {
        case .jsonFeed: "JSON Feed"
        case .atom: words("atomFeed")
        case .linkedData: "LiveBlogPosting"
        case .page: "Page"
        case .fragment: "Fragment"
        case .embed: "Embed"
        }
    }

    /// The path of a story in this format.
    var story: PublicPath {
        switch self {
        case .jsonFeed: .ofStory("feed.json")
        case .atom: .ofStory("feed.atom")
        case .linkedData: .ofStory("liveblog.jsonld")
        case .page: PublicPath { story, _ in "/live/\(story)" }
        case .fragment: .ofStory("fragment.html")
        case .embed: PublicPath { story, _ in "/embed/\(story)" }
        }
    }

    /// The path of a single update, if the format has one.
    var update: PublicPath? {
        self == .page ? PublicPath(isOfUpdate: true) { "/live/\($0)/\($1)" } : nil
    }

    /// The query parameters of the story's path.
    var parameters: [String] {
        switch self {
        case .page: ["q", "only", "tag", "author", "order", "before"]
        case .fragment: ["form", "limit"]
        case .embed: ["form", "limit", "theme"]
        case .jsonFeed, .atom, .linkedData: ["limit", "before"]
        }
    }

    /// The media type that `Accept` must allow; `nil`: `Accept` is ignored.
    var negotiated: String? { format.ignoresAccept ? nil : format.mediaType }

    /// How it shows reactions.
    var shownReactions: ShownReactions { self == .page || self == .embed ? .throttled : .none }

    /// Whether it is a widget in markup, for pages of other sites.
    var isForOthers: Bool { self == .fragment || self == .embed }

    /// Returns a number for each format in each look, by which responses are cached.
    func number(_ look: WidgetLook) -> Int { rawValue + Self.allCases.count * look.number }

    /// Returns the canonical path of a story: pages use the slug, which is readable; all else the id, which never changes.
    func path(of present: Story) -> String {
        story.path(story: self == .page ? "\(present.slug)" : "\(present.id)")
    }
}

extension StoryOverview {
    /// The picture that represents the story: its own, or else the first among the updates shown that are not retracted.
    func picture(at site: String) -> SharedPicture? {
        story.content.image?.shared(at: site)
            ?? updates.lazy.filter { $0.stricken == nil }.compactMap { $0.pictures(at: site).first }.first
    }

    /// When anything shown last changed, including removals.
    var modifiedAt: Timestamp {
        let times = updates.map(\.modifiedAt) + pinned.map(\.modifiedAt) + removals.prefix(1).map(\.at)
        return times.reduce(story.modifiedAt) { max($0, $1) }
    }
}
