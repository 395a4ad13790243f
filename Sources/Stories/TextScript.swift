// SPDX-License-Identifier: Apache-2.0

/// The script that a text is written in.
///
/// `text-language.js` decides the same in browsers.
public enum TextScript: Sendable, CaseIterable {
    case latin, greek, cyrillic, hebrew, arabic, devanagari, thai, kana, han, hangul

    /// The script of a letter; `nil` of one in another script.
    init?(_ letter: Unicode.Scalar) {
        guard let found = Self.ranges.first(where: { $0.range.contains(letter.value) }) else { return nil }
        self = found.script
    }

    private static let ranges: [(range: ClosedRange<UInt32>, script: TextScript)] = [
        (0x41...0x24F, .latin), (0x370...0x3FF, .greek), (0x400...0x52F, .cyrillic), (0x590...0x5FF, .hebrew),
        (0x600...0x6FF, .arabic), (0x750...0x77F, .arabic), (0x8A0...0x8FF, .arabic),
        (0x900...0x97F, .devanagari),
        (0xE00...0xE7F, .thai), (0x1100...0x11FF, .hangul), (0x1E00...0x1EFF, .latin),
        (0x1F00...0x1FFF, .greek),
        (0x3040...0x30FF, .kana), (0x3130...0x318F, .hangul), (0x3400...0x4DBF, .han),
        (0x4E00...0x9FFF, .han),
        (0xAC00...0xD7AF, .hangul), (0xF900...0xFAFF, .han), (0xFB1D...0xFB4F, .hebrew),
        (0xFB50...0xFDFF, .arabic),
        (0xFE70...0xFEFF, .arabic), (0xFF66...0xFF9F, .kana), (0x20000...0x323AF, .han),
    ]

    /// Whether it is written from right to left.
    var isRightToLeft: Bool { self == .hebrew || self == .arabic }
}

/// What the letters of a text say about its language.
public struct TextLetters: Sendable {
    private let counts: [TextScript?: Int]
    private let total: Int

    /// Counts the letters of a text.
    public init(_ text: String) {
        var counts: [TextScript?: Int] = [:]
        for scalar in text.unicodeScalars.prefix(Self.scalars) where scalar.properties.isAlphabetic {
            counts[TextScript(scalar), default: 0] += 1
        }
        self.counts = counts
        total = counts.values.reduce(0, +)
    }

    /// How much of a text is looked at.
    private static let scalars = 300

    /// Whether at least half of the letters are of some scripts. A text without letters has them all.
    private func areMostly(_ scripts: [TextScript]) -> Bool {
        scripts.reduce(0) { $0 + (counts[$1] ?? 0) } * 2 >= total
    }

    /// The language, if the script leaves no doubt: kana are Japanese, Hangul is Korean (BCP 47).
    public var language: String? {
        guard total > 0, areMostly([.kana, .hangul, .han]) else { return nil }
        let (kana, hangul) = (counts[.kana] ?? 0, counts[.hangul] ?? 0)
        guard kana + hangul > 0 else { return nil }
        return kana > hangul ? "ja" : "ko"
    }

    /// The direction, if most letters are of scripts that go from right to left.
    public var direction: TextDirection? {
        total > 0 && areMostly(TextScript.allCases.filter(\.isRightToLeft)) ? .rtl : nil
    }

    /// Whether the text can be of a language (BCP 47): at least half of its letters are of a script of that. Of languages that are not
    /// known here it can.
    public func fit(_ language: String) -> Bool {
        guard let tag = LanguageTag(language) else { return false }
        let name =
            tag.script
            ?? Self.scripts.first { $0.languages.contains { $0.hasSameBytes(as: tag.language) } }?.script
        guard let name, let known = Self.lettersOf.first(where: { $0.script.hasSameBytes(as: name) }) else {
            return true
        }
        return areMostly(known.letters)
    }

    /// The letters that a script of ISO 15924 consists of.
    private static let lettersOf: [(script: String, letters: [TextScript])] = [
        ("Latn", [.latin]), ("Grek", [.greek]), ("Cyrl", [.cyrillic]), ("Hebr", [.hebrew]),
        ("Arab", [.arabic]),
        ("Deva", [.devanagari]), ("Thai", [.thai]), ("Jpan", [.kana, .han]), ("Kore", [.hangul, .han]),
        ("Hans", [.han]), ("Hant", [.han]),
    ]

    /// The likely scripts of languages (CLDR, likely subtags).
    private static let scripts: [(script: String, languages: [String])] = [
        (
            "Latn",
            [
                "en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "nb", "nn", "no", "fi", "cs",
                "sk", "hu",
                "ro", "hr", "sl", "et", "lv", "lt", "tr", "vi", "id", "ms", "ca", "eu", "gl", "ga", "cy",
                "is", "mt", "sq",
                "sw", "af",
            ]
        ),
        ("Cyrl", ["ru", "uk", "be", "bg", "mk", "kk", "ky", "tg", "mn"]), ("Grek", ["el"]),
        ("Hebr", ["he", "yi"]),
        ("Arab", ["ar", "fa", "ur", "ps", "ckb", "sd", "ug"]), ("Deva", ["hi", "mr", "ne"]), ("Thai", ["th"]),
        ("Jpan", ["ja"]), ("Kore", ["ko"]), ("Hans", ["zh"]),
    ]
}
