// SPDX-License-Identifier: Apache-2.0
// Unicode normalization, which the standard library implements but does not make public.
@_spi(_Unicode) import Swift

/// Tags: normalization and comparison.
public enum Tag {
    /// The stored and displayed form: NFC, runs of white space collapsed to single spaces, trimmed. Control characters are
    /// kept, and rejected by validation.
    public static func normalized(_ text: String) -> String {
        guard !text.isNormalizedASCII else { return text }
        let words = text.unicodeScalars.split { $0.properties.isWhitespace && !$0.isControl }.map {
            String($0)
        }
        let tag = words.joined(separator: " ")
        guard tag.isWorthFolding else { return tag }
        return String(tag._nfc)
    }

    /// The comparison key of a tag, in queries and updates: normalized, case-folded, without default-ignorable
    /// characters.
    public static func key(_ text: String) -> String {
        let tag = normalized(text)
        guard tag.isWorthFolding else { return tag.asciiLowercased }
        let seen = tag._nfd.filter { !$0.properties.isDefaultIgnorableCodePoint }
        return String(String(seen.flatMap(\.caseFolded))._nfc)
    }

    /// Removes duplicates by key; the first spelling wins.
    public static func distinct(_ tags: [String]) -> [String] {
        guard tags.count <= Limits.tags else {
            var keys: Set<[UInt8]> = []
            return tags.filter { keys.insert(Array(key($0).utf8)).inserted }
        }
        // For few tags, comparing is cheaper than hashing.
        let keys = tags.map(key)
        return tags.indices.filter { index in
            !keys[..<index].contains { $0.utf8.elementsEqual(keys[index].utf8) }
        }.map { tags[$0] }
    }
}

extension Unicode.Scalar {
    /// Full case folding (Unicode §3.13), as the lower case of the upper case: maps `ß` to `ss` and `ς` to `σ`.
    fileprivate var caseFolded: [Unicode.Scalar] {
        // Dotless ı folds to i only in Turkic languages.
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

    /// Whether it needs Unicode folding: not all ASCII, and not so long that it is rejected anyway.
    fileprivate var isWorthFolding: Bool {
        utf8.contains { $0 >= 0x80 } && unicodeScalars.count <= 4 * Limits.tagCharacters
    }

    /// Whether it is visible ASCII with single spaces, as most tags are: already normalized.
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
