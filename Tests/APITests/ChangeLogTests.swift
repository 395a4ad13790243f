// SPDX-License-Identifier: Apache-2.0
import JSON
import Stories
import Support
import Testing

@testable import API
@testable import Live

@Suite("Change log")
struct ChangeLogTests {
    private let encoder = JSONFeedEncoder()

    private func entry(_ change: FeedChange, firstSeq: Int64? = nil) -> ChangeLog.Entry {
        ChangeLog.Entry(
            change, version: Version(epoch: 7, seq: change.seq), firstSeq: firstSeq ?? change.seq,
            encoder)
    }

    private func put(_ number: UInt64, seq: Int64, firstSeq: Int64? = nil, keyEvent: Bool = false)
        -> ChangeLog.Entry
    {
        var content = UpdateContent(body: "body \(seq)")
        content.keyEvent = keyEvent
        let time = Timestamp(milliseconds: 0)
        let update = Update(
            id: Identifier(high: 1, low: number), seq: seq, content: content, bodyHtml: "", edited: false,
            publishedAt: time, createdAt: time, modifiedAt: time)
        return entry(.put(update), firstSeq: firstSeq)
    }

    private func remove(_ number: UInt64, seq: Int64) -> ChangeLog.Entry {
        entry(.remove(Removal(id: Identifier(high: 1, low: number), seq: seq, reason: .deleted)))
    }

    private func log(_ entries: [ChangeLog.Entry], after start: Int64, limit: Int = .max) -> ChangeLog {
        var log = ChangeLog(after: start)
        for entry in entries { log.append(entry, follows: entry.seq - 1, limit: limit) }
        return log
    }

    @Test("A delta has each update once, in its latest state, ordered by sequence number")
    func idempotency() throws {
        let log = log(
            [put(1, seq: 4), put(2, seq: 5), put(1, seq: 6, firstSeq: 4), remove(2, seq: 7)], after: 3)
        let delta = try #require(log.delta(after: 3, UpdateFilter(), limit: 10, encoder))
        let changes = try delta.changes.map { try JSONValue(parsing: Array($0)) }
        #expect(changes.map { $0["seq"]?.integer } == [6, 7])
        #expect(changes.map { $0["op"]?.string } == ["put", "remove"])
        #expect(delta.seq == 7 && !delta.more)
        #expect(log.delta(after: 7, UpdateFilter(), limit: 10, encoder)?.changes.isEmpty == true)
    }

    @Test("A page of a delta ends at the limit, and the next continues after it")
    func pages() throws {
        let log = log((1...5).map { put(UInt64($0), seq: Int64($0)) }, after: 0)
        var (cursor, seen, more) = (Int64(0), 0, true)
        while more {
            let delta = try #require(log.delta(after: cursor, UpdateFilter(), limit: 2, encoder))
            (cursor, more) = (delta.seq, delta.more)
            seen += delta.changes.count
        }
        #expect(seen == 5 && cursor == 5)
    }

    @Test("The log has no delta for cursors before its start, and a gap resets it")
    func start() {
        var log = log([put(1, seq: 4), put(2, seq: 5)], after: 3)
        #expect(log.delta(after: 2, UpdateFilter(), limit: 10, encoder) == nil)
        log.append(put(3, seq: 9), follows: 8, limit: .max)
        #expect(log.start == 8 && log.end == 9)
        #expect(log.delta(after: 5, UpdateFilter(), limit: 10, encoder) == nil)
        #expect(log.delta(after: 8, UpdateFilter(), limit: 10, encoder)?.changes.count == 1)
        log.append(put(3, seq: 9), follows: 8, limit: .max)
        #expect(log.delta(after: 8, UpdateFilter(), limit: 10, encoder)?.changes.count == 1, "it came twice")
    }

    @Test("The log is extended back by earlier changes that it lacks, within the byte limit")
    func extended() throws {
        let (old, again, new) = (put(1, seq: 2), put(2, seq: 5), put(2, seq: 5))
        var log = log([new], after: 4)
        log.extend(backTo: 1, by: [old, again], limit: log.byteCount + old.frame.count - 1)
        #expect(log.start == 4, "it would be too long")
        log.extend(backTo: 1, by: [old, again], limit: .max)
        #expect(log.recalledEnd == 4 && log.start == 1 && log.end == 5)
        #expect(log.byteCount == old.frame.count + new.frame.count)
        #expect(log.lastEntries(after: 1)?.map(\.seq) == [2, 5])
        #expect(log.lastEntries(after: 0) == nil)
        log.extend(backTo: 3, by: [], limit: .max)
        #expect(log.start == 1, "it reaches back further")
    }

    @Test("The oldest changes are evicted beyond the byte limit, but the newest stays")
    func bound() {
        let one = put(1, seq: 1).frame.count
        let log = log((1...9).map { put(UInt64($0), seq: Int64($0)) }, after: 0, limit: one * 3)
        #expect(log.byteCount <= one * 3 && log.start == 6 && log.end == 9)
        let small = self.log([put(1, seq: 1), put(2, seq: 2)], after: 0, limit: 1)
        #expect(small.start == 1 && small.end == 2)
    }

    @Test("A filtered delta removes updates that the reader may hold, and skips those it never had")
    func filter() throws {
        let keyEvents = UpdateFilter(keyEventsOnly: true)
        let log = log(
            [put(1, seq: 5, firstSeq: 2), put(2, seq: 6), put(3, seq: 7, keyEvent: true)], after: 4)
        let delta = try #require(log.delta(after: 4, keyEvents, limit: 10, encoder))
        let texts = delta.changes.map { String(decoding: $0, as: UTF8.self) }
        #expect(texts.count == 2 && texts[0].contains(#""reason":"left""#) && texts[1].contains("body 7"))
        #expect(log.hasNews(after: 6, keyEvents) == true)
        #expect(log.hasNews(after: 5, keyEvents) == true)
        #expect(self.log([put(2, seq: 6)], after: 5).hasNews(after: 5, keyEvents) == false)
        #expect(log.hasNews(after: 3, keyEvents) == nil)
    }

    @Test("A frame is one event whose data is the change in the delta")
    func frames() throws {
        let entry = put(1, seq: 4)
        let frame = String(decoding: entry.frame, as: UTF8.self)
        #expect(
            frame
                == "event: put\nid: 0000000000000007-4\ndata: \(String(decoding: entry.data, as: UTF8.self))\n\n"
        )
        #expect(try JSONValue(parsing: Array(entry.data))["update"]?["body"]?.string == "body 4")
        #expect(entry.frame(for: UpdateFilter(keyEventsOnly: true), after: 3, epoch: 7, encoder) == nil)
    }
}
