// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import Images
internal import Stories

/// The picture that the server draws of a public story or update which has none, for other sites that show its address. To make one costs
/// a digest; it is drawn lazily, at the first request for its path.
struct SocialCard: Sendable {
    let picture: SocialPicture
    /// The logo, if it was uploaded here.
    let logo: MediaReference?
    /// The story that it is of.
    let story: Identifier
    private let update: Identifier?

    /// The card of a story, or of one of its updates; `nil` if another picture represents it, and for drafts. A retracted update has one
    /// whatever pictures there are, so that a shared link never shows a retraction as fact.
    init?(of story: Story, _ update: Update? = nil, on settings: SiteSettings, at site: String) {
        let isRetracted = update?.stricken != nil
        let hasPicture =
            story.content.image != nil || settings.defaultImage != nil
            || update?.pictures(at: site).isEmpty == false
        guard story.content.status != .draft, isRetracted || !hasPicture else { return nil }
        (self.story, self.update) = (story.id, update?.id)
        logo = settings.logo.flatMap { MediaReference($0.light) }
        picture = SocialPicture(of: story, update, on: settings, at: site)
    }

    /// Changes with all that is drawn.
    var digest: String {
        let bytes = [Self.layout] + picture.bytes + (logo.map { Array($0.path.utf8) } ?? [])
        return hexadecimal(sha256(bytes).prefix(16))
    }

    /// To be raised when cards look different, so that they get other addresses.
    private static let layout: UInt8 = 1

    /// Where it is: an address that never means another picture.
    var path: String {
        let place = update.map { "/updates/\($0)" } ?? ""
        return "/stories/\(story)\(place)/social/\(digest).png"
    }

    /// The digest in the last segment of such a path; `nil` for anything else.
    static func digest(ofFile name: String) -> String? {
        let bytes = Array(name.utf8)
        guard bytes.count == 36, bytes.suffix(4).elementsEqual(".png".utf8) else { return nil }
        let digest = bytes.dropLast(4)
        return digest.allSatisfy { "0123456789abcdef".utf8.contains($0) }
            ? String(decoding: digest, as: UTF8.self) : nil
    }

    /// The picture as pages and linked data name it.
    func shared(at site: String) -> SharedPicture {
        let words = [picture.labelText, picture.headline, picture.siteName].filter { !$0.isBlank }
        var shared = SharedPicture(url: site + path, alt: words.joined(separator: " – "))
        (shared.width, shared.height, shared.type) = (SocialPicture.width, SocialPicture.height, .png)
        return shared
    }
}

extension SocialPicture {
    fileprivate init(of story: Story, _ update: Update?, on settings: SiteSettings, at site: String) {
        let language = PageLanguage(of: story, on: settings)
        let words = language.words
        let label = Label(story.content.status, update)
        let published = update?.publishedAt ?? story.publishedAt ?? story.createdAt
        self.init(
            headline: (update.map { $0.content.title ?? UpdateSummary($0, words).title }
                ?? story.content.title).onOneLine,
            context: update == nil ? "" : story.content.title.onOneLine,
            time: Time(
                published, zone: story.content.timeZone ?? settings.timeZone ?? "UTC", words),
            label: label, labelText: label.text(words),
            siteName: settings.name ?? SiteAddress.host(of: site), language: language.written,
            isRightToLeft: language.direction == .rtl, isSerif: settings.hasSerifHeadings,
            colors: Colors((settings.colors ?? .blank).schemes[0]))
    }
}

extension SocialPicture.Label {
    /// Updates say nothing of their story, which goes on and ends without them.
    fileprivate init(_ status: StoryStatus, _ update: Update?) {
        if let update {
            self = update.stricken == nil ? .none : .retracted
        } else {
            self = status == .closed ? .closed : .live
        }
    }

    fileprivate func text(_ words: Words) -> String {
        switch self {
        case .none: ""
        case .live: words("live")
        case .closed: words("closed")
        case .retracted: words("retracted")
        }
    }
}

extension SocialPicture.Time {
    fileprivate init(_ time: Timestamp, zone: String, _ words: Words) {
        // With the placeholders for values, it is the pattern.
        let pattern = words(
            "dateTime", ["day": "{day}", "month": "{month}", "year": "{year}", "time": "{time}"])
        self.init(
            seconds: time.milliseconds / 1_000, zone: zone, pattern: pattern, months: words("months"))
    }
}

extension SocialPicture.Colors {
    /// Those of light ground, on which other sites put pictures for the most part.
    fileprivate init(_ scheme: SiteScheme) {
        self.init(
            background: scheme.background.rgb, text: scheme.text.rgb, soft: scheme.soft.rgb,
            line: scheme.line.rgb, accent: scheme.accent.rgb, onAccent: scheme.onAccent.rgb)
    }
}

extension Color {
    fileprivate var rgb: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }
}

extension SiteSettings {
    /// Whether headings are in a serif, as they are unless it is set. Uploaded fonts are for browsers alone.
    fileprivate var hasSerifHeadings: Bool {
        guard let heading = fonts?.heading, let stack = FontStack(exactly: heading) else { return true }
        return stack == .serif || stack == .slab
    }
}
