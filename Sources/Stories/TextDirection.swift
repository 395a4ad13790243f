// SPDX-License-Identifier: Apache-2.0

/// The direction of writing.
public enum TextDirection: String, Sendable {
    /// From left to right.
    case ltr
    /// From right to left.
    case rtl

    /// The direction of a language (BCP 47): by its script, if the tag names one.
    public init(ofLanguage tag: String) {
        let parts = tag.utf8.split(separator: UInt8(ascii: "-"))
        let script = parts.dropFirst().first { $0.count == 4 }
        guard let name = script ?? parts.first else {
            self = .ltr
            return
        }
        let names = script == nil ? Self.languages : Self.scripts
        self = names.contains { $0.utf8.elementsEqual(name) } ? .rtl : .ltr
    }

    private static let scripts = ["Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr"]
    private static let languages = [
        "ar", "arc", "arz", "azb", "bal", "ckb", "dv", "fa", "glk", "he", "ks", "lrc", "mzn", "nqo", "ps",
        "sd", "syr", "ug", "ur", "yi",
    ]
}
