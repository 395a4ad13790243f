// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Stories

/// Reads request bodies.
extension Request {
    /// The body as JSON; throws 415 for another type and 400, with line and column, where it is none.
    func json(orType other: String? = nil) throws(Problem) -> JSONValue {
        if let other {
            _ = try requireBody(of: "application/json", other)
        } else {
            _ = try requireBody(of: "application/json")
        }
        return try parsedJSON()
    }

    /// The body as JSON, whatever its type is said to be.
    func parsedJSON() throws(Problem) -> JSONValue {
        do throws(JSONSyntaxError) {
            return try JSONValue(parsing: body)
        } catch {
            throw Problem(
                .malformedBody, "the body is not JSON: \(error)",
                errors: [ValidationError("", error.description)])
        }
    }

    /// The body as text; throws 400 where it is not UTF-8.
    func text() throws(Problem) -> String {
        guard let text = String(validating: body, as: UTF8.self) else {
            throw Problem(.malformedBody, "the body is not valid UTF-8")
        }
        return text.withoutByteOrderMark
    }
}

extension String {
    /// The text itself (Unicode §23.8): the mark at its beginning is none of it.
    var withoutByteOrderMark: String {
        utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? String(decoding: utf8.dropFirst(3), as: UTF8.self) : self
    }
}

/// What a body asks to be changed.
protocol BodyPatch {
    init()
    /// Takes the members that it knows.
    mutating func read(_ reader: inout JSONObjectDecoder)
    /// What is wrong with them.
    func errors(at base: String) -> [ValidationError]
}

extension BodyPatch {
    /// The patch that a body asks for; throws 422 with all faults.
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
    /// Takes the members that an editor writes.
    mutating func read(_ reader: inout JSONObjectDecoder) {
        slug = reader.member("slug", "a string", rule: Slug.rule) { $0.text.flatMap { Slug($0) } }
        content = MemberPatch(&reader)
    }
}

extension UpdatePatch: BodyPatch {
    /// Takes the members that an editor writes.
    mutating func read(_ reader: inout JSONObjectDecoder) {
        content = MemberPatch(&reader)
        state = reader.choice("state")
        publishAt = reader.nullableTime("publishAt")
        if reader.isNew, state.given == .scheduled { reader.require("publishAt") }
    }

    /// An update that is a text and nothing else.
    init(text: String) throws(Problem) {
        self.init()
        self.body = .set(text)
        let found = errors()
        guard found.isEmpty else { throw Problem(errors: found) }
    }
}

extension Link {
    /// The list that a body asks for; throws 422 with all faults.
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
