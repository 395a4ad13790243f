// SPDX-License-Identifier: Apache-2.0

/// A language tag (BCP 47, RFC 5646 §2.1), such as `de`, `zh-Hans` or `es-419`. Whether its subtags are registered is not checked.
public struct LanguageTag: Hashable, Sendable {
    /// The tag in canonical case (§2.1.1): `zh-Hans-CN`.
    public let text: String
    /// The primary language, in lower case.
    public let language: String
    /// The script (ISO 15924), if the tag names one: `Hans`.
    public let script: String?

    /// Longer tags are not accepted; no registered combination needs more (§4.4.1).
    public static let bytes = 35

    /// Reads a tag; `nil` if it is not well-formed. Grandfathered tags are not accepted.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.bytes else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.allSatisfy({ (1...8).contains($0.count) && $0.allSatisfy(Self.isAlphanumeric) }) else {
            return nil
        }
        var reader = Reader(rest: parts.map { Array($0) }[...])
        guard let subtags = reader.subtags() else { return nil }
        language = subtags[0]
        script = reader.script
        self.text = subtags.joined(separator: "-")
    }

    /// Whether a text is a well-formed tag that begins with a language: `en`, `pt-BR`, `zh-Hant-TW`.
    static func isWellFormed(_ text: String) -> Bool { LanguageTag(text) != nil }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    /// Takes the subtags in their order, each in its canonical case.
    private struct Reader {
        var rest: ArraySlice<[UInt8]>
        var taken: [String] = []
        var script: String?

        mutating func subtags() -> [String]? {
            guard take(Self.lower, where: { $0.allSatisfy(isLetter) && $0.count >= 2 }) else { return nil }
            taken[0] = Self.preferred.first { $0.former.hasSameBytes(as: taken[0]) }?.present ?? taken[0]
            if taken[0].utf8.count <= 3 {
                for _ in 0..<3 { take(Self.lower) { $0.count == 3 && $0.allSatisfy(isLetter) } }
            }
            if take(Self.title, where: { $0.count == 4 && $0.allSatisfy(isLetter) }) { script = taken.last }
            take(Self.upper) {
                $0.count == 2 && $0.allSatisfy(isLetter) || $0.count == 3 && $0.allSatisfy(isDigit)
            }
            while take(Self.lower, where: { $0.count >= 5 || $0.count == 4 && isDigit($0[0]) }) {}
            return extensions() ? taken : nil
        }

        /// Extensions, and what is for private use: a singleton with at least one subtag.
        private mutating func extensions() -> Bool {
            while let singleton = rest.first {
                guard singleton.count == 1 else { return false }
                take(Self.lower) { _ in true }
                let isPrivate = singleton[0] | 0x20 == UInt8(ascii: "x")
                let least = isPrivate ? 1 : 2
                guard take(Self.lower, where: { $0.count >= least }) else { return false }
                while take(Self.lower, where: { $0.count >= least }) {}
            }
            return true
        }

        @discardableResult
        private mutating func take(_ cased: ([UInt8]) -> [UInt8], where fits: ([UInt8]) -> Bool) -> Bool {
            guard let next = rest.first, fits(next) else { return false }
            rest.removeFirst()
            taken.append(String(decoding: cased(next), as: UTF8.self))
            return true
        }

        private static func lower(_ bytes: [UInt8]) -> [UInt8] { bytes.map { isLetter($0) ? $0 | 0x20 : $0 } }
        private static func upper(_ bytes: [UInt8]) -> [UInt8] { bytes.map { isLetter($0) ? $0 & 0xDF : $0 } }
        private static func title(_ bytes: [UInt8]) -> [UInt8] {
            upper(Array(bytes.prefix(1))) + lower(Array(bytes.dropFirst()))
        }

        /// Languages with a preferred value in the registry that are still written.
        private static let preferred = [
            (former: "iw", present: "he"), (former: "in", present: "id"), (former: "ji", present: "yi"),
        ]
    }
}
