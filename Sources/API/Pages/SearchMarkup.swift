// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// What a page shows of a story or of the index, if not all of it.
struct PartOfList {
    /// The keys of what is said of it: of what a search found, of a search without a result, of a number, and of the link to all.
    typealias Keys = (found: String, none: String, count: String, all: String)

    static let updates: Keys = ("foundInStory", "nothingInStory", "updateCount", "showAllUpdates")
    static let stories: Keys = ("foundStories", "foundNoStories", "storyCount", "showAllStories")

    let keys: Keys
    /// What is searched for; `nil` without a search.
    var text: String?
    /// The names of what else is chosen, such as a tag.
    var names: [String] = []
    /// How many there are; `nil` if that is not known.
    var count: Int?
    /// Where all is shown.
    let whole: String

    /// Its name for titles: `“school”`, `#politics`.
    func title(_ words: Words) -> String {
        ((text.map { [words("searchFor", ["text": $0])] } ?? []) + names).joined(separator: " · ")
    }
}

extension MarkupWriter {
    /// Writes a form that searches, by an ordinary request; `action` is where to, `nil`: at the page's own path.
    mutating func searchForm(_ label: String, at action: String? = nil, text: String? = nil) {
        element("form", ["id": "search", "role": "search", "action": action]) {
            $0.empty(
                "input",
                [
                    "type": "search", "name": "q", "value": text, "aria-label": label,
                    "placeholder": $0.words("search"), "maxlength": String(Limits.searchCharacters),
                ])
            $0.element("button", words: "search")
        }
    }

    /// Writes what the page shows, how many there are, and the way to all.
    mutating func part(_ part: PartOfList) {
        element("div", ["id": "part"]) {
            $0.element("h2") { $0.heading(of: part) }
            if part.text == nil, let count = part.count {
                $0.text(" ")
                $0.element("span", ["id": "count"], text: $0.words(part.keys.count, count: count))
            }
            $0.text(" ")
            $0.element("a", ["href": part.whole], words: part.keys.all)
        }
    }

    private mutating func heading(of part: PartOfList) {
        if let text = part.text {
            let key = part.count.map { $0 == 0 ? part.keys.none : part.keys.found } ?? "searchFor"
            say(key, count: part.count) { writer, _ in writer.name(text) }
        }
        for (index, name) in part.names.enumerated() {
            if part.text != nil || index > 0 { text(" · ") }
            self.name(name)
        }
    }
}
