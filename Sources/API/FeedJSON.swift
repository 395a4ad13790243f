// SPDX-License-Identifier: Apache-2.0
public import JSON
internal import Live
public import Stories

extension Representation {
    /// A snapshot. The interval in its body stays as it is now.
    init(_ snapshot: Snapshot, older: String?, variant: String, pollAfter seconds: Int) {
        var writer = JSONWriter(capacity: 64 * 1_024)
        writer.object {
            $0.member("story", snapshot.story)
            $0.member("pinned") { $0.write(snapshot.pinned) }
            $0.member("updates") { $0.write(snapshot.updates) }
            $0.member("cursor", snapshot.cursor.description)
            $0.member("older", older)
        }
        let version = Version(epoch: snapshot.cursor.epoch, seq: snapshot.story.seq)
        self.init(
            bytes: writer.bytes, tag: "\(version).\(variant)", story: snapshot.story.id,
            freshness: Freshness(snapshot.story.content.status), pollAfter: .header(inBody: seconds))
        leaveOpen()
    }

    /// A delta whose changes are JSON already.
    init(
        _ changes: [ArraySlice<UInt8>], of story: Identifier, status: StoryStatus, cursor: Version,
        more: Bool,
        version: Version, variant: String, isWaited: Bool
    ) {
        var writer = JSONWriter(capacity: 128 + changes.reduce(0) { $0 + $1.count + 1 })
        writer.object {
            $0.member("status", status.rawValue)
            $0.member("changes") { $0.array { writer in for change in changes { writer.raw(change) } } }
            $0.member("cursor", cursor.description)
            $0.member("more", more)
        }
        self.init(
            bytes: writer.bytes, tag: "\(version).\(variant)", story: story,
            freshness: isWaited ? .waited : Freshness(status), pollAfter: .body)
        leaveOpen()
    }

    /// Takes the brace away that closes the object, for the interval to follow.
    private mutating func leaveOpen() {
        bytes.removeLast()
        bytes += ",\"pollAfter\":".utf8
    }

    /// Anything else of a story.
    init(_ value: some JSONWritable, tag: String, story: Identifier, freshness: Freshness) {
        self.init(bytes: JSONWriter.line(of: value), tag: tag, story: story, freshness: freshness)
    }
}

/// What streams and deltas carry, as JSON.
struct JSONFeedEncoder: FeedEncoder {
    func encode(_ change: FeedChange, rendition: [UInt8]?) -> EncodedEvent {
        var writer = JSONWriter(capacity: 256 + (rendition?.count ?? 1_024))
        change.write(to: &writer, rendition: rendition)
        return EncodedEvent(type: change.name, data: writer.bytes)
    }

    func encode(_ counts: Reactions, isAll: Bool) -> EncodedEvent {
        EncodedEvent(
            type: "reactions", data: JSONWriter.bytes(of: ReactionEvent(counts: counts, isAll: isAll)))
    }

    func editorFrame(_ frame: [UInt8]) -> [UInt8] {
        // The braces of the update and of the change, and the empty line.
        frame.starts(with: "event: put\n".utf8) ? EditorUpdate.marked(frame, beforeLast: 4) : frame
    }
}

/// What a stream tells of reactions: the counts that have changed, to be merged into those that the reader holds; or all of them, to
/// take their place, for updates that are not to be seen any more are not among them.
private struct ReactionEvent: JSONWritable {
    let counts: Reactions
    let isAll: Bool

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if isAll { writer.member("all", true) }
            counts.writeMembers(&writer)
        }
    }
}

extension FeedChange: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) { write(to: &writer, rendition: nil) }

    /// Writes its JSON form; `rendition` is that of its update, where that is encoded already.
    func write(to writer: inout JSONWriter, rendition: [UInt8]?) {
        writer.object { writer in
            writer.member("op", name)
            writer.member("seq", seq)
            switch self {
            case .put(let update):
                writer.member("update") {
                    if let rendition { $0.raw(rendition) } else { update.write(to: &$0) }
                }
            case .remove(let removal):
                writer.member("id", removal.id)
                writer.member("reason", removal.reason.rawValue)
            case .story(let story, _): writer.member("story", story)
            case .links(let lists, _): writer.member("links", lists)
            }
        }
    }

    /// The value of `op`.
    var name: String {
        switch self {
        case .put: "put"
        case .remove: "remove"
        case .story: "story"
        case .links: "links"
        }
    }
}
