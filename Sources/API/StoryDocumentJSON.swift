// SPDX-License-Identifier: Apache-2.0
public import JSON
public import Stories
internal import StoriesJSON

/// The JSON form of a whole story, for export and import. It is lossless: reading an export returns the same document.
extension StoryDocument {
    /// Version of the form: the value of the member `wireroom`.
    static let formatVersion = 1

    /// Returns the document as JSON text with a trailing newline.
    public func json() -> [UInt8] {
        JSONWriter.line(of: self, capacity: 4_096 * (updates.count + 1))
    }

    /// Creates a document from its JSON form.
    public init(json bytes: [UInt8]) throws(StoryDocumentError) {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .malformed("the document is not JSON: \(error)")
        }
        var reader = JSONObjectDecoder(value, at: "")
        // Check the count before decoding the updates.
        if case .array(let updates)? = reader.value("updates"), let fault = Self.fault(ofCount: updates.count)
        {
            throw .invalid([fault])
        }
        let document = StoryDocument(&reader)
        let errors = reader.finish()
        guard errors.isEmpty, let document else { throw .invalid(errors) }
        self = document
    }
}

/// Why a document cannot be imported.
public enum StoryDocumentError: Error, Hashable, Sendable {
    /// It cannot be parsed; the text gives the reason and the position.
    case malformed(String)
    /// It is in an unsupported form, or in another than declared; the text names the form and the remedy.
    case otherForm(String)
    /// It violates validation rules: all errors, each with its JSON Pointer.
    case invalid([ValidationError])
}

// MARK: Writing

extension StoryDocument: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("wireroom", Self.formatVersion)
            $0.member("story") { writeStory(&$0) }
            $0.member("updates", updates)
            $0.member("links", links)
        }
    }

    private func writeStory(_ writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("slug", slug?.text)
            $0.members(of: content)
            $0.member("publishedAt", publishedAt)
            $0.member("createdAt", createdAt)
            $0.member("modifiedAt", modifiedAt)
            $0.member("closedAt", closedAt)
            $0.member("reactions") { reactions.write(to: &$0) }
        }
    }
}

extension StoryDocument.UpdateEntry: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.members(of: content)
            $0.member("stricken", stricken)
            $0.member("edited", edited)
            $0.member("publishedAt", publishedAt)
            $0.member("createdAt", createdAt)
            $0.member("modifiedAt", modifiedAt)
            $0.member("reactions") { reactions.write(to: &$0) }
        }
    }
}

// MARK: Reading

extension StoryDocument {
    fileprivate init?(_ reader: inout JSONObjectDecoder) {
        reader.require("wireroom")
        _ = reader.member(
            "wireroom", "a number", rule: "must be 1, the version of the form that is known here"
        ) {
            $0.integer == Self.formatVersion ? Self.formatVersion : nil
        }
        reader.require("story")
        let story = reader.object("story") { Self.story(&$0) }
        let updates = reader.objects("updates") { UpdateEntry(&$0) }
        let links = reader.object("links") { LinkLists(&$0) }
        if case .set(nil) = story { reader.fault("story", "must be an object, not null") }
        guard var document = story.given ?? nil else { return nil }
        document.updates = updates.given ?? []
        document.links = (links.given ?? nil) ?? LinkLists()
        reader.add(document.pinFaults)
        reader.add(document.repeatedIdentifiers)
        self = document
    }

    private static func story(_ reader: inout JSONObjectDecoder) -> StoryDocument {
        reader.isNew = true
        reader.require("title")
        let patch = StoryPatch(MemberPatch(&reader))
        reader.add(patch.errors(at: reader.base))
        var document = StoryDocument(content: StoryContent(title: "-"))
        do throws(StoryError) {
            try patch.apply(to: &document.content)
        } catch {
            guard case .invalid(let errors) = error else { return document }
            let found = errors.map { ValidationError(reader.base + $0.pointer, $0.detail) }
            reader.add(found.filter { !reader.errors.contains($0) })
        }
        document.id = reader.nullableIdentifier("id").given ?? nil
        document.slug =
            reader.nullableMember("slug", "a string", rule: Slug.rule) { $0.text.flatMap { Slug($0) } }.given
            ?? nil
        document.publishedAt = reader.nullableTime("publishedAt").given ?? nil
        document.createdAt = reader.nullableTime("createdAt").given ?? nil
        document.modifiedAt = reader.nullableTime("modifiedAt").given ?? nil
        document.closedAt = reader.nullableTime("closedAt").given ?? nil
        document.reactions = reader.reactions()
        return document
    }

    /// Errors for duplicate update ids.
    private var repeatedIdentifiers: [ValidationError] {
        var seen: Set<Identifier> = []
        return updates.enumerated().compactMap { index, update in
            guard let id = update.id, !seen.insert(id).inserted else { return nil }
            return ValidationError("/updates/\(index)/id", "occurs in the document more than once")
        }
    }
}

extension StoryDocument.UpdateEntry {
    fileprivate init(_ reader: inout JSONObjectDecoder) {
        reader.require("body")
        let patch = MemberPatch<UpdateContent>(&reader)
        reader.add(patch.errors(at: reader.base))
        var content = UpdateContent(body: "-")
        patch.apply(to: &content)
        self.init(content: content)
        id = reader.nullableIdentifier("id").given ?? nil
        stricken = (reader.object("stricken", Strike.init).given ?? nil) ?? nil
        edited = reader.bool("edited").given ?? false
        publishedAt = reader.nullableTime("publishedAt").given ?? nil
        createdAt = reader.nullableTime("createdAt").given ?? nil
        modifiedAt = reader.nullableTime("modifiedAt").given ?? nil
        reactions = reader.reactions()
    }
}

extension Strike {
    /// `nil`, with an error, if `at` is missing or invalid.
    fileprivate init?(_ reader: inout JSONObjectDecoder) {
        reader.require("at")
        let at = reader.time("at").given
        let reason = reader.requiredText("reason")
        reader.add(Strike.errors(in: reason, at: reader.pointer("reason")))
        guard let at else { return nil }
        self.init(reason: reason, at: at)
    }
}

extension LinkLists {
    fileprivate init(_ reader: inout JSONObjectDecoder) {
        self.init()
        for kind in LinkKind.allCases {
            let links = reader.list(kind.rawValue) { Link($0, at: $1, &$2) }.given ?? []
            reader.add(Link.errors(in: links, at: reader.pointer(kind.rawValue)))
            self[kind] = links
        }
    }
}

extension JSONObjectDecoder {
    /// Decodes counts by kind; kinds that the server does not offer are kept, too.
    fileprivate mutating func reactions() -> ReactionCounts {
        let name = "reactions"
        let place = pointer(name)
        guard let value = value(name), value != .null else { return [:] }
        guard case .object(let members) = value else {
            fault(name, "must be an object, not \(value.kind)")
            return [:]
        }
        guard members.count <= Limits.reactionKinds else {
            fault(name, "must have at most \(Limits.reactionKinds) kinds")
            return [:]
        }
        var counts: ReactionCounts = [:]
        for member in members {
            if let kind = ReactionKind(member.name), let count = member.value.integer,
                (0...Limits.reactionCount).contains(count)
            {
                counts[kind] = count
            } else {
                let rule =
                    "must hold kinds of reaction, each with a whole number from 0 to \(Limits.reactionCount)"
                add([ValidationError(place, rule)])
            }
        }
        return counts
    }
}
