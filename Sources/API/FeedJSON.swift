public import JSON
public import Stories

/// A snapshot with what the server adds to it: where the next page is, and when to ask again.
struct SnapshotAnswer: JSONWritable {
    let snapshot: Snapshot
    let older: String?
    let pollAfter: Int

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("story", snapshot.story)
            $0.member("pinned", snapshot.pinned)
            $0.member("updates", snapshot.updates)
            $0.member("cursor", snapshot.cursor.description)
            $0.member("older", older)
            $0.member("pollAfter", pollAfter)
        }
    }
}

/// A delta with when to ask again.
struct DeltaAnswer: JSONWritable {
    let delta: Delta
    let pollAfter: Int

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("status", delta.status.rawValue)
            $0.member("changes", delta.changes)
            $0.member("cursor", delta.cursor.description)
            $0.member("more", delta.more)
            $0.member("pollAfter", pollAfter)
        }
    }
}

extension FeedChange: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("op", name)
            writer.member("seq", seq)
            switch self {
            case .put(let update): writer.member("update", update)
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
