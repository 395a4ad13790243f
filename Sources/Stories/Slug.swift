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

    /// A slug from the words of a title; `nil` where the title holds no letter or digit of the Latin alphabet.
    public init?(title: String) {
        var words: [String] = [""]
        for scalar in title.unicodeScalars {
            if let letter = Self.plainLetter(scalar) {
                words[words.count - 1].unicodeScalars.append(letter)
            } else if !Self.isApostrophe(scalar), !Self.isAccent(scalar) {
                words.append("")
            }
        }
        var text = ""
        for word in words where !word.isEmpty {
            let longer = text.isEmpty ? word : text + "-" + word
            guard longer.utf8.count <= Self.derivedCharacters else { break }
            text = longer
        }
        self.init(text)
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

    private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "'" || scalar == "\u{2019}"
    }

    /// A mark upon the letter before it: `é` may also be written as `e` and U+0301.
    private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .nonspacingMark
    }

    /// The Latin letter or digit that a scalar is a form of: `É` gives `e`. The Unicode name says so:
    /// `LATIN CAPITAL LETTER E WITH ACUTE`.
    private static func plainLetter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if scalar.isASCII {
            let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
            return isWordByte(UInt8(lower.value)) ? lower : nil
        }
        guard let name = scalar.properties.name?.utf8, name.starts(with: "LATIN ".utf8) else { return nil }
        let words = name.split(separator: UInt8(ascii: " "))
        guard words.count > 4, words[2].elementsEqual("LETTER".utf8), words[3].count == 1,
            words[4].elementsEqual("WITH".utf8)
        else { return nil }
        return words[3].first.map { Unicode.Scalar($0 | 0x20) }
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
