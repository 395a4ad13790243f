// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// The latest changes of a story, encoded once for all readers (fan-out), for pollers and streams that are nearly up to date.
///
/// Holds every change with a sequence number above `start`, or a later change of the same subject.
struct ChangeLog: Sendable {
    /// A change, as a frame of the event stream.
    struct Entry: Sendable {
        let seq: Int64
        /// Sequence number at which readers first saw the update; for other subjects, of the change itself; `nil`: unknown.
        let firstSeq: Int64?
        let subject: Subject
        /// The members that filters match; `nil` if the change matches every filter.
        let traits: Traits?
        let frame: [UInt8]
        private let dataStart: Int

        /// The change as encoded in a delta.
        var data: ArraySlice<UInt8> { frame[dataStart..<(frame.count - 2)] }

        /// Encodes a change; `version` is its cursor, `rendition` the update's encoding if it exists already.
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

    /// The subject of a change: a later change of the same subject supersedes an earlier one (log compaction).
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

    /// The members of an update that filters match.
    struct Traits: Sendable {
        let keyEvent: Bool
        let tagKeys: [String]
        let author: String?

        init(_ content: UpdateContent) {
            keyEvent = content.keyEvent
            tagKeys = content.tags.map(Tag.key)
            author = content.author
        }

        func match(_ filter: UpdateFilter) -> Bool {
            filter.matches(keyEvent: keyEvent, tagKeys: tagKeys, author: author)
        }
    }

    /// The log holds no changes up to this sequence number.
    private(set) var start: Int64
    /// Changes up to this sequence number were recalled, without when readers first saw an update: only the store can tell readers with
    /// a filter what they lack.
    private(set) var recalledEnd: Int64
    /// Sequence number of the last change.
    private(set) var end: Int64
    private(set) var byteCount = 0
    private var entries: [Entry] = []

    /// Creates an empty log that starts after the change with this sequence number.
    init(after seq: Int64) {
        (start, recalledEnd, end) = (seq, seq, seq)
    }

    /// Appends the next change; ignores one that is known already. If changes in between are missing, the log restarts.
    /// Drops the oldest changes beyond `limit` bytes, but never the newest.
    mutating func append(_ entry: Entry, follows previous: Int64, limit: Int) {
        guard entry.seq > end else { return }
        if previous > end { self = ChangeLog(after: previous) }
        entries.append(entry)
        byteCount += entry.frame.count
        end = entry.seq
        trim(to: limit)
    }

    /// Extends the log back to `seq` by earlier changes, unless it would exceed `limit` bytes. `earlier` must be complete up to `end`;
    /// those that the log holds already are ignored.
    mutating func extend(backTo seq: Int64, by earlier: [Entry], limit: Int) {
        let added = earlier.filter { $0.seq <= start }
        let size = added.reduce(byteCount) { $0 + $1.frame.count }
        guard seq < start, size <= limit else { return }
        entries.insert(contentsOf: added, at: 0)
        (start, recalledEnd, byteCount) = (seq, max(start, recalledEnd), size)
    }

    /// Drops the oldest changes until at most `limit` bytes are left, but never the newest.
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

    /// Advances `end` to `seq`, up to which the log is complete.
    mutating func settle(at seq: Int64) {
        end = max(end, seq)
    }

    /// Returns the changes after a sequence number, in order, or `nil` if the log does not reach back that far.
    func entries(after seq: Int64) -> ArraySlice<Entry>? {
        guard seq >= start else { return nil }
        var first = entries.endIndex
        while first > 0, entries[first - 1].seq > seq { first -= 1 }
        return entries[first...]
    }
}

/// A delta made from the log.
package struct LoggedDelta {
    /// Each change, encoded.
    package var changes: [ArraySlice<UInt8>] = []
    /// Sequence number of the last change considered.
    package var seq: Int64
    /// Whether there are further changes.
    package var more = false
}

extension ChangeLog {
    /// Returns the last change of each subject after a sequence number, in order, or `nil` if the log does not reach back that far.
    /// Intermediate states are not replayed: they may have been retracted.
    func lastEntries(after seq: Int64) -> [Entry]? {
        guard let entries = entries(after: seq) else { return nil }
        if entries.count <= 1 { return Array(entries) }
        var last: [Subject: Int64] = [:]
        for entry in entries { last[entry.subject] = entry.seq }
        return entries.filter { last[$0.subject] == $0.seq }
    }

    /// Returns whether any change after a sequence number concerns a reader, or `nil` if the log does not reach back that far.
    func hasNews(after seq: Int64, _ filter: UpdateFilter) -> Bool? {
        lastEntries(after: seq)?.contains { $0.concerns(filter, after: seq) }
    }

    /// Returns the changes after a sequence number. `nil` if the log does not reach back that far, or may differ from the store: in the
    /// story's own members, some of which change with every update, or in whether a reader can have seen an update that is filtered out.
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
    /// Returns whether a reader with the filter and the cursor `seq` must get the change. Same rule as in
    /// ``FeedReading/changes(of:_:access:)``: a non-matching update published after the cursor was never sent to that reader.
    fileprivate func concerns(_ filter: UpdateFilter, after seq: Int64) -> Bool {
        isWanted(by: filter) || firstSeq ?? 0 <= seq
    }

    /// Returns the frame for a reader with the filter and the cursor `seq`, or `nil` if the change does not concern it.
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

    /// The removal of an update that no longer matches the filter.
    fileprivate var left: FeedChange {
        guard case .update(let id) = subject else { preconditionFailure("only updates have traits") }
        return .remove(Removal(id: id, seq: seq, reason: .left))
    }
}
