// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// A story as an Atom feed (RFC 4287), with tombstones (RFC 6721) and a link to the next page (RFC 5005 §3).
struct AtomFeed {
    let overview: StoryOverview
    /// What is set of the site.
    let settings: SiteSettings
    /// The origin of all addresses.
    let site: String
    let context: MarkupContext
    /// Address of this page of the feed.
    let address: String
    /// Address of the next page.
    let older: String?
    /// Whether this is the first page.
    let isFirst: Bool

    private var story: Story { overview.story }

    func bytes() -> [UInt8] {
        var writer = MarkupWriter(.xml, in: context.language)
        writer.raw(#"<?xml version="1.0" encoding="utf-8"?>"# + "\n")
        let spaces: MarkupWriter.Attributes = [
            "xmlns": "http://www.w3.org/2005/Atom", "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
            "xml:lang": context.language.ofText,
        ]
        writer.element("feed", spaces, content)
        writer.raw("\n")
        return writer.bytes
    }

    private func content(_ writer: inout MarkupWriter) {
        writer.element("id", text: "urn:uuid:\(story.id)")
        writer.element("title", text: settings.feedTitle(of: story))
        writer.element("icon", text: settings.icon?.address(at: site))
        writer.element("logo", text: settings.logo?.address(at: site))
        writer.element("subtitle", text: story.content.summary)
        writer.element("updated", text: overview.modifiedAt.description)
        // Every entry needs an author, its own or the feed's (§4.1.1).
        writer.author(
            story.content.byline ?? settings.name ?? story.content.source?.name ?? story.content.title)
        writer.empty("link", ["rel": "self", "type": "application/atom+xml", "href": address])
        writer.empty("link", ["rel": "alternate", "type": "text/html", "href": "\(site)/live/\(story.slug)"])
        if let older { writer.empty("link", ["rel": "next", "type": "application/atom+xml", "href": older]) }
        for update in overview.updates {
            writer.element("entry", ["xml:lang": update.content.language]) { entry(update, &$0) }
        }
        // Feed readers poll only the first page, so removals are listed there.
        for removal in isFirst ? overview.removals : [] {
            writer.empty(
                "at:deleted-entry", ["ref": "urn:uuid:\(removal.id)", "when": removal.at.description])
        }
    }

    private func entry(_ update: Update, _ writer: inout MarkupWriter) {
        let content = update.content
        writer.element("id", text: "urn:uuid:\(update.id)")
        // A title is required (§4.1.2).
        writer.element("title", text: UpdateSummary(update, writer.words).headline)
        writer.element("published", text: update.publishedAt.description)
        writer.element("updated", text: update.modifiedAt.description)
        if let author = content.author { writer.author(author) }
        writer.empty(
            "link", ["rel": "alternate", "type": "text/html", "href": site + context.address(of: update.id)])
        for tag in content.tags { writer.empty("category", ["term": tag]) }
        writer.element(
            "content", ["type": "html"], text: FeedMarkup.html(of: update, at: site, context.language))
    }
}

extension MarkupWriter {
    fileprivate mutating func author(_ name: String) {
        element("author") { $0.element("name", text: name) }
    }
}

/// HTML of an update for feed readers, which do not have our style sheet.
enum FeedMarkup {
    static func html(of update: Update, at site: String, _ language: PageLanguage) -> String {
        var writer = MarkupWriter(in: language, capacity: update.bodyHtml.utf8.count + 256)
        var cards: [Card] = []
        if let strike = update.stricken {
            writer.element("p") {
                $0.say("retractionOfFeed") { writer, name in
                    guard name.hasSameBytes(as: "reason") else {
                        return writer.element("strong", words: "retracted")
                    }
                    writer.text(strike.reason)
                }
            }
            writer.element("del", ["dir": "auto", "lang": update.content.language]) {
                cards = $0.feedBody(of: update, at: site)
            }
        } else {
            writer.element("div", ["dir": "auto", "lang": update.content.language]) {
                cards = $0.feedBody(of: update, at: site)
            }
        }
        writer.feedMedia(of: update.content, at: site, cards)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
