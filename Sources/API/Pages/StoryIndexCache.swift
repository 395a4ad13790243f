// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories

/// Pages of the story index. The first is cached until the next commit; further pages and searches are made for each request.
final class StoryIndexCache: Sendable {
    private let hub: ChannelHub
    private let jobs: JobQueue
    /// Returns the origin of all addresses.
    private let site: @Sendable () -> String
    private let current: CurrentSite
    private let latest: CommitCache<Asset>

    /// Maximum age of the cached page, because of its counts of the last hour.
    private static let longest: Duration = .seconds(10)

    init(hub: ChannelHub, jobs: JobQueue, _ current: CurrentSite, site: @escaping @Sendable () -> String) {
        (self.hub, self.jobs, self.current, self.site) = (hub, jobs, current, site)
        latest = CommitCache(hub: hub, keptFor: Self.longest)
    }

    func page(_ query: StoryIndexQuery) async throws -> Asset {
        if query.before != nil || !query.isOpen { return try await make(query) }
        return try await latest.value { try await make(query) }
    }

    private func make(_ query: StoryIndexQuery) async throws -> Asset {
        let page = try await hub.store.storyIndex(query)
        let appearance = try await current.current()
        let bytes = IndexPage(
            page: page, query: query, appearance: appearance, site: site(),
            language: appearance.language
        ).bytes()
        let format = appearance.page.inLanguage(appearance.language.words.language)
        return await Asset.packed("index.html", format, bytes, on: jobs)
    }
}
