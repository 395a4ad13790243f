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
    /// The sites that may have pages for frames in theirs.
    var framers = CORS.Configuration.Origins.any
    /// The pictures that are drawn; `nil`: none are.
    var social: SocialImages?
    /// Returns the origin of all addresses.
    let site: @Sendable () -> String

    private var drawsPictures: Bool { social?.isReady ?? false }

    func representation(
        _ overview: StoryOverview, as format: StoryFormat, _ query: OverviewQuery,
        _ look: WidgetLook, _ appearance: SiteAppearance
    ) -> Representation {
        let language = PageLanguage(of: overview.story, on: appearance.settings)
        let bytes = bytes(overview, as: format, query, look, language, appearance)
        return Representation(
            bytes: bytes, format: policed(format, query, appearance).inLanguage(language.ofText),
            tag: EntityTag.digest(bytes),
            story: overview.story.id, freshness: .init(overview.story.content.status))
    }

    /// Returns the format with the policy that the settings of the server give it.
    private func policed(
        _ format: StoryFormat, _ query: OverviewQuery, _ appearance: SiteAppearance
    ) -> MediaFormat {
        switch format {
        case .page: embeds(of: query) == .never ? appearance.page : appearance.framing
        case .embed: EmbedPage.format(of: appearance, embeds: embeds, framers: framers)
        default: format.format
        }
    }

    /// Pages of earlier updates have no script that could ask.
    private func embeds(of query: OverviewQuery) -> EmbedPolicy { query.isFirst ? embeds : .never }

    private func bytes(
        _ overview: StoryOverview, as format: StoryFormat, _ query: OverviewQuery, _ look: WidgetLook,
        _ language: PageLanguage, _ appearance: SiteAppearance
    ) -> [UInt8] {
        let content = overview.story.content
        let context = MarkupContext(
            slug: overview.story.slug, kinds: content.kinds(of: kinds), embeds: embeds(of: query),
            language: language)
        let site = site()
        let path = site + format.path(of: overview.story)
        let address = path + query.text
        let older = overview.older.map { path + query.next($0).text }
        switch format {
        case .page:
            return StoryPage(
                overview: overview, query: query, context: context, serverKinds: kinds, pushKey: pushKey,
                site: site, appearance: appearance, drawsPictures: drawsPictures
            ).bytes()
        case .fragment:
            return StoryFragment(overview: overview, form: look.form, context: context, site: site).bytes()
        case .embed:
            return EmbedPage(
                overview: overview, query: query, look: look, context: context, site: site,
                appearance: appearance
            ).bytes()
        case .jsonFeed:
            let feed = JSONFeed(
                overview: overview, settings: appearance.settings, site: site, context: context,
                address: address, older: older)
            return JSONWriter.line(of: feed, capacity: 64 * 1_024)
        case .atom:
            return AtomFeed(
                overview: overview, settings: appearance.settings, site: site, context: context,
                address: address, older: older,
                isFirst: query.isFirst
            ).bytes()
        case .linkedData:
            let posting = LiveBlogPosting(
                overview: overview, settings: appearance.settings, site: site, context: context,
                drawsPictures: drawsPictures)
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
