// SPDX-License-Identifier: Apache-2.0
internal import JSON
internal import Stories

/// A story as schema.org's `LiveBlogPosting`, for search engines: each update is a `BlogPosting` of it.
struct LiveBlogPosting: JSONWritable {
    let overview: StoryOverview
    /// The origin of all addresses.
    let site: String
    let context: MarkupContext
    /// Maximum length of an update's text. Pages shorten it, since they show the whole text already.
    var bodyCharacters = Int.max

    fileprivate var story: Story { overview.story }

    /// The operator of the server, named by its public host. The source of a story published another page, and is this one's publisher
    /// only if its address is on this site.
    private var publisher: String {
        let host = SiteAddress.host(of: site)
        guard let source = story.content.source, let url = source.url,
            SiteAddress.host(of: url).hasSameBytes(as: host)
        else { return host }
        return source.name
    }

    /// Whether a name is known to be an organization's: that of the publisher, or of the story's source.
    fileprivate func isOrganization(_ name: String) -> Bool {
        [publisher, story.content.source?.name].contains { known in
            known.map { Tag.key($0).hasSameBytes(as: Tag.key(name)) } ?? false
        }
    }

    /// Returns the JSON escaped for a `script` element: without `<`, so that it cannot contain markup.
    func bytesForMarkup() -> [UInt8] {
        JSONWriter.bytes(of: self, capacity: 32 * 1_024).flatMap { byte -> [UInt8] in
            // A valid escape in strings (RFC 8259 §7), which is the only place where `<` occurs.
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
            $0.member("dateModified", overview.modifiedAt)
            $0.member("coverageStartTime", content.coverageStart ?? story.publishedAt ?? story.createdAt)
            // Coverage ends when the story is closed; later corrections do not extend it.
            $0.given("coverageEndTime", content.coverageEnd ?? story.closedAt)
            $0.author(content.byline ?? publisher, of: self)
            $0.member("publisher") { $0.organization(publisher, address: site + "/") }
            $0.images([overview.picture(at: site)].compactMap(\.self))
            $0.given("articleSection", content.section.last)
            if !content.tags.isEmpty { $0.member("keywords", Tag.distinct(content.tags)) }
            $0.given("isBasedOn", content.source?.url)
            $0.member("liveBlogUpdate") {
                $0.array { for update in overview.updates { $0.posting(update, self) } }
            }
        }
    }
}

extension JSONWriter {
    /// Writes a member, omitted if `nil`: consumers of these vocabularies do not expect `null`.
    mutating func given(_ name: StaticString, _ value: (some JSONWritable)?) {
        if let value { member(name, value) }
    }

    /// A byline may name a person or a desk: its type is `Organization` if it is known to be one, and omitted otherwise.
    fileprivate mutating func author(_ name: String?, of blog: LiveBlogPosting) {
        guard let name else { return }
        member("author") {
            guard !blog.isOrganization(name) else { return $0.organization(name) }
            $0.object { $0.member("name", name) }
        }
    }

    fileprivate mutating func organization(_ name: String, address: String? = nil) {
        object {
            $0.member("@type", "Organization")
            $0.member("name", name)
            $0.given("url", address)
        }
    }

    /// Writes pictures as the member `image`, omitted if there is none.
    fileprivate mutating func images(_ pictures: [SharedPicture]) {
        guard !pictures.isEmpty else { return }
        member("image") { $0.array { for picture in pictures { $0.image(picture) } } }
    }

    private mutating func image(_ picture: SharedPicture) {
        object {
            $0.member("@type", "ImageObject")
            $0.member("url", picture.url)
            $0.given("width", picture.width)
            $0.given("height", picture.height)
            $0.given("caption", picture.caption ?? picture.alt)
            $0.given("creditText", picture.credit)
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
            $0.author(content.author ?? blog.story.content.byline, of: blog)
            $0.images(update.pictures(at: blog.site))
            if !content.tags.isEmpty { $0.member("keywords", Tag.distinct(content.tags)) }
        }
    }
}
