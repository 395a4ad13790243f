// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// The latest changes of a story, encoded once for all readers (fan-out): what pollers and streams that are nearly up to date ask for.
///
/// It holds every change with a number above `start`, or a later change of the same thing.
struct ChangeLog: Sendable {
    /// A change, as a frame of the event stream.
    struct Entry: Sendable {
        let seq: Int64
        /// The number with which readers first saw the update, that of the change itself for all else; `nil`: not known.
        let firstSeq: Int64?
        let subject: Subject
        /// What filters look at; `nil` where the change matches every filter.
        let traits: Traits?
        let frame: [UInt8]
        private let dataStart: Int

        /// The change as it stands in a delta.
        var data: ArraySlice<UInt8> { frame[dataStart..<(frame.count - 2)] }

        /// Encodes a change; `version` is its cursor, `rendition` the encoded update, if there is one already.
        init(
            _ change: FeedChange, version: Version, firstSeq: Int64?, rendition: [UInt8]? = nil,
            _ encoder: any FeedEncoder
        ) {
            seq = change.seq
            self.firstSeq = firstSeq
            subject = Subject(change)
            if case .put(let update) = change { traits = Traits(update.content) } else { traits = nil }
            (frame, dataStart) = encoder.encode(change, rendition: rendition).frame(id: version)
        }
    }

    /// What has changed: a later change of the same thing supersedes an earlier one (log compaction).
    enum Subject: Hashable, Sendable {
        case update(Identifier)
        case story
        case links

        init(_ change: FeedChange) {
            switch change {
            case .put(let update): self = .update(update.id)
            case .remove(let removal): self = .update(removal.id)
            case .story: self = .story
            case .links: self = .links
            }
        }
    }

    /// What a filter asks of an update.
    struct Traits: Sendable {
        let keyEvent: Bool
        let tagKeys: [String]

        init(_ content: UpdateContent) {
            keyEvent = content.keyEvent
            tagKeys = content.tags.map(Tag.key)
        }

        func match(_ filter: UpdateFilter) -> Bool {
            filter.matches(keyEvent: keyEvent, tagKeys: tagKeys)
        }
    }

    /// Changes with a number up to this are not here.
    private(set) var start: Int64
    /// The number of the last change.
    private(set) var end: Int64
    private(set) var byteCount = 0
    private var entries: [Entry] = []

    /// A log that begins after the change of this number.
    init(after seq: Int64) {
        (start, end) = (seq, seq)
    }

    /// Adds the next change; one that is known is passed over. Where changes in between are missing, the log begins anew.
    /// Gives up the oldest for as long as there are more than `limit` bytes, but never the newest.
    mutating func append(_ entry: Entry, follows previous: Int64, limit: Int) {
        guard entry.seq > end else { return }
        if previous > end { self = ChangeLog(after: previous) }
        entries.append(entry)
        byteCount += entry.frame.count
        end = entry.seq
        trim(to: limit)
    }

    /// Forgets the oldest changes until at most `limit` bytes are left, but never the newest.
    mutating func trim(to limit: Int) {
        guard byteCount > limit else { return }
        var count = 0
        while byteCount > limit, count < entries.count - 1 {
            byteCount -= entries[count].frame.count
            start = entries[count].seq
            count += 1
        }
        entries.removeFirst(count)
    }

    /// The feed has come to a number, and the log has all changes up to it.
    mutating func settle(at seq: Int64) {
        end = max(end, seq)
    }

    /// The changes after a number, in their order; `nil` where the log does not reach back so far.
    func entries(after seq: Int64) -> ArraySlice<Entry>? {
        guard seq >= start else { return nil }
        var first = entries.endIndex
        while first > 0, entries[first - 1].seq > seq { first -= 1 }
        return entries[first...]
    }
}

/// A delta that was put together from the log.
package struct LoggedDelta {
    /// Each change, encoded.
    package var changes: [ArraySlice<UInt8>] = []
    /// The number of the last change that was looked at.
    package var seq: Int64
    /// Whether there are further ones.
    package var more = false
}

extension ChangeLog {
    /// The last change of each thing after a number, in their order; `nil` where the log does not reach back so far. The states in
    /// between are not replayed: they may have been taken back.
    func lastEntries(after seq: Int64) -> [Entry]? {
        guard let entries = entries(after: seq) else { return nil }
        if entries.count <= 1 { return Array(entries) }
        var last: [Subject: Int64] = [:]
        for entry in entries { last[entry.subject] = entry.seq }
        return entries.filter { last[$0.subject] == $0.seq }
    }

    /// Whether something after a number concerns a reader; `nil` where the log does not reach back so far.
    func hasNews(after seq: Int64, _ filter: UpdateFilter) -> Bool? {
        lastEntries(after: seq)?.contains { $0.concerns(filter, after: seq) }
    }

    /// What changed after a number; `nil` where the log does not reach back so far, or does not know what the store would say:
    /// members of the story that move with every change, or whether a reader may have seen an update that its filter leaves out.
    func delta(
        after seq: Int64, _ filter: UpdateFilter, limit: Int, _ encoder: any FeedEncoder
    ) -> LoggedDelta? {
        guard let entries = lastEntries(after: seq),
            entries.allSatisfy({ $0.subject != .story && ($0.firstSeq != nil || filter.isOpen) })
        else { return nil }
        var delta = LoggedDelta(seq: seq)
        for entry in entries where entry.concerns(filter, after: seq) {
            if delta.changes.count == limit {
                delta.more = true
                return delta
            }
            delta.changes.append(
                entry.isWanted(by: filter) ? entry.data : encoder.encode(entry.left).data[...])
            delta.seq = entry.seq
        }
        delta.seq = end
        return delta
    }
}

extension ChangeLog.Entry {
    /// Whether a reader with the filter and the cursor `seq` must get the change. The rule is that of
    /// ``FeedReading/changes(of:_:access:)``: an update that came after the cursor and does not match was never sent to that reader.
    fileprivate func concerns(_ filter: UpdateFilter, after seq: Int64) -> Bool {
        isWanted(by: filter) || firstSeq ?? 0 <= seq
    }

    /// The frame that such a reader is sent; `nil` where the change does not concern it.
    func frame(
        for filter: UpdateFilter, after seq: Int64, epoch: UInt64, _ encoder: any FeedEncoder
    ) -> [UInt8]? {
        if isWanted(by: filter) { return frame }
        guard concerns(filter, after: seq) else { return nil }
        return encoder.encode(left).frame(id: Version(epoch: epoch, seq: self.seq)).bytes
    }

    fileprivate func isWanted(by filter: UpdateFilter) -> Bool {
        traits?.match(filter) ?? true
    }

    /// The removal of an update that does not match the filter any more.
    fileprivate var left: FeedChange {
        guard case .update(let id) = subject else { preconditionFailure("only updates have traits") }
        return .remove(Removal(id: id, seq: seq, reason: .left))
    }
}
