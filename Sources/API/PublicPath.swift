// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// A path at which readers find a story or one of its updates, and which caches may therefore hold. Routes and purges are derived
/// from these.
struct PublicPath: Sendable {
    /// Whether it is the path of a single update.
    let isOfUpdate: Bool
    private let build: @Sendable (_ story: String, _ update: String) -> String

    init(isOfUpdate: Bool = false, _ build: @escaping @Sendable (String, String) -> String) {
        (self.isOfUpdate, self.build) = (isOfUpdate, build)
    }

    /// The template of the route.
    var template: String { build("{story}", "{update}") }

    /// Returns the path for one of the names of a story, and for an update.
    func path(story: String, update: String = "") -> String { build(story, update) }

    /// The story itself.
    static let story = PublicPath { story, _ in "/stories/\(story)" }
    /// Its feed.
    static let updates = ofStory("updates")
    /// Its counts of reactions.
    static let reactions = ofStory("reactions")
    /// Its lists of links.
    static let links = ofStory("links")
    /// One of its updates.
    static let update = PublicPath(isOfUpdate: true) { "/stories/\($0)/updates/\($1)" }

    /// Returns a path below that of the story.
    static func ofStory(_ part: String) -> PublicPath {
        PublicPath { story, _ in "/stories/\(story)/\(part)" }
    }

    /// All of them; `PurgingTests` compares this list with the routes.
    static let all =
        [story, updates, reactions, links, update] + StoryFormat.allCases.map(\.story)
        + StoryFormat.allCases.compactMap(\.update)

    /// Paths of what is made of many stories: lists and status pages.
    static let lists =
        ["/", "/stories", "/sitemap.xml", "/sitemap-news.xml"] + StatusPageFormat.allCases.map(\.path)

    /// Returns all paths at which caches may hold text of a story with these names, and of one update; also the lists.
    static func paths(of names: [String], update: Identifier?) -> [String] {
        let kinds = all.filter { update != nil || !$0.isOfUpdate }
        return names.flatMap { name in
            kinds.map { $0.path(story: name, update: update?.description ?? "") }
        } + lists
    }
}

extension StoryNames {
    /// Returns ``PublicPath/paths(of:update:)`` for the story's id (first) and for its present and former slugs.
    func publicPaths(with update: Identifier? = nil) -> [String] {
        PublicPath.paths(of: [id.description] + ([slug] + formerSlugs).map(\.text), update: update)
    }
}
