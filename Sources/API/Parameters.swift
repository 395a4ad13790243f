// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories

/// Parses query parameters. A repeated or empty one is an error, and so is a near miss of a known name
/// (``HTTP/Request/requireSpelling(of:)``); other unknown ones are ignored, since front-ends and proxies add their own.
struct Parameters {
    let request: Request

    /// Returns the value of a parameter; `nil` if absent.
    func text(_ name: String) throws(Problem) -> String? {
        let values = request.query(name)
        guard values.count <= 1 else { throw Problem(parameter: name, "must be given once") }
        guard let value = values.first else { return nil }
        guard !value.isEmpty else { throw Problem(parameter: name, "must not be empty") }
        return value
    }

    /// Returns one of a closed set of values.
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

    /// Returns the number of items per page.
    func limit() throws(Problem) -> Int {
        try integer("limit", in: Limits.pageSize) ?? Limits.defaultPageSize
    }

    /// Returns an integer within a range.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(
                parameter: name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Returns the cursor after which changes are requested.
    func cursor() throws(Problem) -> Version? {
        let values = request.query("cursor")
        guard let text = values.first else { return nil }
        guard values.count == 1, let cursor = Version(text) else { throw .badCursor("cursor") }
        return cursor
    }

    /// Returns the position at which a page begins.
    func position<Position>(_ name: String, _ read: (String) -> Position?) throws(Problem) -> Position? {
        guard let text = try text(name) else { return nil }
        guard let position = read(text) else {
            throw Problem(parameter: name, "cannot be read; take it from the address of the page before")
        }
        return position
    }

    func identifier(_ name: String) throws(Problem) -> Identifier? {
        guard let text = try text(name) else { return nil }
        guard let id = Identifier(text) else {
            throw Problem(parameter: name, "must be an id: a UUID in its 36 characters")
        }
        return id
    }

    func slug() throws(Problem) -> Slug? {
        guard let text = try text("slug") else { return nil }
        guard let slug = Slug(text) else { throw Problem(parameter: "slug", Slug.rule) }
        return slug
    }

    /// Returns the author to filter by.
    func author() throws(Problem) -> String? {
        guard let author = try text("author") else { return nil }
        guard author.unicodeScalars.count <= Limits.nameCharacters else {
            throw Problem(parameter: "author", "must be at most \(Limits.nameCharacters) characters long")
        }
        return author
    }

    /// Returns the tag to filter by.
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
    /// Throws 400 for a near miss of a known parameter: if `?curser=` were ignored, each poll would get the whole snapshot. Other unknown
    /// parameters are ignored.
    func requireSpelling(of known: [String]) throws(Problem) {
        guard !known.isEmpty else { return }
        // Bounds the CPU time: each comparison computes an edit distance.
        for name in queryNames(besides: known, atMost: 20) {
            guard let meant = SpellingSuggestion.misspelled(name, of: known) else { continue }
            throw Problem(parameter: name, "is not a known parameter; did you mean \"\(meant)\"?")
        }
    }
}

extension Problem {
    /// The problem for an invalid cursor.
    static func badCursor(_ name: String) -> Problem {
        let detail = "must be a cursor of a snapshot or a delta, given once and unchanged"
        return Problem(.badCursor, "\(name) \(detail)", errors: [ValidationError("/\(name)", detail)])
    }
}

/// Builds query strings, for the addresses of next pages.
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
