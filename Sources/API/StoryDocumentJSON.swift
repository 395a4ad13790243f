public import JSON
public import Stories

/// The JSON form of a whole story: what an export gives and an import takes. Reading what was written gives the same
/// document.
extension StoryDocument {
    /// The version of the form, the value of the member `wireroom`.
    static let formatVersion = 1

    /// The document as JSON text.
    public func json() -> [UInt8] {
        JSONWriter.bytes(of: self, capacity: 4_096 * (updates.count + 1))
    }

    /// Reads the JSON form.
    public init(json bytes: [UInt8]) throws(StoryDocumentError) {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .malformed("the document is not JSON: \(error)")
        }
        var reader = MemberReader(value, at: "")
        let document = StoryDocument(&reader)
        let faults = reader.finish()
        guard faults.isEmpty, let document else { throw .invalid(faults) }
        self = document
    }
}

/// Why a document cannot be imported.
public enum StoryDocumentError: Error, Hashable, Sendable {
    /// It cannot be read at all; the text says why and where.
    case malformed(String)
    /// It breaks rules: all of them, each with its place.
    case invalid([Fault])
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
            content.writeMembers(&$0)
            $0.member("publishedAt", publishedAt)
            $0.member("createdAt", createdAt)
            $0.member("modifiedAt", modifiedAt)
            $0.member("reactions") { reactions.write(to: &$0) }
        }
    }
}

extension StoryDocument.UpdateEntry: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("title", content.title)
            $0.member("body", content.body)
            content.writeMembersBesidesText(&$0)
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
    fileprivate init?(_ reader: inout MemberReader) {
        _ = reader.required("wireroom", "a number, the version of the form, 1") {
            $0.integer == Self.formatVersion ? Self.formatVersion : nil
        }
        if reader.value("wireroom") == nil { reader.fault("wireroom", "is required") }
        let story = reader.object("story") { Self.story(&$0) }
        if (reader.value("story") ?? .null) == .null { reader.fault("story", "is required") }
        let updates = reader.objects("updates") { UpdateEntry(&$0) }
        let links = reader.object("links") { LinkLists(&$0) }
        guard var document = story.given ?? nil else { return nil }
        document.updates = updates.given ?? []
        document.links = (links.given ?? nil) ?? LinkLists()
        reader.add(document.repeatedIdentifiers)
        self = document
    }

    private static func story(_ reader: inout MemberReader) -> StoryDocument? {
        let id = reader.optionalIdentifier("id")
        let times = (
            reader.optionalTime("publishedAt"), reader.optionalTime("createdAt"),
            reader.optionalTime("modifiedAt")
        )
        let reactions = reader.reactions()
        var patch = StoryPatch()
        let slug = reader.optional("slug", "a string (" + Slug.rule + "), or null") {
            $0.text.flatMap { Slug($0) }
        }
        patch.readContent(&reader)
        reader.add(patch.faults(at: reader.base))
        guard let title = patch.title.given else {
            if reader.faults.isEmpty { reader.fault("title", "is required") }
            return nil
        }
        var document = StoryDocument(content: StoryContent(title: title))
        do throws(StoryError) {
            try patch.apply(to: &document.content)
        } catch {
            if case .invalid(let faults) = error {
                reader.add(faults.map { Fault(reader.base + $0.pointer, $0.detail) })
            }
        }
        (document.id, document.slug) = (id.given ?? nil, slug.given ?? nil)
        document.publishedAt = times.0.given ?? nil
        document.createdAt = times.1.given ?? nil
        document.modifiedAt = times.2.given ?? nil
        document.reactions = reactions
        return document
    }

    /// Ids that stand twice, which no store could keep apart.
    private var repeatedIdentifiers: [Fault] {
        var seen: Set<Identifier> = []
        return updates.enumerated().compactMap { index, update in
            guard let id = update.id, !seen.insert(id).inserted else { return nil }
            return Fault("/updates/\(index)/id", "stands in the document already")
        }
    }
}

extension StoryDocument.UpdateEntry {
    fileprivate init?(_ reader: inout MemberReader) {
        let id = reader.optionalIdentifier("id")
        let edited = reader.bool("edited")
        let times = (
            reader.optionalTime("publishedAt"), reader.optionalTime("createdAt"),
            reader.optionalTime("modifiedAt")
        )
        let reactions = reader.reactions()
        var patch = UpdatePatch()
        patch.read(&reader)
        reader.add(patch.faults(at: reader.base))
        guard let body = patch.body.given else {
            if reader.faults.isEmpty { reader.fault("body", "is required") }
            return nil
        }
        var content = UpdateContent(body: body)
        patch.apply(to: &content)
        self.init(content: content)
        (self.id, self.edited, self.reactions) = (id.given ?? nil, edited.given ?? false, reactions)
        publishedAt = times.0.given ?? nil
        createdAt = times.1.given ?? nil
        modifiedAt = times.2.given ?? nil
    }
}

extension LinkLists {
    fileprivate init?(_ reader: inout MemberReader) {
        self.init()
        for kind in LinkKind.allCases {
            let links = reader.objects(kind.rawValue) { Link(&$0) }.given ?? []
            reader.add(Link.faults(in: links, at: reader.pointer(kind.rawValue)))
            self[kind] = links
        }
    }
}

extension MemberReader {
    /// Counts by kind; kinds that the server does not offer are kept all the same.
    fileprivate mutating func reactions() -> ReactionCounts {
        let name = "reactions"
        let place = pointer(name)
        guard let value = value(name), value != .null else { return [:] }
        guard case .object(let members) = value else {
            fault(name, "must be an object, not \(value.kind)")
            return [:]
        }
        var counts: ReactionCounts = [:]
        for member in members {
            if let kind = ReactionKind(member.name), let count = member.value.integer, count >= 0 {
                counts[kind] = count
            } else {
                add([
                    Fault(
                        "\(place)/\(member.name)", "must be a kind of reaction with a whole number, 0 or more"
                    )
                ])
            }
        }
        return counts
    }
}
