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
    fileprivate var withoutByteOrderMark: String {
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
        readContent(&reader)
    }

    /// Takes the members of the content alone.
    mutating func readContent(_ reader: inout JSONObjectDecoder) {
        title = reader.text("title")
        summary = reader.nullableText("summary")
        section = reader.texts("section")
        byline = reader.nullableText("byline")
        keyPoints = reader.texts("keyPoints")
        tags = reader.texts("tags")
        status = reader.choice("status")
        let isNew = reader.isNew
        source = reader.object("source") { reader in
            if isNew { reader.require("name") }
            var patch = StorySourcePatch()
            patch.name = reader.text("name")
            patch.url = reader.nullableText("url")
            patch.date = reader.nullableTime("date")
            return patch
        }
        coverageStart = reader.nullableTime("coverageStart")
        coverageEnd = reader.nullableTime("coverageEnd")
    }
}

extension UpdatePatch: BodyPatch {
    /// Takes the members that an editor writes.
    mutating func read(_ reader: inout JSONObjectDecoder) {
        readContent(&reader)
        state = reader.choice("state")
        publishAt = reader.nullableTime("publishAt")
        if reader.isNew, state.given == .scheduled { reader.require("publishAt") }
    }

    /// An update that is a text and nothing else.
    init(text: String) throws(Problem) {
        self.init()
        body = .set(text)
        let found = errors()
        guard found.isEmpty else { throw Problem(errors: found) }
    }

    /// Takes the members of the content alone.
    mutating func readContent(_ reader: inout JSONObjectDecoder) {
        title = reader.nullableText("title")
        body = reader.text("body")
        if case .set(let text) = body { body = .set(text.withoutByteOrderMark) }
        author = reader.nullableText("author")
        sources = reader.objects("sources") { reader in
            UpdateSource(
                name: reader.requiredText("name"), url: reader.nullableText("url").given ?? nil)
        }
        media = reader.objects("media", Media.init)
        tags = reader.texts("tags")
        pinned = reader.bool("pinned")
        keyEvent = reader.bool("keyEvent")
        occurredAt = reader.nullableTime("occurredAt")
    }
}

extension Media {
    fileprivate init(_ reader: inout JSONObjectDecoder) {
        reader.require("type")
        self.init(
            type: reader.choice("type").given ?? .image,
            url: reader.requiredText("url", placeholder: "https://example.org"),
            alt: reader.nullableText("alt").given ?? nil,
            caption: reader.nullableText("caption").given ?? nil,
            credit: reader.nullableText("credit").given ?? nil,
            width: reader.nullableInteger("width").given ?? nil,
            height: reader.nullableInteger("height").given ?? nil)
    }
}

extension Link {
    /// The list that a body asks for; throws 422 with all faults.
    static func list(body: JSONValue) throws(Problem) -> [Link] {
        guard case .array(let values) = body else {
            throw Problem(errors: [ValidationError("", "must be an array of links, not \(body.kind)")])
        }
        var errors: [ValidationError] = []
        var links: [Link] = []
        for (index, value) in values.enumerated() {
            var reader = JSONObjectDecoder(value, at: "/\(index)")
            links.append(Link(&reader))
            errors += reader.finish()
        }
        errors += Link.errors(in: links)
        guard errors.isEmpty else { throw Problem(errors: errors) }
        return links
    }

    init(_ reader: inout JSONObjectDecoder) {
        self.init(
            title: reader.requiredText("title"), url: reader.nullableText("url").given ?? nil,
            story: reader.nullableIdentifier("story").given ?? nil,
            image: reader.nullableText("image").given ?? nil)
    }
}
