internal import HTTP
internal import Stories

extension StoryNames {
    /// The paths under which caches may hold text of the story: those of every route that shows it, by its id (first) and by each slug
    /// that it has or had; of the given update too; and the lists.
    func cachePaths(of update: Identifier? = nil) -> [String] {
        let names = [id.description] + ([slug] + formerSlugs).map(\.text)
        return names.flatMap { Self.paths(of: $0, update) } + ["/", "/stories"]
    }

    private static func paths(of story: String, _ update: Identifier?) -> [String] {
        let parts =
            ["", "/updates", "/reactions", "/links", "/feed.json", "/feed.atom", "/liveblog.jsonld"]
            + (update.map { ["/updates/\($0)"] } ?? [])
        return parts.map { "/stories/\(story)\($0)" } + ["/live/\(story)"]
            + (update.map { ["/live/\(story)/\($0)"] } ?? [])
    }
}

extension Call {
    /// Has the cache in front forget what readers must not see any more. The write is committed and stands, whatever comes of this.
    func purge(_ names: StoryNames, update: Identifier? = nil) async {
        _ = await purge(names.cachePaths(of: update))
    }

    /// The same for the story as it stands now.
    func purge(_ story: StoryReference, update: Identifier? = nil, from store: any StoryStore) async {
        guard canPurge else { return }
        do throws(StoryError) {
            await purge(try await store.names(of: story, access: access), update: update)
        } catch {
            // The operator hears of it; the write of the caller is done.
            if case .storage(let trouble) = error { report(trouble) }
        }
    }
}
