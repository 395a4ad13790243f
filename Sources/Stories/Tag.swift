// The standard library composes and decomposes texts for its own comparisons, but names that in public nowhere.
@_spi(_Unicode) import Swift

/// Tags: words as editors write them, and what they are compared by.
public enum Tag {
    /// A tag as it is kept and shown: with single spaces for its white space, none around it, and its letters composed (NFC). Control
    /// characters stay, to be refused.
    public static func normalized(_ text: String) -> String {
        guard !text.isNormalizedASCII else { return text }
        let words = text.unicodeScalars.split { $0.properties.isWhitespace && !$0.isControl }.map {
            String($0)
        }
        let tag = words.joined(separator: " ")
        guard tag.isWorthFolding else { return tag }
        return String(tag._nfc)
    }

    /// What a tag is compared by, of readers' queries and of updates alike: without regard to case, to the way in which its letters are
    /// composed, to white space around it, and to default-ignorable characters.
    public static func key(_ text: String) -> String {
        let tag = normalized(text)
        guard tag.isWorthFolding else { return tag.asciiLowercased }
        let seen = tag._nfd.filter { !$0.properties.isDefaultIgnorableCodePoint }
        return String(String(seen.flatMap(\.caseFolded))._nfc)
    }

    /// The distinct tags of a list by key, each in its first spelling.
    public static func distinct(_ tags: [String]) -> [String] {
        guard tags.count <= Limits.tags else {
            var keys: Set<[UInt8]> = []
            return tags.filter { keys.insert(Array(key($0).utf8)).inserted }
        }
        // So few are compared sooner than hashed.
        let keys = tags.map(key)
        return tags.indices.filter { index in
            !keys[..<index].contains { $0.utf8.elementsEqual(keys[index].utf8) }
        }.map { tags[$0] }
    }
}

extension Unicode.Scalar {
    /// Its full case folding (Unicode §3.13): in lower case once it was in upper case, which takes `ß` to `ss` and `ς` to `σ`.
    fileprivate var caseFolded: [Unicode.Scalar] {
        // In no language but Turkish is the letter without a dot an i.
        guard self != "\u{131}" else { return [self] }  // scalars: both are
        let upper = properties.lowercaseMapping.unicodeScalars.flatMap {
            $0.properties.uppercaseMapping.unicodeScalars
        }
        return upper.flatMap { $0.properties.lowercaseMapping.unicodeScalars }
    }
}

extension String {
    fileprivate init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }

    /// Whether it is not of ASCII alone, nor far longer than a tag may be, which is refused and would take its time.
    fileprivate var isWorthFolding: Bool {
        utf8.contains { $0 >= 0x80 } && unicodeScalars.count <= 4 * Limits.tagCharacters
    }

    /// Whether it is visible ASCII in words with single spaces between them, as most tags are: those are kept as they are.
    fileprivate var isNormalizedASCII: Bool {
        var previous = UInt8(ascii: " ")
        for byte in utf8 {
            guard 0x20...0x7E ~= byte, byte != 0x20 || previous != 0x20 else { return false }
            previous = byte
        }
        return previous != 0x20
    }

    fileprivate var asciiLowercased: String {
        let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard utf8.contains(where: { letters.contains($0) }) else { return self }
        return String(decoding: utf8.map { letters.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
