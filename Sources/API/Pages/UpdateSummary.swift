// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// What is said of an update in short, wherever it is named without being shown: titles, cards, feeds, timelines. The one place for
/// it, so that a retraction is seen wherever the words are.
///
/// In browsers `update-summary.js` says the same, for what changes on an open page: the two are to be changed together.
struct UpdateSummary {
    /// Its own title or what stands for one: the beginning of its text, the alternative text of a picture, a time. One line, never
    /// empty, and not yet marked as retracted.
    let title: String
    /// Whether it was retracted.
    let isRetracted: Bool

    /// One line that can stand alone: ``title``, and before it the word that it was retracted.
    var headline: String { isRetracted ? Self.retracted + title : title }

    /// What is said before the words of a retracted update.
    static let retracted = "Retracted: "

    init(_ update: Update) {
        self.init(
            title: update.content.title, html: update.bodyHtml, media: update.content.media,
            publishedAt: update.publishedAt, isRetracted: update.stricken != nil)
    }

    init(_ event: KeyEvent) {
        self.init(
            title: event.title, html: event.excerptHtml, media: event.media, publishedAt: event.publishedAt,
            isRetracted: event.isRetracted)
    }

    private init(title: String?, html: String, media: [Media], publishedAt: Timestamp, isRetracted: Bool) {
        self.isRetracted = isRetracted
        let words = title ?? Self.words(ofExcerpt: html) ?? media.lazy.compactMap(Self.words(of:)).first
        self.title = (words ?? Self.fallback(publishedAt)).onOneLine.shortened(to: Self.titleCharacters)
    }

    /// The words of a body's beginning, or the alternative text of its first picture that has one.
    private static func words(ofExcerpt html: String) -> String? {
        let excerpt = String(html.unicodeScalars.prefix(Limits.excerptCharacters))
        return ([plainText(html: excerpt)] + HTMLPicture.all(in: excerpt).map(\.alt)).first { !$0.isBlank }
    }

    private static func words(of medium: Media) -> String? {
        [medium.alt, medium.caption].compactMap(\.self).first { !$0.isBlank }
    }

    /// `Update of 2026-11-29 14:03 UTC`.
    private static func fallback(_ time: Timestamp) -> String {
        let text = time.description
        return "Update of \(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// What search engines show of a headline.
    private static let titleCharacters = 110
}

extension Update {
    /// Its text for descriptions of it, of at most so many characters. A retraction comes first, with its reason.
    func description(atMost characters: Int) -> String? {
        let text = plainText(html: bodyHtml)
        let said = stricken.map { "\(UpdateSummary.retracted)\($0.reason)\n\n\(text)" } ?? text
        return said.isBlank ? nil : said.shortened(to: characters)
    }

    /// Its first picture: of its media, or else of its body.
    var picture: (url: String, alt: String?)? {
        if let medium = content.media.first(where: { $0.type == .image }) { return (medium.url, medium.alt) }
        // Others than ours can follow absolute addresses alone.
        return HTMLPicture.all(in: bodyHtml).first { $0.source.utf8.starts(with: "http".utf8) }
            .map { ($0.source, $0.alt.isBlank ? nil : $0.alt) }
    }
}

/// A picture of a body's HTML, which the server has made: attributes are in double quotes.
struct HTMLPicture {
    let source: String
    let alt: String

    /// The pictures in their order.
    static func all(in html: String) -> [HTMLPicture] {
        let bytes = Array(html.utf8)
        var pictures: [HTMLPicture] = []
        var rest = bytes[...]
        while let start = rest.firstRange(ofUTF8: "<img ") {
            let end = rest[start.upperBound...].firstIndex(of: UInt8(ascii: ">")) ?? rest.endIndex
            let tag = rest[start.upperBound..<end]
            pictures.append(HTMLPicture(source: value("src", in: tag), alt: value("alt", in: tag)))
            rest = rest[end...]
        }
        return pictures
    }

    private static func value(_ name: String, in tag: ArraySlice<UInt8>) -> String {
        guard let start = tag.firstRange(ofUTF8: "\(name)=\"") else { return "" }
        let value = tag[start.upperBound...].prefix { $0 != UInt8(ascii: "\"") }
        return plainText(html: String(decoding: value, as: UTF8.self))
    }
}
