// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Live
internal import Stories

/// Renders story overviews as pages and feeds.
struct OverviewRenderer: Sendable {
    let kinds: [ReactionKind]
    let embeds: EmbedPolicy
    /// The key for push subscriptions, as browsers take it; `nil` without push.
    var pushKey: String?
    /// Returns the origin of all addresses.
    let site: @Sendable () -> String

    func representation(
        _ overview: StoryOverview, as format: StoryFormat, _ query: OverviewQuery
    ) -> Representation {
        let bytes = bytes(overview, as: format, query)
        let framing = format == .page && embeds(of: query) != .never ? HTMLPage.framing : format.format
        return Representation(
            bytes: bytes, format: framing, tag: EntityTag.digest(bytes), story: overview.story.id,
            freshness: .init(overview.story.content.status))
    }

    /// Pages of earlier updates have no script that could ask.
    private func embeds(of query: OverviewQuery) -> EmbedPolicy { query.isFirst ? embeds : .never }

    private func bytes(_ overview: StoryOverview, as format: StoryFormat, _ query: OverviewQuery) -> [UInt8] {
        let context = MarkupContext(slug: overview.story.slug, kinds: kinds, embeds: embeds(of: query))
        let site = site()
        let path = site + format.path(of: overview.story)
        let address = path + query.text
        let older = overview.older.map { path + query.next($0).text }
        switch format {
        case .page:
            return StoryPage(
                overview: overview, query: query, context: context, pushKey: pushKey, site: site
            ).bytes()
        case .jsonFeed:
            let feed = JSONFeed(
                overview: overview, site: site, context: context, address: address, older: older)
            return JSONWriter.line(of: feed, capacity: 64 * 1_024)
        case .atom:
            return AtomFeed(
                overview: overview, site: site, context: context, address: address, older: older,
                isFirst: query.isFirst
            ).bytes()
        case .linkedData:
            let posting = LiveBlogPosting(overview: overview, site: site, context: context)
            return JSONWriter.line(of: posting, capacity: 64 * 1_024)
        }
    }
}

extension OverviewQuery {
    fileprivate var isFirst: Bool {
        if case .page(let query) = self { query.before == nil } else { true }
    }

    /// The canonical query string. Defaults are omitted, so that equivalent requests share an address.
    fileprivate var text: String {
        guard case .page(let query) = self else { return "" }
        var text = QueryBuilder()
        text.add("limit", query.limit == Limits.defaultPageSize ? nil : String(query.limit))
        text.add("before", query.before?.description)
        return text.text
    }

    /// Returns the query of the next page.
    fileprivate func next(_ position: UpdatePosition) -> OverviewQuery {
        guard case .page(var query) = self else { return self }
        query.before = position
        return .page(query)
    }
}
