// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories

/// The reader's page of a story: readable without scripts, updated live by one.
struct StoryPage {
    let overview: StoryOverview
    let query: OverviewQuery
    let context: MarkupContext
    /// The server's kinds of reaction, of which the context has those of the story.
    let serverKinds: [ReactionKind]
    /// The key for push subscriptions; `nil` without push.
    let pushKey: String?
    /// The origin of all addresses.
    let site: String
    /// What is set of the site.
    let appearance: SiteAppearance
    /// Whether pictures are drawn of what has none.
    let drawsPictures: Bool

    /// The kind of page.
    private enum Mode: String {
        /// The newest updates, updated live.
        case live
        /// Earlier updates, static.
        case older
        /// A single update, updated live.
        case update
        /// What a search finds, static.
        case search
    }

    private var mode: Mode {
        switch query {
        case .page(let query): query.before == nil ? .live : .older
        case .search: .search
        case .update: .update
        }
    }

    /// The query of a page of updates; of the page of one update that of all.
    private var list: SnapshotQuery {
        switch query {
        case .page(let query): query
        case .search(let search): search.page
        case .update: SnapshotQuery()
        }
    }

    /// What is searched for.
    private var searched: String? {
        if case .search(let search) = query { search.text } else { nil }
    }

    private var filter: UpdateFilter { list.filter }
    private var isFiltered: Bool { !filter.isOpen }
    /// Whether only some updates are in the list.
    private var isPart: Bool { isFiltered || mode == .search }
    private var isOldestFirst: Bool { list.order == .oldest }

    private var story: Story { overview.story }
    private var words: Words { context.language.words }

    func bytes() -> [UInt8] {
        let attributes: MarkupWriter.Attributes = [
            "data-story": story.id.description, "data-slug": story.slug.text,
            "data-cursor": overview.cursor.description, "data-status": story.content.status.rawValue,
            "data-lightbox": Assets.own.lightbox.path, "data-extras": Assets.own.extras.path,
            "data-embeds": context.embeds.rawValue,
            "data-kinds": context.kinds.map(\.name).joined(separator: " "),
            "data-server-kinds": story.content.reactionKinds.map { _ in
                serverKinds.map(\.name).joined(separator: " ")
            },
            "data-mode": mode.rawValue, "data-only": filter.keyEventsOnly ? "key" : nil,
            "data-tag": filter.tag, "data-author": filter.author,
            "data-order": isOldestFirst ? list.order.rawValue : nil, "data-older": olderJSON,
            "data-language": context.language.written,
            "data-zone": story.content.timeZone ?? appearance.settings.timeZone,
            "data-site": appearance.settings.name, "data-theme": story.content.theme.rawValue,
        ]
        return frame.bytes(attributes) {
            $0.element("a", ["class": "skip", "href": "#updates"], words: "skip")
            $0.masthead(appearance.settings)
            header(&$0)
            $0.element("div", ["id": "bar"], bar)
            $0.element("div", ["class": overview.keyEvents.isEmpty ? "columns" : "columns eventful"]) {
                $0.element("main", ["id": "updates-area"], updatesArea)
                $0.element("aside") {
                    $0.timeline(overview.keyEvents, context)
                    $0.linkLists(overview.links)
                }
            }
            $0.siteFooter(appearance.settings, more: footer)
        }
    }

    private func header(_ writer: inout MarkupWriter) {
        let status = story.content.status.rawValue
        switch mode {
        case _ where isPart: writer.shortHeader(story)
        case .live, .search:
            writer.storyHeader(story, overview.reactions.story, context)
            writer.foldScript()
        case .older: writer.shortHeader(story, "moreOf." + status)
        case .update: writer.shortHeader(story, "oneOf." + status)
        }
    }

    /// The bar stays in sight: the views, and in their place, once the header is out of sight, where one is.
    private func bar(_ writer: inout MarkupWriter) {
        writer.element("nav", ["class": "views", "aria-label": writer.words("views")], views)
        writer.element("nav", ["class": "here", "aria-label": words("updates")]) {
            $0.place(in: story)
            if mode == .live, !isOldestFirst { $0.element("a", ["href": "#updates"], words: "latest") }
            $0.element("a", ["class": "to-events", "href": "#timeline"], words: "keyEvents")
        }
        if mode == .live { writer.searchForm(words("searchStory")) }
        if mode == .live, !isPart { bell(&writer) }
        if mode != .older { writer.shareButton() }
    }

    /// The place of the bell, which the script fills where the browser can be notified.
    private func bell(_ writer: inout MarkupWriter) {
        guard let pushKey else { return }
        let catalogue = words.catalogue(for: LocalizedAsset.bellKeys)
        writer.element(
            "p",
            [
                "id": "bell", "data-key": pushKey, "data-script": Assets.own.bell.path,
                "data-words": String(decoding: catalogue, as: UTF8.self), "hidden": "",
            ], text: "")
    }

    private func updatesArea(_ writer: inout MarkupWriter) {
        if isPart { part(&writer) }
        writer.element("button", ["type": "button", "id": "news", "hidden": ""], text: "")
        if mode == .live {
            let pinned = isFiltered ? [] : overview.pinned
            let isHidden = pinned.isEmpty ? "" : nil
            writer.element("details", ["class": "pinned-updates", "data-fold": "pinned"]) {
                $0.element("summary") { $0.element("h2", words: "pinned") }
                $0.element("section", ["id": "pinned", "aria-label": $0.words("pinned"), "hidden": isHidden])
                {
                    updates(pinned, &$0)
                }
            }
            writer.foldScript()
            let isEmpty = overview.updates.isEmpty && pinned.isEmpty
            writer.element("p", ["id": "empty", "hidden": isEmpty ? nil : ""]) {
                $0.emptyWords(story, isFiltered: isFiltered)
            }
        }
        // Between the headings of the story and of each update.
        writer.element("h2", ["class": "visually-hidden"], words: "updates")
        writer.element("section", ["id": "updates", "aria-label": writer.words("updates"), "tabindex": "-1"])
        {
            // Pinned updates are shown above.
            updates(overview.updates.filter { mode != .live || isPart || !$0.content.pinned }, &$0)
        }
        if mode == .update {
            writer.element("p", ["id": "around"], around)
            bell(&writer)
        }
        writer.element("p", ["id": "older", "hidden": olderPage == nil ? "" : nil]) {
            $0.element(
                "a", ["rel": "next", "href": olderPage ?? "/live/\(story.slug)"],
                words: isOldestFirst ? "newerUpdates" : "olderUpdates")
        }
        writer.element("p", ["id": "connection", "role": "status"], text: "")
        writer.element(
            "p", ["id": "announcement", "class": "visually-hidden", "aria-live": "polite"], text: "")
    }

    /// Writes what the list shows, above it.
    private func part(_ writer: inout MarkupWriter) {
        if let searched { writer.searchForm(words("searchStory"), text: searched) }
        writer.part(shown)
    }

    private var shown: PartOfList {
        let names = [
            filter.keyEventsOnly ? words("keyEvents") : nil,
            filter.tag.map { "#" + (spelling(of: $0) ?? $0) },
            filter.author,
        ]
        return PartOfList(
            keys: PartOfList.updates, text: searched, names: names.compactMap(\.self),
            count: overview.matchCount,
            whole: viewAddress(UpdateFilter()))
    }

    /// Links from the page of one update: to its place in the story, and to the updates before and after it.
    private func around(_ writer: inout MarkupWriter) {
        guard let update = overview.updates.first else { return }
        writer.element(
            "a", ["href": "/live/\(story.slug)#u-\(update.id)"], words: "backToStory")
        for (event, key) in [(overview.newer, "newerUpdate"), (overview.olderUpdate, "olderUpdate")] {
            if let event { writer.neighbor(event, key, context) }
        }
    }

    private func views(_ writer: inout MarkupWriter) {
        let isShown = mode == .live
        writer.view(
            words("allUpdates"), viewAddress(UpdateFilter()), isCurrent: isShown && !isFiltered,
            short: words("allShort"))
        writer.view(
            words("keyEvents"), viewAddress(UpdateFilter(keyEventsOnly: true)),
            isCurrent: isShown && filter.keyEventsOnly)
        if let tag = filter.tag {
            writer.view("#" + (spelling(of: tag) ?? tag), viewAddress(filter), isCurrent: isShown)
        }
        if let author = filter.author { writer.view(author, viewAddress(filter), isCurrent: isShown) }
        guard mode != .update else { return }
        let other: UpdateOrder = isOldestFirst ? .newest : .oldest
        writer.view(
            words(isOldestFirst ? "newestFirst" : "oldestFirst"),
            "/live/\(story.slug)" + query(filter, other, searched), isCurrent: false, name: "order")
    }

    /// The tag as its updates spell it.
    private func spelling(of key: String) -> String? {
        overview.updates.lazy.flatMap(\.content.tags).first { Tag.key($0).hasSameBytes(as: key) }
    }

    private func updates(_ updates: [Update], _ writer: inout MarkupWriter) {
        var context = context
        context.canShare = true
        context.search = searched.map { UpdateSearch($0) }
        for update in updates { writer.update(update, overview.reactions.updates[update.id] ?? [:], context) }
    }

    private func footer(_ writer: inout MarkupWriter) {
        writer.element("p") { $0.element("a", ["href": "/"], words: "allStories") }
        writer.element("p", ["id": "feeds"]) {
            let feed = StoryFormat.atom
            $0.element(
                "a", ["href": feed.path(of: story), "type": feed.format.mediaType], words: "followStory")
        }
        // For print; the script adds when.
        writer.element("p", ["id": "printed"], text: address ?? "\(site)/live/\(story.slug)")
    }
}

extension MarkupWriter {
    /// Writes a link to a view of the story; where there is little room, it has a short text, or of this name a sign.
    fileprivate mutating func view(
        _ words: String, _ address: String, isCurrent: Bool, short: String? = nil, name: String? = nil
    ) {
        let current = isCurrent ? "page" : nil
        element("a", ["class": name, "href": address, "aria-current": current, "data-short": short]) {
            $0.name(words)
        }
    }
}

// MARK: Addresses

extension StoryPage {
    private var feeds: [(type: String, title: String, path: String)] {
        StoryFormat.feeds.map { ($0.format.mediaType, $0.title(words), $0.path(of: story)) }
    }

    private func query(
        _ filter: UpdateFilter, _ order: UpdateOrder, _ text: String? = nil, before: UpdatePosition? = nil
    ) -> String {
        var query = QueryBuilder()
        query.add("q", text)
        query.add("only", filter.keyEventsOnly ? "key" : nil)
        query.add("tag", filter.tag)
        query.add("author", filter.author)
        query.add("order", order == .newest ? nil : order.rawValue)
        query.add("before", before?.description)
        return query.text
    }

    private func query(before: UpdatePosition) -> String {
        query(filter, list.order, searched, before: before)
    }

    /// Address of a view.
    private func viewAddress(_ filter: UpdateFilter, _ order: UpdateOrder = .newest) -> String {
        "/live/\(story.slug)" + query(filter, order)
    }

    /// Address of the next HTML page.
    private var olderPage: String? { overview.older.map { "/live/\(story.slug)" + query(before: $0) } }

    /// Address of the next page as JSON, for the script.
    private var olderJSON: String? {
        mode == .live ? overview.older.map { "/stories/\(story.id)/updates" + query(before: $0) } : nil
    }

    /// How other sites find out that they may show this page; see ``OEmbed``.
    private var oEmbed: [(type: String, title: String, address: String)] {
        address.map { [("application/json+oembed", story.content.title, OEmbed.address(of: $0, at: site))] }
            ?? []
    }

    private var address: String? {
        switch query {
        // Views by tag and by author, and further pages, are not for search engines.
        case .page:
            mode == .live && filter.tag == nil && filter.author == nil ? "\(site)/live/\(story.slug)" : nil
        case .search: "\(site)/live/\(story.slug)"
        case .update(let id): site + context.address(of: id)
        }
    }
}

// MARK: The head

extension StoryPage {
    private var frame: HTMLPage {
        let update = mode == .update ? overview.updates.first : nil
        let titles = [
            isPart ? shown.title(words) : update.map { UpdateSummary($0, words).headline },
            story.content.title,
            appearance.settings.name,
        ]
        var frame = HTMLPage(
            appearance, title: titles.compactMap(\.self).joined(separator: " – "), language: context.language)
        frame.description =
            update.map {
                $0.description(atMost: Self.descriptionCharacters, words) ?? UpdateSummary($0, words).headline
            }
            ?? story.content.summary?.shortened(to: Self.descriptionCharacters)
        frame.canonical = address
        frame.isIndexed = mode != .search
        frame.alternates = feeds.map { ($0.type, $0.title, site + $0.path) } + oEmbed
        frame.properties = properties(update, frame)
        let picture = picture
        frame.names = [("twitter:card", picture == nil ? "summary" : "summary_large_image")]
        if let picture { frame.names.append(("twitter:image", picture.url)) }
        if mode != .older {
            frame.script = LocalizedAsset.live.asset(in: words).path
        }
        if mode == .live || mode == .update {
            let posting = LiveBlogPosting(
                overview: overview, settings: appearance.settings, site: site, context: context,
                drawsPictures: drawsPictures, bodyCharacters: Self.postingCharacters,
                postings: Self.postings)
            frame.linkedData = PageGraph(posting: posting).bytesForMarkup()
        }
        return frame
    }

    private static let descriptionCharacters = 300
    /// All updates, with their whole texts, are in `liveblog.jsonld`; a page has 50 of them, and must be light.
    private static let postings = 25
    private static let postingCharacters = 80

    /// The picture of link previews: of an update, its own before that of the story; of a retracted one, what is drawn before all others.
    private var picture: SharedPicture? {
        let update = mode == .update ? overview.updates.first : nil
        let isRetracted = update?.stricken != nil
        if isRetracted, let drawn = drawn(update) { return drawn }
        let own = isRetracted ? nil : update?.pictures(at: site).first
        return own ?? overview.picture(at: site) ?? appearance.settings.defaultImage?.shared(at: site)
            ?? drawn(update)
    }

    private func drawn(_ update: Update?) -> SharedPicture? {
        guard drawsPictures else { return nil }
        return SocialCard(of: story, update, on: appearance.settings, at: site)?.shared(at: site)
    }

    /// Returns the Open Graph properties: the basic ones and those of an article.
    private func properties(_ update: Update?, _ frame: HTMLPage) -> [(String, String)] {
        let image = picture
        let members: [(String, String?)] = [
            ("og:type", "article"),
            ("og:site_name", appearance.settings.name == nil ? SiteAddress.host(of: site) : nil),
            ("og:locale", context.language.ofText?.underscored),
            ("og:title", update.map { UpdateSummary($0, words).headline } ?? story.content.title),
            ("og:description", frame.description), ("og:url", address ?? "\(site)/live/\(story.slug)"),
            ("og:image", image?.url), ("og:image:width", image?.width.map(String.init)),
            ("og:image:height", image?.height.map(String.init)),
            ("og:image:type", image?.type?.rawValue), ("og:image:alt", image?.alt),
            (
                "article:published_time",
                (update?.publishedAt ?? story.publishedAt ?? story.createdAt).description
            ),
            ("article:modified_time", (update?.modifiedAt ?? overview.modifiedAt).description),
        ]
        return members.compactMap { name, value in value.map { (name, $0) } }
    }
}

extension String {
    /// A language tag as Open Graph has it: `pt_BR`.
    fileprivate var underscored: String {
        String(decoding: utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }
}
