// SPDX-License-Identifier: Apache-2.0
internal import JSON
internal import Stories

/// A story as schema.org's `LiveBlogPosting`, for search engines: each update is a `BlogPosting` of it.
struct LiveBlogPosting: JSONWritable {
    let overview: StoryOverview
    /// What is set of the site.
    let settings: SiteSettings
    /// The origin of all addresses.
    let site: String
    let context: MarkupContext
    /// Whether pictures are drawn of what has none.
    let drawsPictures: Bool
    /// Maximum length of an update's text. Pages shorten it, since they show the whole text already.
    var bodyCharacters = Int.max
    /// The most updates in it.
    var postings = Int.max

    fileprivate var story: Story { overview.story }

    /// The site by its name, or else by its public host. The source of a story published another page, and is this one's publisher
    /// only if its address is on this site.
    fileprivate var publisher: String {
        if let name = settings.name { return name }
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

    fileprivate var address: String { "\(site)/live/\(story.slug)" }

    fileprivate var picture: SharedPicture? {
        if let own = overview.picture(at: site) { return own }
        return drawsPictures ? SocialCard(of: story, on: settings, at: site)?.shared(at: site) : nil
    }

    /// Returns where an organization is found on the web, as far as that is known.
    fileprivate func address(of organization: String) -> String? {
        if Tag.key(organization).hasSameBytes(as: Tag.key(publisher)) { return site + "/" }
        return story.content.source?.url
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("@context", "https://schema.org")
            $0.liveBlog(self)
        }
    }
}

/// What the page of a story tells search engines: that it is a live blog, and an article of the news.
struct PageGraph: JSONWritable {
    let posting: LiveBlogPosting

    /// Returns the JSON escaped for a `script` element: without `<`, so that it cannot contain markup.
    func bytesForMarkup() -> [UInt8] {
        JSONWriter.bytes(of: self, capacity: 32 * 1_024).flatMap { byte -> [UInt8] in
            // A valid escape in strings (RFC 8259 §7), which is the only place where `<` occurs.
            byte == UInt8(ascii: "<") ? Array(#"\u003c"#.utf8) : [byte]
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("@context", "https://schema.org")
            $0.member("@graph") {
                $0.array {
                    $0.object { $0.liveBlog(posting) }
                    $0.object {
                        $0.member("@type", "NewsArticle")
                        $0.member("@id", posting.address + "#article")
                        $0.article(posting)
                    }
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func liveBlog(_ blog: LiveBlogPosting) {
        let (story, content) = (blog.story, blog.story.content)
        member("@type", "LiveBlogPosting")
        member("@id", blog.address)
        article(blog)
        member("coverageStartTime", content.coverageStart ?? story.publishedAt ?? story.createdAt)
        // Coverage ends when the story is closed; later corrections do not extend it.
        given("coverageEndTime", content.coverageEnd ?? story.closedAt)
        given("isBasedOn", content.source?.url)
        member("liveBlogUpdate") {
            let updates = blog.overview.updates.prefix(blog.postings)
            $0.array { for update in updates { $0.posting(update, blog) } }
        }
    }

    /// Writes what live blogs and articles have in common.
    fileprivate mutating func article(_ blog: LiveBlogPosting) {
        let (story, content) = (blog.story, blog.story.content)
        member("url", blog.address)
        member("mainEntityOfPage", blog.address)
        member("headline", content.title)
        given("inLanguage", blog.context.language.ofText)
        given("description", content.summary)
        member("datePublished", story.publishedAt ?? story.createdAt)
        member("dateModified", blog.overview.modifiedAt)
        author(content.byline ?? blog.publisher, of: blog)
        member("publisher") {
            let logo = blog.settings.logo?.address(at: blog.site)
            $0.organization(
                blog.publisher, address: blog.site + "/", logo: logo ?? blog.site + "/apple-touch-icon.png",
                side: logo == nil ? 180 : nil)
        }
        images([blog.picture].compactMap(\.self))
        given("articleSection", content.section.last)
        if !content.tags.isEmpty { member("keywords", Tag.distinct(content.tags)) }
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
            guard !blog.isOrganization(name) else {
                return $0.organization(name, address: blog.address(of: name))
            }
            $0.object { $0.member("name", name) }
        }
    }

    fileprivate mutating func organization(
        _ name: String, address: String?, logo: String? = nil, side: Int? = nil
    ) {
        object {
            $0.member("@type", "Organization")
            $0.member("name", name)
            $0.given("url", address)
            guard let logo else { return }
            $0.member("logo") {
                $0.object {
                    $0.member("@type", "ImageObject")
                    $0.member("url", logo)
                    $0.given("width", side)
                    $0.given("height", side)
                }
            }
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
        let words = blog.context.language.words
        let summary = UpdateSummary(update, words)
        object {
            $0.member("@type", "BlogPosting")
            $0.member("@id", address)
            $0.member("url", address)
            $0.member("headline", summary.headline)
            $0.given("inLanguage", content.language)
            $0.member(
                "articleBody", update.description(atMost: blog.bodyCharacters, words) ?? summary.headline)
            $0.member("datePublished", update.publishedAt)
            $0.member("dateModified", update.modifiedAt)
            $0.author(content.author ?? blog.story.content.byline, of: blog)
            $0.images(update.pictures(at: blog.site))
            if !content.tags.isEmpty { $0.member("keywords", Tag.distinct(content.tags)) }
        }
    }
}
