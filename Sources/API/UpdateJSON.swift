// SPDX-License-Identifier: Apache-2.0
public import JSON
internal import Live
public import Stories
internal import StoriesJSON

extension JSONWriter {
    /// Writes an array of updates that are encoded already.
    mutating func write(_ updates: [RenderedUpdate]) {
        array { writer in for update in updates { writer.raw(update.bytes) } }
    }
}

extension Update: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(&$0) }
    }

    fileprivate func writeMembers(_ writer: inout JSONWriter) {
        writer.members(
            id: id, seq: seq, content, html: bodyHtml, cards, stricken, edited: edited,
            publishedAt: publishedAt, createdAt: createdAt, modifiedAt: modifiedAt)
    }
}

extension Draft {
    /// Writes the members of an update, with `seq` and `publishedAt` null.
    fileprivate func writeMembers(_ writer: inout JSONWriter) {
        writer.members(
            id: id, seq: nil, content, html: bodyHtml, [], stricken, edited: edited, publishedAt: nil,
            createdAt: createdAt, modifiedAt: modifiedAt)
    }
}

extension JSONWriter {
    /// Writes the members common to updates and drafts.
    fileprivate mutating func members(
        id: Identifier, seq: Int64?, _ content: UpdateContent, html: String, _ cards: [Card],
        _ stricken: Strike?, edited: Bool, publishedAt: Timestamp?, createdAt: Timestamp,
        modifiedAt: Timestamp
    ) {
        member("id", id)
        member("seq", seq)
        for listed in UpdateContent.members {
            member(listed, of: content)
            // Placed directly after its source.
            if case .text(.markdown) = listed.field.form { member("bodyHtml", html) }
        }
        member("cards", cards)
        member("stricken", stricken)
        member("edited", edited)
        member("publishedAt", publishedAt)
        member("createdAt", createdAt)
        member("modifiedAt", modifiedAt)
    }
}

extension EditorUpdate: JSONWritable {
    /// Writes its JSON form: that of an update, with the additional members for key holders.
    public func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(&$0) }
    }

    /// Writes these members into the open object.
    func writeMembers(_ writer: inout JSONWriter) {
        switch self {
        case .published(let update): update.writeMembers(&writer)
        case .draft(let draft): draft.writeMembers(&writer)
        }
        writer.member("state", publication.state.rawValue)
        writer.member("publishAt", publication.publishAt)
        if case .draft(let draft) = self { writer.member("notify", draft.notify) }
    }

    /// The members that ``write(to:)`` adds to the JSON of a published update.
    private static let publishedMembers = Array(#","state":"published","publishAt":null"#.utf8)

    /// Returns JSON with the members for key holders inserted into a published update, which ends `count` bytes before the end.
    static func marked(_ json: [UInt8], beforeLast count: Int) -> [UInt8] {
        var marked: [UInt8] = []
        // Room for a trailing newline.
        marked.reserveCapacity(json.count + publishedMembers.count + 1)
        let end = json.count - count
        marked += json[..<end]
        marked += publishedMembers
        marked += json[end...]
        return marked
    }
}

extension Versioned<EditorUpdate> {
    /// The JSON form with a trailing newline; derived from the readers' rendition if that is encoded already.
    var line: [UInt8] {
        guard case .published = value, let rendition else {
            return JSONWriter.line(of: value, capacity: 4_096)
        }
        var line = EditorUpdate.marked(rendition, beforeLast: 1)
        line.append(UInt8(ascii: "\n"))
        return line
    }
}

extension FeedChange {
    /// The JSON form for key holders.
    var markedJSON: [UInt8] {
        let json = JSONWriter.bytes(of: self, capacity: 1_024)
        guard case .put = self else { return json }
        return EditorUpdate.marked(json, beforeLast: 2)
    }
}

extension Snapshot {
    /// The snapshot for key holders.
    var marked: Snapshot {
        var snapshot = self
        snapshot.pinned = pinned.map(\.marked)
        snapshot.updates = updates.map(\.marked)
        return snapshot
    }
}

extension RenderedUpdate {
    fileprivate var marked: RenderedUpdate {
        var update = self
        update.bytes = EditorUpdate.marked(bytes, beforeLast: 1)
        return update
    }
}

extension Strike: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("reason", reason)
            $0.member("at", at)
        }
    }
}
