// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories
internal import Synchronization

/// The stories that readers may see, for search engines (sitemaps.org 0.9).
struct Sitemap {
    let addresses: StoryAddresses
    /// The origin of all addresses.
    let site: String
    /// The page, from 1; `nil`: the document at the address without one, which names the pages if there are several.
    let page: Int?

    /// The most addresses that the protocol allows in a document.
    static let pageSize = 50_000
    /// Numbers of pages: the protocol allows as many in an index, which is more stories than there will be.
    static let pages = 1...1_000

    func bytes() -> [UInt8] {
        var writer = MarkupWriter(.xml, in: .fallback)
        writer.raw(#"<?xml version="1.0" encoding="utf-8"?>"# + "\n")
        let space: MarkupWriter.Attributes = ["xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"]
        if page == nil, addresses.count > Self.pageSize {
            writer.element("sitemapindex", space, pages)
        } else {
            writer.element("urlset", space, stories)
        }
        writer.raw("\n")
        return writer.bytes
    }

    private func pages(_ writer: inout MarkupWriter) {
        let count = (addresses.count + Self.pageSize - 1) / Self.pageSize
        for number in Self.pages.prefix(count) {
            writer.element("sitemap") { $0.element("loc", text: "\(site)/sitemap.xml?page=\(number)") }
        }
    }

    private func stories(_ writer: inout MarkupWriter) {
        for entry in addresses.entries {
            writer.element("url") {
                $0.element("loc", text: "\(site)/live/\(entry.slug)")
                $0.element("lastmod", text: entry.changedAt.description)
            }
        }
    }
}

/// The sitemap, each page cached until the next commit.
final class SitemapCache: Sendable {
    private let hub: ChannelHub
    private let jobs: JobQueue
    /// Returns the origin of all addresses.
    private let site: @Sendable () -> String
    private let first: CommitCache<Asset>
    private let pages = Mutex<[Int: CommitCache<Asset>]>([:])

    init(hub: ChannelHub, jobs: JobQueue, site: @escaping @Sendable () -> String) {
        (self.hub, self.jobs, self.site) = (hub, jobs, site)
        first = CommitCache(hub: hub)
    }

    /// Returns a document; see ``Sitemap/page``. Throws `.notFound` for a page after the last.
    func document(_ page: Int?) async throws -> Asset {
        try await cache(of: page).value {
            let addresses = try await hub.store.storyAddresses(
                from: ((page ?? 1) - 1) * Sitemap.pageSize, atMost: Sitemap.pageSize)
            guard page == nil || !addresses.entries.isEmpty else {
                throw Problem(.notFound, "the sitemap has no such page")
            }
            let bytes = Sitemap(addresses: addresses, site: site(), page: page).bytes()
            return await Asset.packed("sitemap.xml", .xml, bytes, on: jobs)
        }
    }

    private func cache(of page: Int?) -> CommitCache<Asset> {
        guard let page else { return first }
        return pages.withLock { pages in
            let cache = pages[page] ?? CommitCache(hub: hub)
            pages[page] = cache
            return cache
        }
    }
}
