internal import HTTP

/// A media type as a header names it: `text/markdown; charset=utf-8`.
struct MediaType: Sendable {
    let type: String
    let subtype: String
    /// Names and values in lower case.
    let parameters: [String: String]

    /// `nil` where the text is not of the form `type/subtype`.
    init?(_ text: String) {
        // Nothing but ASCII can be in one, and to fold other letters takes its time.
        guard text.utf8.allSatisfy({ $0 < 128 }) else { return nil }
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map {
            $0.trimmed.lowercased()
        }
        let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else { return nil }
        (type, subtype) = (String(names[0]), String(names[1]))
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map(\.trimmed)
            if pair.count == 2 { parameters[pair[0]] = pair[1].filter { $0 != "\"" } }
        }
        self.parameters = parameters
    }

    var name: String { "\(type)/\(subtype)" }

    /// Whether this, as an item of `Accept`, covers `other`.
    fileprivate func covers(_ other: MediaType) -> Bool {
        (type == "*" || type == other.type) && (subtype == "*" || subtype == other.subtype)
    }

    /// How exactly it says what it means: a full name beats `text/*`, which beats `*/*` (RFC 9110 §12.5.1).
    fileprivate var precision: Int { (type == "*" ? 0 : 1) + (subtype == "*" ? 0 : 1) }

    fileprivate var isRefused: Bool {
        parameters["q"].flatMap(Double.init) == 0
    }
}

extension Request {
    /// Whether the client names HTML, as browsers do where somebody is to see the answer.
    var asksForHTML: Bool {
        guard let accept = header(.accept) else { return false }
        return accept.utf8.split(separator: UInt8(ascii: ",")).compactMap { String($0) }
            .contains { MediaType($0)?.name == "text/html" }
    }

    /// Throws 406 where `Accept` rules out the one form that there is.
    func requireAcceptable(_ offered: String) throws(Problem) {
        guard let accept = header(.accept), !accept.utf8.isEmpty, let offer = MediaType(offered) else {
            return
        }
        let items = accept.utf8.split(separator: UInt8(ascii: ",")).compactMap { String($0) }
        let covering = items.compactMap { MediaType($0) }.filter {
            $0.covers(offer)
        }
        let best = covering.max { $0.precision < $1.precision }
        guard let best, !best.isRefused else {
            throw Problem(
                .notAcceptable, "this is served as \(offer.name), which the Accept header rules out")
        }
    }

    /// The type of the body, one of `supported`; throws 415 for others, and for another character set than UTF-8.
    func requireBody(of supported: String...) throws(Problem) -> String {
        let names = supported.joined(separator: " or ")
        guard let text = header(.contentType) else {
            throw Problem(.unsupportedMediaType, "name the type of the body: Content-Type: \(names)")
        }
        guard let type = MediaType(text), supported.contains(type.name) else {
            throw Problem(.unsupportedMediaType, "the body must be \(names), not \(text)")
        }
        guard ["utf-8", "utf8", "us-ascii", nil].contains(type.parameters["charset"]) else {
            throw Problem(.unsupportedMediaType, "the body must be in UTF-8")
        }
        return type.name
    }
}
