// SPDX-License-Identifier: Apache-2.0
internal import Stories

extension MarkupWriter {
    /// Writes the header above the updates.
    mutating func storyHeader(_ story: Story, _ counts: ReactionCounts, _ context: MarkupContext) {
        let content = story.content
        element("header", ["id": "story"]) {
            if !content.section.isEmpty {
                $0.element("nav", ["class": "breadcrumb", "aria-label": $0.words("breadcrumb")]) {
                    $0.element("ol") { for name in content.section { $0.element("li") { $0.name(name) } } }
                }
            }
            $0.status(of: story)
            $0.element("h1", $0.ofWritten, text: content.title)
            $0.element("div", ["class": "facts"]) { $0.facts(of: story) }
            if content.status == .closed, let ending = content.ending { $0.ending(ending) }
            $0.element(
                "p", ["class": "standfirst", "dir": "auto", "lang": $0.written], text: content.summary)
            if let image = content.image { $0.figure(image, .header) }
            if !content.keyPoints.isEmpty { $0.keyPoints(content.keyPoints) }
            $0.element("p", ["class": "reactions"]) { $0.reactions(counts, context) }
        }
    }

    /// Writes how a closed story ended.
    private mutating func ending(_ ending: String) {
        element("p", ["class": "ending"]) {
            $0.say("ending") { writer, name in
                guard name.hasSameBytes(as: "label") else { return writer.name(ending) }
                writer.element("strong", words: "endingLabel")
            }
        }
    }

    /// Writes the short header of pages that show a part of the story: words with this key, if any, and a link to all of it.
    mutating func shortHeader(_ story: Story, _ key: String? = nil) {
        element("header", ["id": "story", "class": "short"]) {
            $0.status(of: story)
            if let key { $0.element("p", ["class": "part"], words: key) }
            $0.element("h1", $0.ofWritten) {
                $0.element("a", ["href": "/live/\(story.slug)"], text: story.content.title)
            }
        }
    }

    /// Writes what the bar shows of the story once the header is out of sight.
    mutating func place(in story: Story) {
        element("a", ["href": "#story"]) {
            let isClosed = story.content.status == .closed
            $0.element(
                "span", ["class": isClosed ? "status closed" : "status live"],
                words: isClosed ? "closed" : "live")
            $0.text(" ")
            $0.element("span", $0.ofWritten, text: story.content.title)
        }
    }

    /// Writes whether the story is live, and when it was closed.
    private mutating func status(of story: Story) {
        guard story.content.status == .closed else {
            return element("p", ["class": "status live"], words: "live")
        }
        element("p", ["class": "status closed"]) {
            $0.say("closed")
            guard let closedAt = story.closedAt else { return }
            $0.text(" ")
            $0.time(closedAt)
        }
    }

    private mutating func facts(of story: Story) {
        if let byline = story.content.byline {
            element("p", ["class": "byline"]) {
                $0.say("byline") { writer, _ in writer.name(byline) }
            }
        }
        if let source = story.content.source { self.source(source) }
        guard let publishedAt = story.publishedAt else { return }
        element("p", ["class": "dates"]) {
            $0.say("published") { writer, _ in writer.time(publishedAt) }
        }
    }

    /// Writes the key points, folded; `fold.js` opens them where there is room.
    private mutating func keyPoints(_ points: [String]) {
        element("details", ["class": "key-points", "data-fold": "points"]) {
            $0.element("summary") { $0.element("h2", words: "keyPoints") }
            $0.element("ul") {
                for point in points { $0.element("li", $0.ofWritten, text: point) }
            }
        }
    }

    private mutating func source(_ source: StorySource) {
        element("p", ["class": "source"]) {
            $0.say(source.date == nil ? "firstPublished" : "firstPublishedAt") { writer, name in
                guard name.hasSameBytes(as: "time") else { return writer.link(source.name, to: source.url) }
                if let date = source.date { writer.time(date) }
            }
        }
    }

    /// Writes the key events, as links to their updates.
    mutating func timeline(_ events: [KeyEvent], _ context: MarkupContext) {
        element(
            "nav", ["id": "timeline", "aria-label": words("keyEvents"), "hidden": events.isEmpty ? "" : nil]
        ) {
            $0.element("h2", words: "keyEvents")
            $0.element("ol") {
                for event in events { $0.keyEvent(event, context) }
            }
        }
    }

    private mutating func keyEvent(_ event: KeyEvent, _ context: MarkupContext) {
        let summary = UpdateSummary(event, words)
        let attributes: Attributes = [
            "class": event.isRetracted ? "stricken" : nil, "data-id": event.id.description,
            "data-seq": String(event.seq), "data-published": event.publishedAt.description,
            "data-title": summary.title,
        ]
        element("li", attributes) {
            $0.element("a", ["href": context.address(of: event.id)]) {
                $0.time(event.publishedAt)
                $0.text(" ")
                $0.title(of: event)
            }
        }
    }

    /// Writes the title of an update, marking a retraction.
    private mutating func title(of event: KeyEvent) {
        let title = UpdateSummary(event, words).title
        element("span") {
            guard event.isRetracted else { return $0.name(title) }
            $0.say("retractedTitle") { writer, _ in writer.element("s") { $0.name(title) } }
        }
    }

    /// Writes a link from the page of one update to another: words with this key, and its title.
    mutating func neighbor(_ event: KeyEvent, _ key: String, _ context: MarkupContext) {
        element("a", ["data-id": event.id.description, "href": context.address(of: event.id)]) {
            $0.element("small", words: key)
            $0.title(of: event)
        }
    }

    /// Writes what an empty list says.
    mutating func emptyWords(_ story: Story, isFiltered: Bool) {
        let key =
            isFiltered ? "emptyView" : story.content.status == .closed ? "emptyClosed" : "emptyLive"
        say(key) { writer, _ in writer.time(story.publishedAt ?? story.createdAt) }
    }

    /// Writes the lists of links that are not empty.
    mutating func linkLists(_ lists: LinkLists) {
        element("div", ["id": "links"]) {
            for kind in LinkKind.allCases where !lists[kind].isEmpty { $0.linkList(kind, lists[kind]) }
        }
    }

    private mutating func linkList(_ kind: LinkKind, _ links: [Link]) {
        let entries = { (writer: inout MarkupWriter) in
            for link in links { writer.element("li") { $0.entry(link) } }
        }
        element("section", ["class": kind.rawValue]) {
            $0.element("h2", words: "links." + kind.rawValue)
            // Only the order of a ranking has a meaning.
            let attributes: Attributes = ["dir": "auto", "lang": ""]
            $0.element(kind == .ranking ? "ol" : "ul", attributes, entries)
        }
    }

    private mutating func entry(_ link: Link) {
        let content = { (writer: inout MarkupWriter) in
            if let image = link.image {
                writer.empty(
                    "img", ["src": image, "alt": "", "loading": "lazy", "width": "64", "height": "64"])
            }
            writer.text(link.title)
        }
        if let story = link.story {
            element("a", ["href": "/live/\(story)"], content)
        } else if let url = link.url {
            element("a", ["href": url, "rel": foreignRelation], content)
        } else {
            content(&self)
        }
    }
}
