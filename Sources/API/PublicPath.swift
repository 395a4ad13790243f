// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// A path under which everybody finds a story or one of its updates, and so a path that caches may hold: of these, routes are made and caches
/// are purged.
struct PublicPath: Sendable {
    /// Whether it is of one update.
    let isOfUpdate: Bool
    private let build: @Sendable (_ story: String, _ update: String) -> String

    init(isOfUpdate: Bool = false, _ build: @escaping @Sendable (String, String) -> String) {
        (self.isOfUpdate, self.build) = (isOfUpdate, build)
    }

    /// The template of the route.
    var template: String { build("{story}", "{update}") }

    /// The path of a story by one of its names, and of an update.
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

    /// Something that belongs to the story.
    static func ofStory(_ part: String) -> PublicPath {
        PublicPath { story, _ in "/stories/\(story)/\(part)" }
    }

    /// All of them. `PurgingTests` holds this list against the routes that there are.
    static let all =
        [story, updates, reactions, links] + StoryFormat.feeds.map(\.story) + [
            update, StoryFormat.page.story,
        ]
        + StoryFormat.allCases.compactMap(\.update)

    /// Those under which many stories are found.
    static let lists = ["/", "/stories"]

    /// All paths under which caches may hold text of a story with these names, and of an update of it; and the lists.
    static func paths(of names: [String], update: Identifier?) -> [String] {
        let kinds = all.filter { update != nil || !$0.isOfUpdate }
        return names.flatMap { name in
            kinds.map { $0.path(story: name, update: update?.description ?? "") }
        } + lists
    }
}

extension StoryNames {
    /// See ``PublicPath/paths(of:update:)``: by the story's id (first) and by each slug that it has or had.
    func publicPaths(with update: Identifier? = nil) -> [String] {
        PublicPath.paths(of: [id.description] + ([slug] + formerSlugs).map(\.text), update: update)
    }
}
