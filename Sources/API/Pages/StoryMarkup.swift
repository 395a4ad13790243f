// SPDX-License-Identifier: Apache-2.0
internal import Stories

extension MarkupWriter {
    /// Writes the header above the updates.
    mutating func storyHeader(_ story: Story, _ counts: ReactionCounts, _ context: MarkupContext) {
        let content = story.content
        element("header", ["id": "story"]) {
            if !content.section.isEmpty {
                $0.element("nav", ["class": "breadcrumb", "aria-label": "Breadcrumb"]) {
                    $0.element("ol") { for name in content.section { $0.element("li") { $0.name(name) } } }
                }
            }
            let isClosed = content.status == .closed
            $0.element(
                "p", ["class": isClosed ? "status closed" : "status live"], text: isClosed ? "Closed" : "Live"
            )
            $0.element("h1", ["dir": "auto", "lang": ""], text: content.title)
            if let byline = content.byline {
                $0.element("p", ["class": "byline"]) {
                    $0.text("By ")
                    $0.name(byline)
                }
            }
            if let source = content.source { $0.source(source) }
            if let publishedAt = story.publishedAt {
                $0.element("p", ["class": "dates"]) {
                    $0.text("Published ")
                    $0.time(publishedAt)
                }
            }
            $0.element("p", ["class": "standfirst", "dir": "auto", "lang": ""], text: content.summary)
            if let image = content.image { $0.figure(image, .header) }
            if !content.keyPoints.isEmpty {
                $0.element("section", ["class": "key-points"]) {
                    $0.element("h2", text: "What to know")
                    $0.element("ul") {
                        for point in content.keyPoints {
                            $0.element("li", ["dir": "auto", "lang": ""], text: point)
                        }
                    }
                }
            }
            $0.element("p", ["class": "reactions"]) { $0.reactions(counts, context) }
        }
    }

    private mutating func source(_ source: StorySource) {
        element("p", ["class": "source"]) {
            $0.text("First published by ")
            $0.link(source.name, to: source.url)
            guard let date = source.date else { return }
            $0.text(" ")
            $0.time(date)
        }
    }

    /// Writes the key events, as links to their updates.
    mutating func timeline(_ events: [KeyEvent], _ context: MarkupContext) {
        element("nav", ["id": "timeline", "aria-label": "Key events", "hidden": events.isEmpty ? "" : nil]) {
            $0.element("h2", text: "Key events")
            $0.element("ol") {
                for event in events { $0.keyEvent(event, context) }
            }
        }
    }

    private mutating func keyEvent(_ event: KeyEvent, _ context: MarkupContext) {
        let summary = UpdateSummary(event)
        let attributes: Attributes = [
            "class": event.isRetracted ? "stricken" : nil, "data-id": event.id.description,
            "data-seq": String(event.seq), "data-published": event.publishedAt.description,
            "data-title": summary.title,
        ]
        element("li", attributes) {
            $0.element("a", ["href": context.address(of: event.id)]) {
                $0.time(event.publishedAt)
                $0.text(" ")
                $0.element("span") { label in
                    guard event.isRetracted else { return label.name(summary.title) }
                    label.text(UpdateSummary.retracted)
                    label.element("s") { $0.name(summary.title) }
                }
            }
        }
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
            $0.element("h2", text: kind.heading)
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

extension LinkKind {
    fileprivate var heading: String {
        switch self {
        case .related: "Related"
        case .ranking: "Ranking"
        case .recommendation: "Recommendation"
        }
    }
}
