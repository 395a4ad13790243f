// SPDX-License-Identifier: Apache-2.0
/// A media type or media range in a header: `text/markdown; charset=utf-8`, `text/*;q=0.5` (RFC 9110 §8.3.1, §12.5.1).
package struct MediaRange {
    fileprivate let type: FieldValue
    fileprivate let subtype: FieldValue
    private let parameters: FieldValue?

    /// `nil` unless the text has the form `type/subtype`.
    package init?(_ text: FieldValue) {
        // Fast path: a hostile list may have thousands of invalid items.
        guard !text.isEmpty else { return nil }
        let (name, parameters) = text.cut(at: UInt8(ascii: ";"))
        let (type, subtype) = name.cut(at: UInt8(ascii: "/"))
        guard let subtype, !type.isEmpty, !subtype.isEmpty, !subtype.bytes.contains(UInt8(ascii: "/")) else {
            return nil
        }
        (self.type, self.subtype, self.parameters) = (type, subtype, parameters)
    }

    /// Whether it is exactly this type.
    package func isNamed(_ name: String) -> Bool {
        guard let other = MediaRange(FieldValue(name)) else { return false }
        return type.matches(other.type) && subtype.matches(other.subtype)
    }

    /// Whether this range, as an item of `Accept`, matches `other`.
    fileprivate func covers(_ other: MediaRange) -> Bool {
        (type.matches("*") || type.matches(other.type))
            && (subtype.matches("*") || subtype.matches(other.subtype))
    }

    /// Specificity: a full type precedes `text/*`, which precedes `*/*` (RFC 9110 §12.5.1).
    fileprivate var precision: Int { (type.matches("*") ? 0 : 1) + (subtype.matches("*") ? 0 : 1) }

    /// Whether its weight is 0 (RFC 9110 §12.4.2).
    fileprivate var isRefused: Bool {
        guard let weight = parameter("q")?.bytes, weight.first == UInt8(ascii: "0") else { return false }
        return weight.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
    }

    /// The value of a parameter; the last one if it is repeated.
    private func parameter(_ name: StaticString) -> FieldValue? {
        var found: FieldValue?
        guard let parameters else { return nil }
        for parameter in parameters.split(at: UInt8(ascii: ";")) {
            let (key, value) = parameter.cut(at: UInt8(ascii: "="))
            if let value, key.matches(name) { found = value.unquoted }
        }
        return found
    }
}

extension MediaRange {
    /// Whether the charset is UTF-8, a subset of it, or absent.
    package var isInUTF8: Bool {
        guard let charset = parameter("charset") else { return true }
        return charset.matches("utf-8") || charset.matches("utf8") || charset.matches("us-ascii")
    }
}

extension FieldValue {
    /// The media ranges of a list; invalid items are skipped.
    fileprivate var mediaRanges: some Sequence<MediaRange> {
        split(at: UInt8(ascii: ",")).lazy.compactMap { MediaRange($0) }
    }
}

extension Request {
    /// Whether the client lists HTML explicitly, as browsers do for navigations.
    package var asksForHTML: Bool {
        header(.accept)?.mediaRanges.contains { $0.type.matches("text") && $0.subtype.matches("html") }
            ?? false
    }

    /// Whether a representation of this media type is acceptable (RFC 9110 §12.5.1).
    package func accepts(_ mediaType: String) -> Bool {
        guard let accept = header(.accept), !accept.isEmpty,
            let offer = MediaRange(FieldValue(mediaType))
        else { return true }
        let best = accept.mediaRanges.filter { $0.covers(offer) }.max { $0.precision < $1.precision }
        return best.map { !$0.isRefused } ?? false
    }
}
