// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Stories

/// A story as JSON Feed 1.1.
struct JSONFeed: JSONWritable {
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

    private var story: Story { overview.story }

    func write(to writer: inout JSONWriter) {
        let content = story.content
        writer.object {
            $0.member("version", "https://jsonfeed.org/version/1.1")
            $0.member("title", settings.feedTitle(of: story))
            $0.given("description", content.summary)
            $0.member("home_page_url", "\(site)/live/\(story.slug)")
            $0.member("feed_url", address)
            $0.given("language", context.language.ofText)
            $0.given("next_url", older)
            // JSON Feed: "will never update again", so that feed readers stop polling.
            if content.status == .closed { $0.member("expired", true) }
            let icon = settings.icon?.address(at: site)
            $0.given("icon", settings.logo?.address(at: site) ?? icon)
            $0.given("favicon", icon)
            $0.authors(content.byline ?? settings.name)
            $0.member("items") {
                $0.array { for update in overview.updates { $0.item(update, site, context) } }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func authors(_ name: String?) {
        guard let name else { return }
        member("authors") { $0.array { $0.object { $0.member("name", name) } } }
    }

    fileprivate mutating func item(_ update: Update, _ site: String, _ context: MarkupContext) {
        let content = update.content
        object {
            $0.member("id", "urn:uuid:\(update.id)")
            $0.member("url", site + context.address(of: update.id))
            $0.member("title", UpdateSummary(update, context.language.words).headline)
            $0.given("language", update.content.language)
            $0.member("content_html", FeedMarkup.html(of: update, at: site, context.language))
            $0.given("image", update.pictures(at: site).first?.url)
            $0.member("date_published", update.publishedAt)
            $0.member("date_modified", update.modifiedAt)
            $0.authors(content.author)
            if !content.tags.isEmpty { $0.member("tags", content.tags) }
            let attachments = content.media.filter { $0.type == .audio || $0.type == .video }
            if !attachments.isEmpty { $0.member("attachments") { $0.attachments(attachments) } }
        }
    }

    private mutating func attachments(_ media: [Media]) {
        array { writer in
            for medium in media {
                writer.object {
                    $0.member("url", medium.url)
                    $0.member("mime_type", medium.mediaType)
                    $0.given("title", medium.caption ?? medium.alt)
                }
            }
        }
    }
}

extension Media {
    /// The media type, which JSON Feed requires; guessed from the file name extension of the address.
    fileprivate var mediaType: String {
        let path = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let known = Self.typesByEnding.first { ending in
            FieldValue(ArraySlice(path.suffix(ending.key.utf8.count))).matches(FieldValue(ending.key))
        }
        return known?.value ?? "application/octet-stream"
    }

    private static let typesByEnding = [
        ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".oga": "audio/ogg", ".ogg": "audio/ogg",
        ".wav": "audio/wav",
        ".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime",
        ".m3u8": "application/vnd.apple.mpegurl",
    ]
}
