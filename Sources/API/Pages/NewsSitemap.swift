// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories

/// A sitemap for news (sitemaps.org 0.9 with Google's extension for news 0.9): the stories published in the last two days.
struct NewsSitemap {
    let stories: [Story]
    /// The origin of all addresses.
    let site: String
    /// The name of the site.
    let name: String

    /// No story that is older belongs in it.
    static let period: Int64 = 2 * 86_400_000
    /// The most entries that are read.
    static let maximumCount = 1_000

    func bytes() -> [UInt8] {
        var writer = MarkupWriter(.xml, in: .fallback)
        writer.raw(#"<?xml version="1.0" encoding="utf-8"?>"# + "\n")
        let spaces: MarkupWriter.Attributes = [
            "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
            "xmlns:news": "http://www.google.com/schemas/sitemap-news/0.9",
        ]
        writer.element("urlset", spaces) { for story in stories { $0.entry(story, site, name) } }
        writer.raw("\n")
        return writer.bytes
    }
}

extension MarkupWriter {
    fileprivate mutating func entry(_ story: Story, _ site: String, _ name: String) {
        element("url") {
            $0.element("loc", text: "\(site)/live/\(story.slug)")
            $0.element("news:news") {
                $0.element("news:publication") {
                    $0.element("news:name", text: name)
                    $0.element("news:language", text: story.newsLanguage)
                }
                $0.element("news:publication_date", text: (story.publishedAt ?? story.createdAt).description)
                $0.element("news:title", text: story.content.title)
            }
        }
    }
}

extension Story {
    /// The language as sitemaps for news name it (ISO 639); English if it is not known.
    fileprivate var newsLanguage: String {
        String(decoding: (content.language ?? "en").utf8.prefix { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }
}

/// The sitemap for news, cached until the next commit.
final class NewsSitemapCache: Sendable {
    private let hub: ChannelHub
    private let jobs: JobQueue
    /// Returns the origin of all addresses.
    private let site: @Sendable () -> String
    /// Returns the name of the site.
    private let name: @Sendable () -> String
    private let latest: CommitCache<Asset>

    /// Maximum age of the sitemap, because stories leave it as time passes.
    private static let longest: Duration = .seconds(60)

    init(
        hub: ChannelHub, jobs: JobQueue, site: @escaping @Sendable () -> String,
        name: @escaping @Sendable () -> String
    ) {
        (self.hub, self.jobs, self.site, self.name) = (hub, jobs, site, name)
        latest = CommitCache(hub: hub, keptFor: Self.longest)
    }

    func document() async throws -> Asset {
        try await latest.value {
            let bytes = NewsSitemap(stories: try await stories(), site: site(), name: name()).bytes()
            return await Asset.packed("sitemap-news.xml", .xml, bytes, on: jobs)
        }
    }

    /// Reads the index by its last activity: what was published in the last two days was active in them.
    private func stories() async throws -> [Story] {
        let start = Timestamp(milliseconds: Timestamp.wallClock.milliseconds - NewsSitemap.period)
        var (recent, before): ([Story], StoryPosition?) = ([], nil)
        repeat {
            let page = try await hub.store.storyIndex(StoryIndexQuery(before: before))
            let entries = page.live + page.closed
            recent += entries.map(\.story).filter { ($0.publishedAt ?? $0.createdAt) >= start }
            before = page.closed.last.map { $0.activeAt >= start } == true ? page.older : nil
        } while before != nil && recent.count < NewsSitemap.maximumCount
        return Array(recent.prefix(NewsSitemap.maximumCount))
    }
}
