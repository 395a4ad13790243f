// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// The index of all stories, as HTML.
struct IndexPage {
    let page: StoryIndex
    /// The origin of all addresses.
    let site: String
    let isFirst: Bool

    func bytes() -> [UInt8] {
        var frame = HTMLPage(title: "Live stories")
        frame.description = "Stories that are followed live, and those that have been."
        frame.canonical = isFirst ? site + "/" : nil
        return frame.bytes(["class": "index"]) { writer in
            writer.element("main", ["class": "index"]) {
                $0.element("h1", text: "Stories")
                if isFirst {
                    $0.section("Live", page.live, orElse: "Nothing is live at the moment.")
                }
                if !page.closed.isEmpty || !isFirst {
                    $0.section("Closed", page.closed, orElse: "There are no more.")
                }
                if let older = page.older {
                    $0.element("p", ["id": "older"]) { writer in
                        writer.element(
                            "a", ["rel": "next", "href": "/?before=\(older)"], text: "Older stories")
                    }
                }
            }
        }
    }
}

extension MarkupWriter {
    fileprivate mutating func section(_ title: String, _ stories: [StoryIndexEntry], orElse nothing: String) {
        element("section", ["class": "stories-\(title.lowercased())"]) { writer in  // ascii: a title of ours
            writer.element("h2", text: title)
            guard !stories.isEmpty else { return writer.element("p", text: nothing) }
            writer.element("ul", ["class": "stories"]) {
                for story in stories { $0.element("li") { $0.story(story) } }
            }
        }
    }

    private mutating func story(_ front: StoryIndexEntry) {
        let (story, content) = (front.story, front.story.content)
        element("article") { writer in
            // Its alternative text would be read before the title.
            if let image = content.image { writer.image(image, .thumbnail, alt: "") }
            let isLive = content.status == .live
            writer.element(
                "p", ["class": isLive ? "status live" : "status closed"], text: isLive ? "Live" : "Closed")
            writer.element("h3", ["dir": "auto", "lang": ""]) {
                $0.element("a", ["href": "/live/\(story.slug)"], text: content.title)
            }
            writer.element(
                "p", ["class": "standfirst", "dir": "auto", "lang": ""],
                text: content.summary?.shortened(to: Self.summaryCharacters))
            writer.element("p", ["class": "pace"]) {
                $0.text("Last change ")
                $0.time(front.activeAt)
                if front.hourlyUpdates > 0 { $0.text(" · \(front.hourlyUpdates) in the last hour") }
            }
            writer.element("p", ["class": "counts"], text: front.counts)
        }
    }

    private static let summaryCharacters = 200
}

extension StoryIndexEntry {
    /// Counts for display: `12 updates · Very good 7`.
    fileprivate var counts: String {
        let updates = "\(story.updateCount) update\(story.updateCount == 1 ? "" : "s")"
        let given = reactions.sorted { $0.key < $1.key }.filter { $0.value > 0 }
        return ([updates] + given.map { "\($0.key.words) \($0.value)" }).joined(separator: " · ")
    }
}
