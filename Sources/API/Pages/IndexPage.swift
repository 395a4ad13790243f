// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// The index of all stories, as HTML.
struct IndexPage {
    let page: StoryIndex
    /// What is shown of it.
    let query: StoryIndexQuery
    /// What is set of the site.
    let appearance: SiteAppearance
    /// The origin of all addresses.
    let site: String
    let language: PageLanguage

    private var words: Words { language.words }
    private var isFirst: Bool { query.before == nil }
    /// The whole index has one address; what is found in it is not for search engines.
    private var isCanonical: Bool { isFirst && query.isOpen }

    private var search: UpdateSearch? { query.text.map { UpdateSearch($0) } }

    private var part: PartOfList {
        PartOfList(
            keys: PartOfList.stories, text: query.text, names: query.tag.map { ["#" + $0] } ?? [],
            count: page.matchCount, whole: "/")
    }

    func bytes() -> [UInt8] {
        let settings = appearance.settings
        var frame = HTMLPage(
            appearance,
            title: [query.isOpen ? nil : part.title(words), words("indexTitle"), settings.name].compactMap(
                \.self
            ).joined(separator: " – "),
            language: language)
        frame.description = words("indexDescription")
        frame.canonical = isCanonical ? site + "/" : nil
        frame.properties = properties(frame)
        frame.script = isFirst ? LocalizedAsset.front.asset(in: words).path : nil
        return frame.bytes(["class": "index"]) { writer in
            writer.masthead(settings)
            writer.searchForm(words("searchStories"), at: "/", text: query.text)
            if isFirst { writer.element("button", ["type": "button", "id": "news", "hidden": ""], text: "") }
            writer.element("main", ["class": "index"]) {
                $0.element("h1", words: "stories")
                if !query.isOpen { $0.part(part) }
                if isFirst, query.isOpen || !page.live.isEmpty {
                    $0.section("live", page.live, orElse: "nothingLive", settings, search)
                }
                if !page.closed.isEmpty || !isFirst {
                    $0.section("closed", page.closed, orElse: "noMore", settings, search)
                }
                if let older = page.older {
                    $0.element("p", ["id": "older"]) { writer in
                        writer.element(
                            "a", ["rel": "next", "href": address(before: older)], words: "olderStories")
                    }
                }
            }
            writer.siteFooter(settings)
        }
    }

    private func address(before position: StoryPosition) -> String {
        var text = QueryBuilder()
        text.add("q", query.text)
        text.add("tag", query.tag)
        text.add("before", position.description)
        return "/" + text.text
    }

    /// The Open Graph properties, for link previews of the site itself.
    private func properties(_ frame: HTMLPage) -> [(String, String)] {
        guard isCanonical, let name = appearance.settings.name else { return [] }
        let image = appearance.settings.defaultImage?.shared(at: site)
        let members: [(String, String?)] = [
            ("og:type", "website"), ("og:title", name), ("og:description", frame.description),
            ("og:url", site + "/"), ("og:image", image?.url), ("og:image:alt", image?.alt),
        ]
        return members.compactMap { name, value in value.map { (name, $0) } }
    }
}

extension MarkupWriter {
    fileprivate mutating func section(
        _ status: String, _ stories: [StoryIndexEntry], orElse nothing: String, _ settings: SiteSettings,
        _ search: UpdateSearch?
    ) {
        element("section", ["class": "stories-\(status)"]) { writer in
            writer.element("h2", words: status)
            guard !stories.isEmpty else { return writer.element("p", words: nothing) }
            writer.element("ul", ["class": "stories"]) {
                for story in stories {
                    $0.element("li", ["data-id": story.story.id.description]) {
                        $0.story(story, settings, search)
                    }
                }
            }
        }
    }

    private mutating func story(
        _ front: StoryIndexEntry, _ settings: SiteSettings, _ search: UpdateSearch?
    ) {
        let (story, content) = (front.story, front.story.content)
        element("article") { writer in
            // Its alternative text would be read before the title.
            if let image = content.image { writer.image(image, .thumbnail, alt: "") }
            let isLive = content.status == .live
            writer.element(
                "p", ["class": isLive ? "status live" : "status closed"], words: isLive ? "live" : "closed")
            writer.written = PageLanguage(of: story, on: settings).written
            writer.element("h3", writer.ofWritten) {
                $0.marked(by: search) {
                    $0.element("a", ["href": "/live/\(story.slug)"], text: content.title)
                }
            }
            let excerpt = content.excerpt(search)
            writer.marked(by: search) {
                $0.element(
                    "p", ["class": "standfirst", "dir": "auto", "lang": $0.written], text: excerpt.summary)
                $0.element("p", ["class": "found", "dir": "auto", "lang": $0.written], text: excerpt.found)
            }
            writer.element("p", ["class": "pace"]) {
                $0.say("lastChange") { writer, _ in writer.time(front.activeAt) }
                guard front.hourlyUpdates > 0 else { return }
                $0.text(" · ")
                $0.say("lastHour", count: front.hourlyUpdates)
            }
            writer.element("p", ["class": "counts"], text: front.counts(writer.words))
            if !content.tags.isEmpty {
                writer.element("ul", ["class": "tags"]) {
                    for tag in content.tags { $0.element("li") { $0.tagLink(tag, search) } }
                }
            }
        }
    }

    /// Writes a link to the stories with a tag.
    private mutating func tagLink(_ tag: String, _ search: UpdateSearch?) {
        var query = QueryBuilder()
        query.add("tag", tag)
        marked(by: search) { $0.element("a", ["href": "/" + query.text]) { $0.name(tag) } }
    }
}

extension StoryContent {
    private static let summaryCharacters = 200

    /// Returns the beginning of the summary, or all of it where a search finds something further on only; and where else the search finds
    /// something, if not in what is shown.
    fileprivate func excerpt(_ search: UpdateSearch?) -> (summary: String?, found: String?) {
        let beginning = summary?.shortened(to: Self.summaryCharacters)
        guard let search, ![title, beginning ?? ""].contains(where: search.occurs),
            !tags.contains(where: search.occurs)
        else { return (beginning, nil) }
        if let summary, search.occurs(in: summary) { return (summary, nil) }
        return (beginning, (keyPoints + [byline].compactMap(\.self) + section).first(where: search.occurs))
    }
}

extension StoryIndexEntry {
    /// Counts for display: `12 updates · Helpful 7`.
    fileprivate func counts(_ words: Words) -> String {
        let updates = words("updateCount", count: story.updateCount)
        let given = reactions.sorted { $0.key < $1.key }
            .filter { $0.value > 0 && story.content.allows($0.key) }
        return ([updates] + given.map { "\(words.name(of: $0.key)) \($0.value)" }).joined(separator: " · ")
    }
}
