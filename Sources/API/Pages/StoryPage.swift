// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories

/// The reader's page of a story: readable without scripts, updated live by one.
struct StoryPage {
    let overview: StoryOverview
    let query: OverviewQuery
    let context: MarkupContext
    /// The key for push subscriptions; `nil` without push.
    let pushKey: String?
    /// The origin of all addresses.
    let site: String

    /// The kind of page.
    private enum Mode: String {
        /// The newest updates, updated live.
        case live
        /// Earlier updates, static.
        case older
        /// A single update, updated live.
        case update
    }

    private var mode: Mode {
        switch query {
        case .page(let query): query.before == nil ? .live : .older
        case .update: .update
        }
    }

    private var isFiltered: Bool {
        if case .page(let query) = query { query.filter.keyEventsOnly } else { false }
    }

    private var story: Story { overview.story }

    func bytes() -> [UInt8] {
        let attributes: MarkupWriter.Attributes = [
            "data-story": story.id.description, "data-slug": story.slug.text,
            "data-cursor": overview.cursor.description, "data-status": story.content.status.rawValue,
            "data-lightbox": Assets.own.lightbox.path,
            "data-embeds": context.embeds.rawValue,
            "data-kinds": context.kinds.map(\.name).joined(separator: " "),
            "data-mode": mode.rawValue, "data-only": isFiltered ? "key" : nil, "data-older": olderJSON,
        ]
        return frame.bytes(attributes) {
            $0.element("a", ["class": "skip", "href": "#updates"], text: "Skip to the updates")
            $0.storyHeader(story, overview.reactions.story, context)
            $0.element("div", ["class": "columns"]) {
                $0.element("main", ["id": "updates-area"], updatesArea)
                $0.element("aside") {
                    $0.timeline(overview.keyEvents, context)
                    $0.linkLists(overview.links)
                }
            }
            $0.element("footer", ["id": "feeds"], footer)
        }
    }

    private func updatesArea(_ writer: inout MarkupWriter) {
        writer.element("nav", ["class": "views", "aria-label": "Views"], views)
        if let pushKey, mode != .older {
            // The script fills it where the browser can be notified.
            writer.element("p", ["id": "bell", "data-key": pushKey, "hidden": ""], text: "")
        }
        writer.element("button", ["type": "button", "id": "news", "hidden": ""], text: "")
        if mode == .live {
            let pinned = isFiltered ? [] : overview.pinned
            let isHidden = pinned.isEmpty ? "" : nil
            writer.element("section", ["id": "pinned", "aria-label": "Pinned", "hidden": isHidden]) {
                updates(pinned, &$0)
            }
        }
        writer.element("section", ["id": "updates", "aria-label": "Updates", "tabindex": "-1"]) {
            // Pinned updates are shown above.
            updates(overview.updates.filter { mode != .live || isFiltered || !$0.content.pinned }, &$0)
        }
        writer.element("p", ["id": "older", "hidden": olderPage == nil ? "" : nil]) {
            $0.element(
                "a", ["rel": "next", "href": olderPage ?? "/live/\(story.slug)"], text: "Older updates")
        }
        writer.element("p", ["id": "connection", "role": "status"], text: "")
        writer.element(
            "p", ["id": "announcement", "class": "visually-hidden", "aria-live": "polite"], text: "")
    }

    private func views(_ writer: inout MarkupWriter) {
        let isAll = mode == .live && !isFiltered
        writer.element(
            "a", ["href": "/live/\(story.slug)", "aria-current": isAll ? "page" : nil], text: "All updates")
        writer.element(
            "a",
            [
                "href": "/live/\(story.slug)?only=key",
                "aria-current": mode == .live && isFiltered ? "page" : nil,
            ], text: "Key events")
    }

    private func updates(_ updates: [Update], _ writer: inout MarkupWriter) {
        for update in updates { writer.update(update, overview.reactions.updates[update.id] ?? [:], context) }
    }

    private func footer(_ writer: inout MarkupWriter) {
        writer.text("Follow this story: ")
        for (index, feed) in feeds.enumerated() {
            if index > 0 { writer.text(" · ") }
            writer.element("a", ["href": feed.path, "type": feed.type], text: feed.title)
        }
        writer.text(" · ")
        writer.element("a", ["href": "/"], text: "All stories")
    }
}

// MARK: Addresses

extension StoryPage {
    private var feeds: [(type: String, title: String, path: String)] {
        StoryFormat.feeds.map { ($0.format.mediaType, $0.title, $0.path(of: story)) }
    }

    private func query(before: UpdatePosition) -> String {
        var query = QueryBuilder()
        query.add("only", isFiltered ? "key" : nil)
        query.add("before", before.description)
        return query.text
    }

    /// Address of the next HTML page.
    private var olderPage: String? { overview.older.map { "/live/\(story.slug)" + query(before: $0) } }

    /// Address of the next page as JSON, for the script.
    private var olderJSON: String? {
        mode == .live ? overview.older.map { "/stories/\(story.id)/updates" + query(before: $0) } : nil
    }

    private var address: String? {
        switch query {
        case .page: mode == .live ? "\(site)/live/\(story.slug)" : nil
        case .update(let id): site + context.address(of: id)
        }
    }
}

// MARK: The head

extension StoryPage {
    private var frame: HTMLPage {
        let update = mode == .update ? overview.updates.first : nil
        var frame = HTMLPage(
            title: update.map { "\(UpdateSummary($0).headline) – \(story.content.title)" }
                ?? story.content.title)
        frame.description =
            update.map { $0.description(atMost: Self.descriptionCharacters) ?? UpdateSummary($0).headline }
            ?? story.content.summary?.shortened(to: Self.descriptionCharacters)
        frame.canonical = address
        frame.alternates = feeds.map { ($0.type, $0.title, site + $0.path) }
        frame.properties = properties(update, frame)
        frame.names = [("twitter:card", picture == nil ? "summary" : "summary_large_image")]
        if mode != .older {
            frame.script = Assets.own.live.path
            frame.linkedData = LiveBlogPosting(
                overview: overview, site: site, context: context, bodyCharacters: Self.postingCharacters
            ).bytesForMarkup()
        }
        return frame
    }

    private static let descriptionCharacters = 300
    private static let postingCharacters = 200

    /// The picture of link previews: of an update, its own before that of the story.
    private var picture: SharedPicture? {
        let own =
            mode == .update
            ? overview.updates.first.flatMap { update in
                update.stricken == nil ? update.pictures(at: site).first : nil
            } : nil
        return own ?? overview.picture(at: site)
    }

    /// Returns the Open Graph properties: the basic ones and those of an article.
    private func properties(_ update: Update?, _ frame: HTMLPage) -> [(String, String)] {
        let image = picture
        let members: [(String, String?)] = [
            ("og:type", "article"),
            ("og:title", update.map { UpdateSummary($0).headline } ?? story.content.title),
            ("og:description", frame.description), ("og:url", address ?? "\(site)/live/\(story.slug)"),
            ("og:image", image?.url), ("og:image:width", image?.width.map(String.init)),
            ("og:image:height", image?.height.map(String.init)), ("og:image:alt", image?.alt),
            (
                "article:published_time",
                (update?.publishedAt ?? story.publishedAt ?? story.createdAt).description
            ),
            ("article:modified_time", (update?.modifiedAt ?? overview.modifiedAt).description),
        ]
        return members.compactMap { name, value in value.map { (name, $0) } }
    }
}
