// SPDX-License-Identifier: Apache-2.0
public import JSON
internal import Live
public import Stories

extension Representation {
    /// Creates a snapshot. The poll interval in its body is not updated while it is cached; the header has the current one.
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

    /// Creates a delta after `query.cursor` from changes that are encoded already.
    init(
        _ changes: [ArraySlice<UInt8>], of story: Identifier, status: StoryStatus, after query: DeltaQuery,
        cursor: Version,
        more: Bool, version: Version, variant: String, hold: CacheKey.Hold
    ) {
        var writer = JSONWriter(capacity: 128 + changes.reduce(0) { $0 + $1.count + 1 })
        writer.object {
            $0.member("status", status.rawValue)
            $0.member("changes") { $0.array { writer in for change in changes { writer.raw(change) } } }
            $0.member("cursor", cursor.description)
            $0.member("more", more)
            if case .shared(let tick, let window) = hold {
                let poll = SharedPoll(tick: tick, story: story)
                $0.member("after", query.cursor.description)
                $0.member("tick", poll.next(window: window, seq: cursor.seq))
            }
        }
        self.init(
            bytes: writer.bytes, tag: "\(version).\(variant)", story: story,
            freshness: Freshness(status, hold), pollAfter: .body)
        leaveOpen()
    }

    /// Removes the closing brace, so that the poll interval can be appended to each response.
    private mutating func leaveOpen() {
        bytes.removeLast()
        bytes += ",\"pollAfter\":".utf8
    }

    /// Creates any other representation of a story.
    init(_ value: some JSONWritable, tag: String, story: Identifier, freshness: Freshness) {
        self.init(bytes: JSONWriter.line(of: value), tag: tag, story: story, freshness: freshness)
    }
}

extension Representation.Freshness {
    /// Creates the freshness of a delta.
    fileprivate init(_ status: StoryStatus, _ hold: CacheKey.Hold) {
        switch hold {
        case .none: self.init(status)
        case .own: self = .waited
        case .shared: self = .shared
        }
    }
}

/// Encodes changes for streams and deltas as JSON.
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
        // The closing braces of the update and of the change, and the two line feeds that end the frame.
        frame.starts(with: "event: put\n".utf8) ? EditorUpdate.marked(frame, beforeLast: 4) : frame
    }
}

/// Reaction counts in a stream: those that changed, to be merged into the reader's; or all of them, which replace the reader's, so
/// that counts of updates no longer visible disappear.
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

    /// Writes its JSON form; `rendition` is the JSON of its update, if encoded already.
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
