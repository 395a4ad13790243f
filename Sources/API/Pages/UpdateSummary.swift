// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// Short texts for an update where it is named without being shown: titles, cards, feeds, timelines. Their single source, so that
/// retractions are marked everywhere.
///
/// `update-summary.js` does the same in browsers, for changes on an open page: keep the two in step.
struct UpdateSummary {
    /// Its own title or a substitute: the beginning of its text, the alternative text of a picture, or a time. One line, never
    /// empty, without the mark of a retraction.
    let title: String
    let isRetracted: Bool
    private let words: Words

    /// One line that can stand alone: ``title``, marked if retracted.
    var headline: String { isRetracted ? words("retractedTitle", ["title": title]) : title }

    init(_ update: Update, _ words: Words) {
        self.init(
            title: update.content.title, html: update.bodyHtml, media: update.content.media,
            publishedAt: update.publishedAt, isRetracted: update.stricken != nil, words)
    }

    init(_ event: KeyEvent, _ words: Words) {
        self.init(
            title: event.title, html: event.excerptHtml, media: event.media, publishedAt: event.publishedAt,
            isRetracted: event.isRetracted, words)
    }

    private init(
        title: String?, html: String, media: [Media], publishedAt: Timestamp, isRetracted: Bool,
        _ words: Words
    ) {
        (self.isRetracted, self.words) = (isRetracted, words)
        let known = title ?? Self.words(ofExcerpt: html) ?? media.lazy.compactMap(Self.words(of:)).first
        self.title = (known ?? Self.fallback(publishedAt, words)).onOneLine.shortened(
            to: Self.titleCharacters)
    }

    /// Returns the beginning of a body's text, or the alternative text of its first picture that has one.
    private static func words(ofExcerpt html: String) -> String? {
        let excerpt = String(html.unicodeScalars.prefix(Limits.excerptCharacters))
        return ([plainText(html: excerpt)] + HTMLPicture.all(in: excerpt).map(\.alt)).first { !$0.isBlank }
    }

    private static func words(of medium: Media) -> String? {
        [medium.alt, medium.caption].compactMap(\.self).first { !$0.isBlank }
    }

    /// `Update of 2026-11-29 14:03 UTC`.
    private static func fallback(_ time: Timestamp, _ words: Words) -> String {
        let text = time.description
        return words("updateOf", ["time": "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"])
    }

    /// The length up to which search engines show a headline.
    private static let titleCharacters = 110
}

extension Update {
    /// Returns its text for descriptions, of at most `characters` scalars. A retraction comes first, with its reason.
    func description(atMost characters: Int, _ words: Words) -> String? {
        let text = plainText(html: bodyHtml)
        let said = stricken.map { words("retractedTitle", ["title": $0.reason]) + "\n\n" + text } ?? text
        return said.isBlank ? nil : said.shortened(to: characters)
    }

    /// Its pictures for use outside the site: those of its media, or else the first of its body.
    func pictures(at site: String) -> [SharedPicture] {
        let pictures = content.media.filter { $0.type == .image }.map { $0.shared(at: site) }
        return pictures.isEmpty ? [bodyPicture(at: site)].compactMap(\.self) : pictures
    }

    private func bodyPicture(at site: String) -> SharedPicture? {
        let picture = HTMLPicture.all(in: bodyHtml).first {
            $0.source.utf8.starts(with: "http".utf8) || MediaReference($0.source) != nil
        }
        guard let picture else { return nil }
        let url = MediaReference(picture.source).map { site + $0.path } ?? picture.source
        return SharedPicture(url: url, alt: picture.alt.isBlank ? nil : picture.alt)
    }
}

/// A picture in the HTML of a body; the server's renderer puts attributes in double quotes.
struct HTMLPicture {
    let source: String
    let alt: String

    /// Returns the pictures in order.
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
