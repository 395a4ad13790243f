internal import JSON
internal import Stories

/// A story as schema.org's `LiveBlogPosting`, for search engines: each update is a `BlogPosting` of it.
struct LiveBlogPosting: JSONWritable {
    let digest: Digest
    /// The origin of all addresses.
    let site: String
    let context: MarkupContext
    /// Of an update's text; a page, which shows all of it, need not carry all of it twice.
    var bodyCharacters = Int.max

    private var story: Story { digest.story }

    /// As it may stand within an element `script`: no markup can be seen in it.
    func bytesForMarkup() -> [UInt8] {
        JSONWriter.bytes(of: self, capacity: 32 * 1_024).flatMap { byte -> [UInt8] in
            // Valid within strings (RFC 8259 §7), and `<` stands nowhere else.
            byte == UInt8(ascii: "<") ? Array(#"\u003c"#.utf8) : [byte]
        }
    }

    func write(to writer: inout JSONWriter) {
        let content = story.content
        let address = "\(site)/live/\(story.slug)"
        writer.object {
            $0.member("@context", "https://schema.org")
            $0.member("@type", "LiveBlogPosting")
            $0.member("@id", address)
            $0.member("url", address)
            $0.member("mainEntityOfPage", address)
            $0.member("headline", content.title)
            $0.given("description", content.summary)
            $0.member("datePublished", story.publishedAt ?? story.createdAt)
            $0.member("dateModified", digest.modifiedAt)
            $0.member("coverageStartTime", content.coverageStart ?? story.publishedAt ?? story.createdAt)
            // The coverage of a closed story has ended when it was closed, whatever is corrected later.
            $0.given("coverageEndTime", content.coverageEnd ?? story.closedAt)
            $0.author(content.byline)
            $0.given("articleSection", content.section.last)
            if !content.tags.isEmpty { $0.member("keywords", content.tags) }
            $0.given("isBasedOn", content.source?.url)
            $0.member("liveBlogUpdate") {
                $0.array { for update in digest.updates { $0.posting(update, self) } }
            }
        }
    }
}

extension JSONWriter {
    /// A member that is left out where there is no value: what others read for meaning knows no `null`.
    mutating func given(_ name: StaticString, _ value: (some JSONWritable)?) {
        if let value { member(name, value) }
    }

    fileprivate mutating func author(_ name: String?) {
        guard let name else { return }
        member("author") {
            $0.object {
                $0.member("@type", "Person")
                $0.member("name", name)
            }
        }
    }

    fileprivate mutating func posting(_ update: Update, _ blog: LiveBlogPosting) {
        let (content, address) = (update.content, blog.site + blog.context.address(of: update.id))
        let summary = UpdateSummary(update)
        object {
            $0.member("@type", "BlogPosting")
            $0.member("@id", address)
            $0.member("url", address)
            $0.member("headline", summary.headline)
            $0.member("articleBody", update.description(atMost: blog.bodyCharacters) ?? summary.headline)
            $0.member("datePublished", update.publishedAt)
            $0.member("dateModified", update.modifiedAt)
            $0.author(content.author)
            let images = content.media.filter { $0.type == .image }.map(\.url)
            $0.given("image", images.isEmpty ? update.picture?.url : nil)
            if !images.isEmpty { $0.member("image", images) }
            if !content.tags.isEmpty { $0.member("keywords", content.tags) }
        }
    }
}
