// SPDX-License-Identifier: Apache-2.0
/// Transliteration of a scalar for slugs, based on Unicode data: names (`LATIN SMALL LETTER E WITH ACUTE`), numeric values,
/// general categories. Covers Latin, Greek and Cyrillic; letters of other scripts are not transliterated.
enum SlugLetter {
    /// ASCII letters or digits.
    case letters([UInt8])
    /// Greek upsilon: `u` in a diphthong, otherwise `y`.
    case upsilon
    /// Omitted; the word continues.
    case nothing
    /// A word boundary.
    case gap

    /// Classifies a scalar.
    init(_ scalar: Unicode.Scalar) {
        let properties = scalar.properties
        if scalar.isASCII {
            self = Self.ascii(scalar)
        } else if properties.isDefaultIgnorableCodePoint || Self.apostrophes.contains(scalar) {
            self = .nothing
        } else if let digit = Self.digit(properties) {
            self = .letters([digit])
        } else {
            switch properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .spacingMark: self = .nothing
            default: self = Self.named(properties.name ?? "")
            }
        }
    }

    private static func ascii(_ scalar: Unicode.Scalar) -> SlugLetter {
        let byte = UInt8(scalar.value)
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .letters([byte])
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return .letters([byte | 0x20])
        case UInt8(ascii: "'"), UInt8(ascii: "`"): return .nothing
        default: return .gap
        }
    }

    /// Characters used as apostrophes: acute accent, quotation marks, prime, saltillo, fullwidth. Modifier letters are recognized by name.
    private static let apostrophes: Set<Unicode.Scalar> = [
        "\u{B4}", "\u{2018}", "\u{2019}", "\u{201B}", "\u{2032}", "\u{A78B}", "\u{A78C}", "\u{FF07}",
    ]

    /// A digit of any script and style: `２`, `²`, `٢`.
    private static func digit(_ properties: Unicode.Scalar.Properties) -> UInt8? {
        guard properties.numericType == .decimal || properties.numericType == .digit,
            let value = properties.numericValue, (0...9).contains(value)
        else { return nil }
        return UInt8(ascii: "0") + UInt8(value)
    }

    // MARK: By name

    private static func named(_ name: String) -> SlugLetter {
        if let letters = symbols[name] { return .letters(Array(letters.utf8)) }
        let words = name.utf8.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        if words.first == "MODIFIER" { return modifier(words) }  // ascii: Unicode's
        if let first = words.first, stylised.contains(first) { return styled(words) }
        // FULLWIDTH LATIN …, CIRCLED LATIN …
        guard let script = words.prefix(2).firstIndex(where: scripts.contains) else { return .gap }
        let base = words[(script + 1)...].filter { !forms.contains($0) }
            .prefix { $0 != "WITH" && $0 != "PRECEDED" }  // ascii: Unicode's
        // A letter with a diaeresis is not part of a diphthong.
        let isApart = words.contains("DIALYTIKA")  // ascii: Unicode's
        return isApart && words[script] == "GREEK"  // ascii: Unicode's
            ? .letters(Array((apart[base.last ?? ""] ?? "").utf8)) : letter(of: words[script], Array(base))
    }

    private static let scripts: Set = ["LATIN", "GREEK", "CYRILLIC"]  // ascii: Unicode's
    private static let forms: Set = [  // ascii: Unicode's
        "CAPITAL", "SMALL", "LETTER", "LIGATURE", "FINAL", "SUBSCRIPT",
    ]
    /// Name prefixes of letters that only differ in style, whose names mention no script.
    private static let stylised: Set = [  // ascii: Unicode's
        "MATHEMATICAL", "DOUBLE-STRUCK", "SCRIPT", "BLACK-LETTER",
    ]

    private static func letter(of script: String, _ base: [String]) -> SlugLetter {
        switch script {
        case "GREEK": return greek(base.last ?? "")  // ascii: Unicode's
        case "CYRILLIC":  // ascii: Unicode's
            return cyrillic[base.joined(separator: " ")].map { .letters(Array($0.utf8)) } ?? .nothing
        default:
            if let letters = latin[base.joined(separator: " ")] { return .letters(Array(letters.utf8)) }
            // Most are named after their shape: AE, FI, DOTLESS I, LONG S.
            guard let last = base.last, last.utf8.count <= 3 else { return .nothing }
            return .letters(lowercase(last))
        }
    }

    private static func greek(_ name: String) -> SlugLetter {
        if name == "UPSILON" { return .upsilon }  // ascii: Unicode's
        return greekLetters[name].map { .letters(Array($0.utf8)) } ?? .nothing
    }

    /// A modifier letter: `ʰ` maps to its base letter; the ʻokina and similar ones are omitted.
    private static func modifier(_ words: [String]) -> SlugLetter {
        guard words.count > 2, words[1] == "LETTER",  // ascii: Unicode's
            let last = words.last
        else { return .gap }
        return last.utf8.count == 1 ? .letters(lowercase(last)) : .nothing
    }

    private static func styled(_ words: [String]) -> SlugLetter {
        guard let last = words.last,
            words.contains("CAPITAL") || words.contains("SMALL")  // ascii: Unicode's
        else { return .gap }
        return last.utf8.count == 1 ? .letters(lowercase(last)) : greek(last)
    }

    private static func lowercase(_ name: String) -> [UInt8] {
        name.utf8.map { $0 | 0x20 }
    }

    private static let symbols = [
        "FEMININE ORDINAL INDICATOR": "a", "MASCULINE ORDINAL INDICATOR": "o", "KELVIN SIGN": "k",
        "ANGSTROM SIGN": "a", "NUMERO SIGN": "no",
    ]

    private static let latin = [
        "SHARP S": "ss", "LONG S T": "st", "ETH": "d", "THORN": "th", "ENG": "ng", "KRA": "k", "SCHWA": "e",
        "ESH": "sh", "EZH": "zh", "YOGH": "gh", "WYNN": "w", "IOTA": "i", "GAMMA": "g", "UPSILON": "u",
        "ALPHA": "a", "BETA": "b",
    ]

    private static let apart = ["UPSILON": "y", "IOTA": "i"]

    private static let greekLetters = [
        "ALPHA": "a", "BETA": "v", "GAMMA": "g", "DELTA": "d", "EPSILON": "e", "ZETA": "z", "ETA": "i",
        "THETA": "th", "IOTA": "i", "KAPPA": "k", "LAMDA": "l", "LAMBDA": "l", "MU": "m", "NU": "n",
        "XI": "x",
        "OMICRON": "o", "PI": "p", "RHO": "r", "SIGMA": "s", "TAU": "t", "PHI": "f", "CHI": "ch", "PSI": "ps",
        "OMEGA": "o",
    ]

    /// BGN/PCGN romanization, without diacritics.
    private static let cyrillic = [
        "A": "a", "BE": "b", "VE": "v", "GHE": "g", "DE": "d", "IE": "e", "IO": "yo", "ZHE": "zh", "ZE": "z",
        "I": "i", "SHORT I": "y", "KA": "k", "EL": "l", "EM": "m", "EN": "n", "O": "o", "PE": "p", "ER": "r",
        "ES": "s", "TE": "t", "U": "u", "EF": "f", "HA": "kh", "TSE": "ts", "CHE": "ch", "SHA": "sh",
        "SHCHA": "shch", "YERU": "y", "E": "e", "YU": "yu", "YA": "ya",
        // Ukrainian, Belarusian, Serbian, Macedonian.
        "BYELORUSSIAN-UKRAINIAN I": "i", "YI": "yi", "UKRAINIAN IE": "ye", "SHORT U": "u", "JE": "j",
        "LJE": "lj", "NJE": "nj", "TSHE": "c", "DJE": "d", "DZHE": "dz", "DZE": "dz", "KJE": "k", "GJE": "g",
        // Kazakh, Tatar, Mongolian and others.
        "SCHWA": "a", "BARRED O": "o", "STRAIGHT U": "u", "SHHA": "h",
    ]
}
