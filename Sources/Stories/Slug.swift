/// The readable name of a story in addresses: `[a-z0-9]+(-[a-z0-9]+)*`, at most 100 characters,
/// and not shaped like a UUID, so that a path tells which of the two it holds.
public struct Slug: Hashable, Sendable, CustomStringConvertible {
    /// The text, as it stands in paths.
    public let text: String

    /// The text form.
    public var description: String { text }

    /// `nil` where the text is not a slug.
    public init?(_ text: String) {
        guard (1...Limits.slugCharacters).contains(text.utf8.count), Identifier(text) == nil,
            text.utf8.allSatisfy({ Self.isWordByte($0) || $0 == UInt8(ascii: "-") }),
            text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
                .allSatisfy({ !$0.isEmpty })
        else { return nil }
        self.text = text
    }

    /// A slug that a store kept, which holds nothing else: not looked at again.
    public init(stored text: String) {
        self.text = text
    }

    /// What a slug must look like, for error messages.
    public static let rule =
        "must be lower-case letters and digits in groups joined by single hyphens, "
        + "at most \(Limits.slugCharacters) characters, and not shaped like a UUID"

    /// A slug from the words of a title, in the letters of the Latin alphabet nearest to its own; `nil` where there are none: see
    /// ``SlugLetter``.
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
                // Cut, for all is better than nothing.
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

    /// This slug with a number behind it, for the second story of the same title.
    public func numbered(_ number: Int) -> Slug? {
        let ending = "-\(number)"
        var stem = text.utf8.prefix(Limits.slugCharacters - ending.utf8.count)
        while stem.last == UInt8(ascii: "-") { stem.removeLast() }
        return Slug(Substring(stem) + ending)
    }

    /// Shorter than the limit, so that numbers fit behind and addresses stay readable.
    private static let derivedCharacters = 80

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// How a path names a story: `{story}` is an id or a slug.
public enum StoryReference: Hashable, Sendable, CustomStringConvertible {
    case id(Identifier)
    case slug(Slug)

    /// `nil` where the text is neither, so that no story can have this name.
    public init?(_ text: String) {
        if let id = Identifier(text) {
            self = .id(id)
        } else if let slug = Slug(text) {
            self = .slug(slug)
        } else {
            return nil
        }
    }

    /// The text form.
    public var description: String {
        switch self {
        case .id(let id): id.description
        case .slug(let slug): slug.text
        }
    }
}
