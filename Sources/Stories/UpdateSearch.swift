// SPDX-License-Identifier: Apache-2.0
// Unicode normalization, which the standard library implements but does not make public.
@_spi(_Unicode) import Swift

/// A search among the updates of a story, for its editors.
public struct UpdateSearch: Sendable {
    /// Words that must all occur in the title, the body, the author, the tags, the names of the sources or the reason of a retraction; folded.
    private let words: [String]
    /// What the author's name must contain, folded.
    private let author: String?
    /// The key of a tag that it must have (``Tag/key(_:)``).
    private let tag: String?
    /// Page size, within ``Limits/pageSize``.
    public var limit: Int
    /// Start after this position; `nil`: with the drafts, and the newest update.
    public var before: SearchPosition?

    /// Without any condition, every update matches.
    public init(
        _ text: String? = nil, author: String? = nil, tag: String? = nil,
        limit: Int = Limits.defaultPageSize, before: SearchPosition? = nil
    ) {
        words = (text ?? "").unicodeScalars.split { $0.properties.isWhitespace }
            .map { SearchText.word($0) }.filter { !$0.isEmpty }
        self.author = author.map { SearchText.word($0.unicodeScalars[...]) }
        self.tag = tag.map(Tag.key)
        (self.limit, self.before) = (limit, before)
    }

    /// Whether an update matches.
    public func matches(_ content: UpdateContent, stricken: Strike?) -> Bool {
        if let tag, !content.tags.contains(where: { Tag.key($0).hasSameBytes(as: tag) }) { return false }
        if let author, !SearchText.folded(content.author).holds(author) { return false }
        guard !words.isEmpty else { return true }
        let text = searched(content, stricken)
        return words.allSatisfy { text.holds($0) }
    }

    /// All texts that are searched, each on a line of its own, so that no word is found across two.
    private func searched(_ content: UpdateContent, _ stricken: Strike?) -> [UInt8] {
        let own: [String?] = [content.title, content.body, content.author, stricken?.reason]
        let texts = own.compactMap(\.self) + content.tags + content.sources.map(\.name)
        return texts.reduce(into: []) { $0 += SearchText.folded($1) + [UInt8(ascii: "\n")] }
    }
}

extension [UInt8] {
    fileprivate func holds(_ word: String) -> Bool { self[...].firstRange(ofUTF8: word) != nil }
}

/// The form in which texts are compared: lower case, without diacritics.
private enum SearchText {
    static func word(_ text: Substring.UnicodeScalarView) -> String {
        String(decoding: folded(text), as: UTF8.self)
    }

    static func folded(_ text: String?) -> [UInt8] { folded((text ?? "").unicodeScalars[...]) }

    /// Scalar by scalar, so that its time grows with the length only: the order of diacritics does not matter, as they are left out.
    static func folded(_ text: Substring.UnicodeScalarView) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.underestimatedCount)
        for scalar in text {
            if scalar.isASCII {
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                bytes.append(0x41...0x5A ~= byte ? byte | 0x20 : byte)
            } else {
                for part in String(Character(scalar))._nfd where !part.isMark {
                    bytes += part.properties.lowercaseMapping.utf8
                }
            }
        }
        return bytes
    }
}

extension Unicode.Scalar {
    /// Whether it is a diacritic, or is not seen at all.
    fileprivate var isMark: Bool {
        properties.generalCategory == .nonspacingMark || properties.isDefaultIgnorableCodePoint
    }
}

/// A keyset position in the results of a search: the last update that was searched.
public struct SearchPosition: Hashable, Sendable, CustomStringConvertible {
    /// Its `publishedAt`.
    public var publishedAt: Timestamp
    /// Its id, the tie-breaker.
    public var id: Identifier

    /// Memberwise.
    public init(publishedAt: Timestamp, id: Identifier) {
        (self.publishedAt, self.id) = (publishedAt, id)
    }

    /// Opaque to clients; same format as ``StoryPosition``.
    public var description: String { StoryPosition(activeAt: publishedAt, id: id).description }

    /// Parses exactly the output of ``description``; `nil` for anything else.
    public init?(_ text: String) {
        guard let position = StoryPosition(text) else { return nil }
        self.init(publishedAt: position.activeAt, id: position.id)
    }
}

/// A page of the results of a search.
public struct SearchPage: Hashable, Sendable {
    /// Drafts first, latest id first, then published updates, newest first.
    public var updates: [EditorUpdate]
    /// Where to go on, which may find nothing more; `nil` if everything was searched.
    public var older: SearchPosition?

    /// Memberwise.
    public init(updates: [EditorUpdate], older: SearchPosition?) {
        (self.updates, self.older) = (updates, older)
    }
}
