// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories

/// Reads query parameters. One that is given twice, or empty, is a fault, and so is one that is nearly the name of another
/// (``HTTP/Request/requireSpelling(of:)``); unknown ones are ignored, since front-ends and proxies add their own.
struct Parameters {
    let request: Request

    /// The text of a parameter; `nil` where it is not given.
    func text(_ name: String) throws(Problem) -> String? {
        let values = request.query(name)
        guard values.count <= 1 else { throw Problem(parameter: name, "must be given once") }
        guard let value = values.first else { return nil }
        guard !value.isEmpty else { throw Problem(parameter: name, "must not be empty") }
        return value
    }

    /// One of a closed set of values.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _: Choice.Type = Choice.self
    ) throws(Problem) -> Choice? where Choice.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let choice = Choice(exactly: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(parameter: name, "must be one of: \(choices)")
        }
        return choice
    }

    /// Items a page.
    func limit() throws(Problem) -> Int {
        try integer("limit", in: Limits.pageSize) ?? Limits.defaultPageSize
    }

    /// A whole number.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(
                parameter: name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Where the changes asked for begin.
    func cursor() throws(Problem) -> Version? {
        let values = request.query("cursor")
        guard let text = values.first else { return nil }
        guard values.count == 1, let cursor = Version(text) else { throw .badCursor("cursor") }
        return cursor
    }

    /// Where a page begins.
    func position<Position>(_ name: String, _ read: (String) -> Position?) throws(Problem) -> Position? {
        guard let text = try text(name) else { return nil }
        guard let position = read(text) else {
            throw Problem(parameter: name, "cannot be read; take it from the address of the page before")
        }
        return position
    }

    /// An id that the caller gives.
    func identifier(_ name: String) throws(Problem) -> Identifier? {
        guard let text = try text(name) else { return nil }
        guard let id = Identifier(text) else {
            throw Problem(parameter: name, "must be an id: a UUID in its 36 characters")
        }
        return id
    }

    /// A slug that the caller gives.
    func slug() throws(Problem) -> Slug? {
        guard let text = try text("slug") else { return nil }
        guard let slug = Slug(text) else { throw Problem(parameter: "slug", Slug.rule) }
        return slug
    }

    /// A tag to look for.
    func tag() throws(Problem) -> String? {
        guard let tag = try text("tag") else { return nil }
        guard tag.unicodeScalars.count <= Limits.tagCharacters else {
            throw Problem(parameter: "tag", "must be at most \(Limits.tagCharacters) characters long")
        }
        guard !tag.isBlank else { throw Problem(parameter: "tag", "must not be blank") }
        return tag
    }
}

extension Request {
    /// Throws 400 where a parameter is nearly one of those that are known, for a misspelt parameter must not be ignored: with `?curser=`
    /// each poll would get the whole snapshot. Other unknown parameters are ignored.
    func requireSpelling(of known: [String]) throws(Problem) {
        guard !known.isEmpty else { return }
        // Bounds the processor time: each comparison is an edit distance.
        for name in queryNames(besides: known, atMost: 20) {
            guard let meant = SpellingSuggestion.misspelled(name, of: known) else { continue }
            throw Problem(parameter: name, "is not a known parameter; did you mean \"\(meant)\"?")
        }
    }
}

extension Problem {
    /// A cursor that is none.
    static func badCursor(_ name: String) -> Problem {
        let detail = "must be a cursor of a snapshot or a delta, given once and unchanged"
        return Problem(.badCursor, "\(name) \(detail)", errors: [ValidationError("/\(name)", detail)])
    }
}

/// Puts a query together again, for the addresses of next pages.
struct QueryBuilder {
    private(set) var text = ""

    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        text += (text.isEmpty ? "?" : "&") + name + "=" + Self.encoded(value)
    }

    /// Percent-encodes all but the unreserved characters (RFC 3986 §2.3).
    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 128,
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "-._~".utf8.contains(byte)
            {
                encoded.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (byte < 16 ? "0" : "") + digits
            }
        }
        return encoded
    }
}
