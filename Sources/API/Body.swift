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
                .malformedBody, "the body is not JSON: \(error)", errors: [Fault("", error.description)])
        }
    }

    /// The body as text; throws 400 where it is not UTF-8.
    func text() throws(Problem) -> String {
        guard let text = String(validating: body, as: UTF8.self) else {
            throw Problem(.malformedBody, "the body is not valid UTF-8")
        }
        return text
    }
}

extension StoryPatch {
    /// The patch that a body asks for; throws 422 with all faults.
    init(body: JSONValue) throws(Problem) {
        self.init()
        var reader = MemberReader(body, at: "")
        read(&reader)
        reader.add(faults())
        let found = reader.finish()
        guard found.isEmpty else { throw Problem(faults: found) }
    }

    /// Takes the members that an editor writes.
    mutating func read(_ reader: inout MemberReader) {
        slug = reader.required("slug", "a string (" + Slug.rule + ")") { $0.text.flatMap { Slug($0) } }
        readContent(&reader)
    }

    /// Takes the members of the content alone.
    mutating func readContent(_ reader: inout MemberReader) {
        title = reader.text("title")
        summary = reader.optionalText("summary")
        section = reader.texts("section")
        byline = reader.optionalText("byline")
        keyPoints = reader.texts("keyPoints")
        tags = reader.texts("tags")
        status = reader.choice("status")
        source = reader.object("source") { reader in
            let (url, date) = (reader.optionalText("url"), reader.optionalTime("date"))
            return reader.requiredText("name").map {
                StorySource(name: $0, url: url.given ?? nil, date: date.given ?? nil)
            }
        }
        coverageStart = reader.optionalTime("coverageStart")
        coverageEnd = reader.optionalTime("coverageEnd")
    }
}

extension UpdatePatch {
    /// The patch that a body asks for; throws 422 with all faults.
    init(body: JSONValue) throws(Problem) {
        self.init()
        var reader = MemberReader(body, at: "")
        read(&reader)
        reader.add(faults())
        let found = reader.finish()
        guard found.isEmpty else { throw Problem(faults: found) }
    }

    /// An update that is a text and nothing else.
    init(text: String) throws(Problem) {
        self.init()
        body = .set(text)
        let found = faults()
        guard found.isEmpty else { throw Problem(faults: found) }
    }

    /// Takes the members that an editor writes.
    mutating func read(_ reader: inout MemberReader) {
        title = reader.optionalText("title")
        body = reader.text("body")
        author = reader.optionalText("author")
        sources = reader.objects("sources") { reader in
            let url = reader.optionalText("url")
            return reader.requiredText("name").map { UpdateSource(name: $0, url: url.given ?? nil) }
        }
        media = reader.objects("media", Media.init)
        tags = reader.texts("tags")
        pinned = reader.bool("pinned")
        keyEvent = reader.bool("keyEvent")
        occurredAt = reader.optionalTime("occurredAt")
    }
}

extension Media {
    fileprivate init?(_ reader: inout MemberReader) {
        let type = reader.choice("type", Kind.self)
        let url = reader.requiredText("url")
        let (alt, caption) = (reader.optionalText("alt"), reader.optionalText("caption"))
        let credit = reader.optionalText("credit")
        let (width, height) = (reader.optionalInteger("width"), reader.optionalInteger("height"))
        if type.given == nil, reader.faults.isEmpty { reader.fault("type", "is required") }
        guard let type = type.given, let url else { return nil }
        self.init(
            type: type, url: url, alt: alt.given ?? nil, caption: caption.given ?? nil,
            credit: credit.given ?? nil, width: width.given ?? nil, height: height.given ?? nil)
    }
}

extension Link {
    /// The list that a body asks for; throws 422 with all faults.
    static func list(body: JSONValue) throws(Problem) -> [Link] {
        guard case .array(let values) = body else {
            throw Problem(faults: [Fault("", "must be an array of links, not \(body.kind)")])
        }
        var faults: [Fault] = []
        var links: [Link] = []
        for (index, value) in values.enumerated() {
            var reader = MemberReader(value, at: "/\(index)")
            if let link = Link(&reader) { links.append(link) }
            faults += reader.finish()
        }
        if faults.isEmpty { faults = Link.faults(in: links) }
        guard faults.isEmpty else { throw Problem(faults: faults) }
        return links
    }

    init?(_ reader: inout MemberReader) {
        let (url, image) = (reader.optionalText("url"), reader.optionalText("image"))
        let story = reader.optionalIdentifier("story")
        guard let title = reader.requiredText("title") else { return nil }
        self.init(title: title, url: url.given ?? nil, story: story.given ?? nil, image: image.given ?? nil)
    }
}
