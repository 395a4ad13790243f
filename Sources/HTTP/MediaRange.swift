/// A media type as a header names it, or a range of them: `text/markdown; charset=utf-8`, `text/*;q=0.5`.
package struct MediaRange {
    fileprivate let type: FieldValue
    fileprivate let subtype: FieldValue
    private let parameters: FieldValue?

    /// `nil` where the text is not of the form `type/subtype`.
    package init?(_ text: FieldValue) {
        // Lists may hold thousands of items that are none.
        guard !text.isEmpty else { return nil }
        let (name, parameters) = text.cut(at: UInt8(ascii: ";"))
        let (type, subtype) = name.cut(at: UInt8(ascii: "/"))
        guard let subtype, !type.isEmpty, !subtype.isEmpty, !subtype.bytes.contains(UInt8(ascii: "/")) else {
            return nil
        }
        (self.type, self.subtype, self.parameters) = (type, subtype, parameters)
    }

    /// Whether it names this type and no other.
    package func isNamed(_ name: String) -> Bool {
        guard let other = MediaRange(FieldValue(name)) else { return false }
        return type.matches(other.type) && subtype.matches(other.subtype)
    }

    /// Whether this, as an item of `Accept`, covers `other`.
    fileprivate func covers(_ other: MediaRange) -> Bool {
        (type.matches("*") || type.matches(other.type))
            && (subtype.matches("*") || subtype.matches(other.subtype))
    }

    /// How exactly it says what it means: a full name beats `text/*`, which beats `*/*` (RFC 9110 §12.5.1).
    fileprivate var precision: Int { (type.matches("*") ? 0 : 1) + (subtype.matches("*") ? 0 : 1) }

    /// Whether its weight is 0 (RFC 9110 §12.4.2).
    fileprivate var isRefused: Bool {
        guard let weight = parameter("q")?.bytes, weight.first == UInt8(ascii: "0") else { return false }
        return weight.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
    }

    /// The value of a parameter; the last word where there are several.
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
    /// Whether the character set is UTF-8 or a part of it, or is not named.
    package var isInUTF8: Bool {
        guard let charset = parameter("charset") else { return true }
        return charset.matches("utf-8") || charset.matches("utf8") || charset.matches("us-ascii")
    }
}

extension FieldValue {
    /// The media ranges of a list; what is none is passed over.
    fileprivate var mediaRanges: some Sequence<MediaRange> {
        split(at: UInt8(ascii: ",")).lazy.compactMap { MediaRange($0) }
    }
}

extension Request {
    /// Whether the client names HTML, as browsers do where somebody is to see the answer.
    package var asksForHTML: Bool {
        header(.accept)?.mediaRanges.contains { $0.type.matches("text") && $0.subtype.matches("html") }
            ?? false
    }

    /// Whether `Accept` lets through a representation of this media type (RFC 9110 §12.5.1).
    package func accepts(_ mediaType: String) -> Bool {
        guard let accept = header(.accept), !accept.isEmpty,
            let offer = MediaRange(FieldValue(mediaType))
        else { return true }
        let best = accept.mediaRanges.filter { $0.covers(offer) }.max { $0.precision < $1.precision }
        return best.map { !$0.isRefused } ?? false
    }
}
