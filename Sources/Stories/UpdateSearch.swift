// SPDX-License-Identifier: Apache-2.0
/// A search among updates, for their editors.
public struct UpdateSearch: Sendable {
    /// Words that must all occur in the title, the body, the author, the tags, the names of the sources or the reason of a retraction, also
    /// as parts of others; folded.
    let words: [String]
    /// What stands in quotation marks: must occur as it is, as whole words; folded.
    let phrases: [String]
    /// ``words`` in a row: what has it is ranked first.
    private let wording: String
    /// What the author's name must contain, folded.
    private let author: String?
    /// The key of a tag that it must have (``Tag/key(_:)``).
    private let tag: String?
    /// Page size, within ``Limits/pageSize``.
    public var limit: Int
    /// Start after this position; `nil`: with the drafts, and the best.
    public var before: SearchPosition?

    /// Without any condition, every update matches.
    public init(
        _ text: String? = nil, author: String? = nil, tag: String? = nil,
        limit: Int = Limits.defaultPageSize, before: SearchPosition? = nil
    ) {
        // What is between the first two quotation marks is a phrase, then between the next two; one that is not closed has the rest.
        let parts = (text ?? "").unicodeScalars.split(omittingEmptySubsequences: false) {
            "\"“”„«»「」".unicodeScalars.contains($0)
        }
        let folded = parts.map { SearchText($0).text }
        let quoted = folded.indices.filter { $0 % 2 == 1 }.map { folded[$0] }
        let loose = folded.indices.filter { $0 % 2 == 0 }.map { folded[$0] }
        phrases = quoted.filter { !$0.isEmpty }
        words = loose.flatMap { $0.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) } }
        wording = words.joined(separator: " ")
        self.author = author.map { SearchText($0.unicodeScalars[...]).text }
        self.tag = tag.map(Tag.key)
        (self.limit, self.before) = (limit, before)
    }

    /// How well an update matches, the best first.
    public enum Rank: Int, Comparable, Sendable, CaseIterable {
        /// It has the words as they were typed, one after the other.
        case wording
        /// The same, with the last word as a prefix, as in a search while typing.
        case beginning
        /// It has all of them as words.
        case words
        /// It has some of them as parts of words only.
        case parts

        /// By how well it matches.
        public static func < (one: Rank, other: Rank) -> Bool { one.rawValue < other.rawValue }
    }

    /// Whether an update matches.
    public func matches(_ content: UpdateContent, stricken: Strike?) -> Bool {
        rank(of: content, stricken: stricken) != nil
    }

    /// How well an update matches; `nil` if it does not. Without words, all that match do so equally well.
    public func rank(of content: UpdateContent, stricken: Strike?) -> Rank? {
        if let tag, !content.tags.contains(where: { Tag.key($0).hasSameBytes(as: tag) }) { return nil }
        if let author, !SearchText((content.author ?? "").unicodeScalars[...]).holds(author) { return nil }
        guard !words.isEmpty || !phrases.isEmpty else { return .wording }
        let own: [String?] = [content.title, content.body, content.author, stricken?.reason]
        let text = SearchText(lines: own.compactMap(\.self) + content.tags + content.sources.map(\.name))
        guard phrases.allSatisfy({ text.holds($0, beginsWord: true, endsWord: true) }),
            words.allSatisfy({ text.holds($0) })
        else { return nil }
        if text.holds(wording, beginsWord: true, endsWord: true) { return .wording }
        if text.holds(wording, beginsWord: true) { return .beginning }
        return words.allSatisfy { text.holds($0, beginsWord: true, endsWord: true) } ? .words : .parts
    }
}

extension SearchText {
    /// A word or several, as a condition.
    fileprivate var text: String {
        var text = String(decoding: bytes, as: UTF8.self)
        if text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
        return text
    }
}

/// A position in the results of a search: within a stretch of the updates, of which all that match are ranked together.
public struct SearchPosition: Hashable, Sendable, CustomStringConvertible {
    /// After which update the stretch begins; `nil`: with the newest.
    public var start: StoryPosition?
    /// The last update of the stretch, once it was searched; `nil`: as many as one request searches.
    public var end: StoryPosition?
    /// The last rank of which something was found.
    public var rank: UpdateSearch.Rank
    /// The last update that was found of this rank.
    public var found: StoryPosition?

    /// Memberwise.
    public init(
        start: StoryPosition?, end: StoryPosition? = nil, rank: UpdateSearch.Rank = .wording,
        found: StoryPosition? = nil
    ) {
        (self.start, self.end, self.rank, self.found) = (start, end, rank, found)
    }

    /// Opaque to clients.
    public var description: String {
        let places = [start, end, found].map { $0?.description ?? "" }
        return ([String(rank.rawValue)] + places).joined(separator: "~")
    }

    /// Parses exactly the output of ``description``; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "~"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard parts.count == 4, let number = Int(parts[0]),
            let rank = UpdateSearch.Rank.allCases.first(where: { $0.rawValue == number })
        else { return nil }
        let places = parts.dropFirst().map { StoryPosition($0) }
        self.init(start: places[0], end: places[1], rank: rank, found: places[2])
        guard description.hasSameBytes(as: text) else { return nil }
    }
}

/// A page of the results of a search.
public struct SearchPage: Hashable, Sendable {
    /// The best matches first; of those that match equally well drafts first, latest id first, then published updates, newest first.
    public var updates: [EditorUpdate]
    /// Where to go on, which may find nothing more; `nil` if everything was searched.
    public var older: SearchPosition?

    /// Memberwise.
    public init(updates: [EditorUpdate], older: SearchPosition?) {
        (self.updates, self.older) = (updates, older)
    }
}

/// What a search in all stories has found.
public struct SearchOverview: Hashable, Sendable {
    /// An update, and the story that it is in.
    public struct Found: Hashable, Sendable {
        /// The update.
        public var update: EditorUpdate
        /// Its story.
        public var story: Story

        /// Memberwise.
        public init(update: EditorUpdate, story: Story) {
            (self.update, self.story) = (update, story)
        }
    }

    /// The best matches first; of equal ones those of the story that was changed last.
    public var found: [Found]
    /// Whether all updates that the caller may edit were searched.
    public var isComplete: Bool

    /// Memberwise.
    public init(found: [Found], isComplete: Bool) {
        (self.found, self.isComplete) = (found, isComplete)
    }
}
