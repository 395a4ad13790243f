// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Stories

/// Parsing of request bodies.
extension Request {
    /// Parses the body as JSON. Throws 415 for a media type other than JSON or `other`, 400 with line and column for invalid JSON.
    func json(orType other: String? = nil) throws(Problem) -> JSONValue {
        if let other {
            _ = try requireBody(of: "application/json", other)
        } else {
            _ = try requireBody(of: "application/json")
        }
        return try parsedJSON()
    }

    /// Parses the body as JSON, regardless of its media type.
    func parsedJSON() throws(Problem) -> JSONValue {
        do throws(JSONSyntaxError) {
            return try JSONValue(parsing: body)
        } catch {
            throw Problem(
                .malformedBody, "the body is not JSON: \(error)",
                errors: [ValidationError("", error.description)])
        }
    }

    /// Returns the body as text; throws 400 if it is not valid UTF-8.
    func text() throws(Problem) -> String {
        guard let text = String(validating: body, as: UTF8.self) else {
            throw Problem(.malformedBody, "the body is not valid UTF-8")
        }
        return text.withoutByteOrderMark
    }
}

extension String {
    /// The text without a leading byte order mark, which is not part of it (Unicode §23.8).
    var withoutByteOrderMark: String {
        utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? String(decoding: utf8.dropFirst(3), as: UTF8.self) : self
    }
}

/// A patch that is decoded from a request body.
protocol BodyPatch {
    init()
    /// Decodes the known members.
    mutating func read(_ reader: inout JSONObjectDecoder)
    /// Returns the validation errors of the patch.
    func errors(at base: String) -> [ValidationError]
}

extension BodyPatch {
    /// Creates the patch from a body; throws 422 with all errors.
    init(body: JSONValue, requiring required: String...) throws(Problem) {
        self.init()
        var reader = JSONObjectDecoder(body, at: "")
        for name in required { reader.require(name) }
        reader.isNew = !required.isEmpty
        read(&reader)
        reader.add(errors(at: ""))
        let found = reader.finish()
        guard found.isEmpty else { throw Problem(errors: found) }
    }
}

extension StoryPatch: BodyPatch {
    /// Decodes the members that clients may set.
    mutating func read(_ reader: inout JSONObjectDecoder) {
        slug = reader.member("slug", "a string", rule: Slug.rule) { $0.text.flatMap { Slug($0) } }
        content = MemberPatch(&reader)
    }
}

extension UpdatePatch: BodyPatch {
    /// Decodes the members that clients may set.
    mutating func read(_ reader: inout JSONObjectDecoder) {
        content = MemberPatch(&reader)
        state = reader.choice("state")
        publishAt = reader.nullableTime("publishAt")
        notify = reader.bool("notify")
        if reader.isNew, state.given == .scheduled { reader.require("publishAt") }
    }

    /// Creates a patch that sets only the body.
    init(text: String) throws(Problem) {
        self.init()
        self.body = .set(text)
        let found = errors()
        guard found.isEmpty else { throw Problem(errors: found) }
    }
}

extension Link {
    /// Decodes a list of links; throws 422 with all errors.
    static func list(body: JSONValue) throws(Problem) -> [Link] {
        guard case .array(let values) = body else {
            throw Problem(errors: [ValidationError("", "must be an array of links, not \(body.kind)")])
        }
        var (errors, links) = ([ValidationError](), [Link]())
        for (index, value) in values.enumerated() {
            if let link = Link(value, at: { "/\(index)" }, &errors) { links.append(link) }
        }
        errors += Link.errors(in: links)
        guard errors.isEmpty else { throw Problem(errors: errors) }
        return links
    }
}
