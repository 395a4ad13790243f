// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// The languages of a page: of the words of our own, and of what editors wrote.
struct PageLanguage: Sendable {
    let words: Words
    /// The language of the page's own words (BCP 47), as `<html lang>` has it: that of the text, with its region, if the words are in it.
    let tag: String
    /// The language of what editors wrote (BCP 47), as `lang` has it: empty if it is not known.
    let written: String
    /// The direction of the page.
    let direction: TextDirection

    /// That of pages which belong to no story.
    static let fallback = PageLanguage(words: .english)

    /// The language of pages that have only words of our own.
    init(words: Words) {
        (self.words, tag, written) = (words, words.language, "")
        direction = TextDirection(ofLanguage: words.language)
    }
}

extension PageLanguage {
    /// The language of a story's pages and feeds: the story's own; without that, as far as its letters tell, or that of the site if its
    /// letters fit it.
    init(of story: Story, on site: SiteSettings = .blank) {
        let letters = TextLetters([story.content.title, story.content.summary ?? ""].joined(separator: " "))
        let inherited = site.language.flatMap { letters.fit($0) ? $0 : nil }
        let language = story.content.language ?? letters.language ?? inherited
        let own = language.flatMap(Words.match)
        let catalogue = own ?? site.language.flatMap(Words.match)
        words = catalogue.map(Words.inCatalogue) ?? .english
        tag = (own == nil ? nil : language) ?? words.language
        written = language ?? ""
        direction = language.map(TextDirection.init) ?? letters.direction ?? TextDirection(ofLanguage: tag)
    }

    /// The language of feeds and linked data, which have few words of our own; `nil` if it is not known.
    var ofText: String? { written.utf8.isEmpty ? nil : written }
}

extension Update {
    /// The language of its text (BCP 47), as `lang` has it: its own, or `inherited` if its letters fit that. `title` is that of its
    /// ``UpdateSummary``.
    ///
    /// `text-language.js` decides the same in browsers.
    func language(_ title: String, inherited: String) -> String {
        if let language = content.language { return language }
        let letters = TextLetters(title)
        return !inherited.utf8.isEmpty && letters.fit(inherited) ? inherited : letters.language ?? ""
    }
}
