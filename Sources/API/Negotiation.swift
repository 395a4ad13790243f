internal import HTTP

/// A media type as a header names it, or a range of them: `text/markdown; charset=utf-8`, `text/*;q=0.5`.
private struct MediaRange {
    let type: FieldValue
    let subtype: FieldValue
    private let parameters: FieldValue?

    /// `nil` where the text is not of the form `type/subtype`.
    init?(_ text: FieldValue) {
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
    func isNamed(_ name: String) -> Bool {
        guard let other = MediaRange(FieldValue(name)) else { return false }
        return type.matches(other.type) && subtype.matches(other.subtype)
    }

    /// Whether this, as an item of `Accept`, covers `other`.
    func covers(_ other: MediaRange) -> Bool {
        (type.matches("*") || type.matches(other.type))
            && (subtype.matches("*") || subtype.matches(other.subtype))
    }

    /// How exactly it says what it means: a full name beats `text/*`, which beats `*/*` (RFC 9110 §12.5.1).
    var precision: Int { (type.matches("*") ? 0 : 1) + (subtype.matches("*") ? 0 : 1) }

    /// Whether its weight is 0 (RFC 9110 §12.4.2).
    var isRefused: Bool {
        guard let weight = parameter("q")?.bytes, weight.first == UInt8(ascii: "0") else { return false }
        return weight.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
    }

    /// The value of a parameter; the last word where there are several.
    func parameter(_ name: StaticString) -> FieldValue? {
        var found: FieldValue?
        guard let parameters else { return nil }
        for parameter in parameters.split(at: UInt8(ascii: ";")) {
            let (key, value) = parameter.cut(at: UInt8(ascii: "="))
            if let value, key.matches(name) { found = value.unquoted }
        }
        return found
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
    var asksForHTML: Bool {
        header(.accept)?.mediaRanges.contains { $0.type.matches("text") && $0.subtype.matches("html") }
            ?? false
    }

    /// Throws 406 where `Accept` rules out the one form that there is.
    func requireAcceptable(_ offered: String) throws(Problem) {
        guard let accept = header(.accept), !accept.isEmpty,
            let offer = MediaRange(FieldValue(offered))
        else { return }
        let best = accept.mediaRanges.filter { $0.covers(offer) }.max { $0.precision < $1.precision }
        guard let best, !best.isRefused else {
            throw Problem(.notAcceptable, "this is served as \(offered), which the Accept header rules out")
        }
    }

    /// Throws 415 where the body comes packed (RFC 9110 §8.4, §15.5.16): no coding of requests is known.
    func requireIdentityCoding() throws(Problem) {
        guard let codings = header(.contentEncoding) else { return }
        for coding in codings.split(at: UInt8(ascii: ",")).lazy.map(\.trimmed)
        where !coding.isEmpty && !coding.matches("identity") {
            let name = coding.token.map { ", not as \($0)" } ?? ""
            var problem = Problem(
                .unsupportedMediaType, "send the body as it is\(name): no Content-Encoding is known here")
            problem.headers[.acceptEncoding] = "identity"
            throw problem
        }
    }

    /// The type of the body, one of `supported`; throws 415 for others, and for another character set than UTF-8.
    func requireBody(of supported: String...) throws(Problem) -> String {
        let names = supported.joined(separator: " or ")
        guard let value = header(.contentType) else {
            throw Problem(.unsupportedMediaType, "name the type of the body: Content-Type: \(names)")
        }
        guard value.ascii != nil, let range = MediaRange(value),
            let name = supported.first(where: { range.isNamed($0) })
        else {
            let given = value.ascii.map { ", not \($0)" } ?? ""
            throw Problem(.unsupportedMediaType, "the body must be \(names)\(given)")
        }
        guard range.isInUTF8 else { throw Problem(.unsupportedMediaType, "the body must be in UTF-8") }
        return name
    }
}

extension MediaRange {
    /// Whether the character set is UTF-8 or a part of it, or is not named.
    fileprivate var isInUTF8: Bool {
        guard let charset = parameter("charset") else { return true }
        return charset.matches("utf-8") || charset.matches("utf8") || charset.matches("us-ascii")
    }
}
