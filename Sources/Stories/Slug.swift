// SPDX-License-Identifier: Apache-2.0
/// The readable id of a story in URLs: `[a-z0-9]+(-[a-z0-9]+)*`, at most 100 characters, and not in the format of a UUID, so
/// that a path segment is unambiguous.
public struct Slug: Hashable, Sendable, CustomStringConvertible {
    /// The text, as in paths.
    public let text: String

    /// The text.
    public var description: String { text }

    /// `nil` if the text is not a valid slug.
    public init?(_ text: String) {
        guard (1...Limits.slugCharacters).contains(text.utf8.count), Identifier(text) == nil,
            text.utf8.allSatisfy({ Self.isWordByte($0) || $0 == UInt8(ascii: "-") }),
            text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
                .allSatisfy({ !$0.isEmpty })
        else { return nil }
        self.text = text
    }

    /// A slug read from a store; not validated again.
    public init(stored text: String) {
        self.text = text
    }

    /// The rule, for error messages.
    public static let rule =
        "must be lower-case letters and digits in groups joined by single hyphens, "
        + "at most \(Limits.slugCharacters) characters, and not shaped like a UUID"

    /// Derives a slug from a title, transliterated to Latin letters (``SlugLetter``); `nil` if nothing is left.
    public init?(title: String) {
        var words: [[UInt8]] = [[]]
        for scalar in title.unicodeScalars {
            switch SlugLetter(scalar) {
            case .letters(let letters): words[words.count - 1] += letters
            // The second letter of a Greek diphthong, as in "ou".
            case .upsilon: words[words.count - 1].append(Self.isOpenVowel(words.last?.last) ? Self.u : Self.y)
            case .nothing: break
            case .gap: words.append([])
            }
        }
        var text: [UInt8] = []
        for word in words where !word.isEmpty {
            guard !text.isEmpty else {
                // Truncate a long first word rather than return nothing.
                text = Array(word.prefix(Self.derivedCharacters))
                continue
            }
            guard text.count + 1 + word.count <= Self.derivedCharacters else { break }
            text += [UInt8(ascii: "-")] + word
        }
        self.init(String(decoding: text, as: UTF8.self))
    }

    private static let (u, y) = (UInt8(ascii: "u"), UInt8(ascii: "y"))

    private static func isOpenVowel(_ byte: UInt8?) -> Bool {
        byte.map("aeo".utf8.contains) ?? false
    }

    /// This slug with a numeric suffix, for stories of the same title.
    public func numbered(_ number: Int) -> Slug? {
        let ending = "-\(number)"
        var stem = text.utf8.prefix(Limits.slugCharacters - ending.utf8.count)
        while stem.last == UInt8(ascii: "-") { stem.removeLast() }
        return Slug(Substring(stem) + ending)
    }

    /// Shorter than the limit, to leave room for suffixes and keep URLs readable.
    private static let derivedCharacters = 80

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// A reference to a story in a path: `{story}` is an id or a slug.
public enum StoryReference: Hashable, Sendable, CustomStringConvertible {
    case id(Identifier)
    case slug(Slug)

    /// `nil` if the text is neither, so that no story matches.
    public init?(_ text: String) {
        if let id = Identifier(text) {
            self = .id(id)
        } else if let slug = Slug(text) {
            self = .slug(slug)
        } else {
            return nil
        }
    }

    /// The id or slug.
    public var description: String {
        switch self {
        case .id(let id): id.description
        case .slug(let slug): slug.text
        }
    }
}
