// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

/// When an update is said to have been published, whatever the clock does.
@Suite("Times of publication")
struct PublicationTimeTests {
    private func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    @Test("What readers get now stands on top")
    func onTop() {
        #expect(Publication.time(of: .make(2), after: nil, at: time(5)) == time(5))
        #expect(Publication.time(of: .make(2), after: (time(4), .make(1)), at: time(5)) == time(5))
        #expect(Publication.time(of: .make(2), after: (time(9), .make(1)), at: time(5)) == time(9))
        #expect(Publication.time(of: .make(1), after: (time(9), .make(2)), at: time(5)) == time(10))
    }

    @Test("Updates that come late all together are listed in the order of their times")
    func late() {
        #expect(
            Publication.times(ofDue: [time(1), time(2), time(2), time(3)], at: time(10))
                == [8, 9, 9, 10].map(time))
        #expect(Publication.times(ofDue: [], at: time(10)) == [])
    }

    @Test("An id of another age is implausible, one of a clock that is ahead by a day is not")
    func identifiers() {
        let day: Int64 = 24 * 60 * 60 * 1_000
        let now = time(1_795_000_000_000)
        let limit = IdentifierGenerator.implausible(at: now, lastActive: nil)
        #expect(IdentifierGenerator.firstIdentifier(at: time(now.milliseconds + day)) < limit)
        #expect(IdentifierGenerator.firstIdentifier(at: time(now.milliseconds + 400 * day)) > limit)
        let reset = IdentifierGenerator.implausible(at: time(0), lastActive: now)
        #expect(reset == limit)
    }

    @Test("A document's story is closed when it was, and never after its import")
    func closing() throws {
        let now = time(1_795_000_000_000)
        var document = StoryDocument(content: StoryContent(title: "A"))
        let slug = try #require(Slug("a"))
        #expect(document.story(id: .make(1), slug: slug, at: now).closedAt == nil)
        document.content.status = .closed
        #expect(document.story(id: .make(1), slug: slug, at: now).closedAt == now)
        document.modifiedAt = time(7)
        #expect(document.story(id: .make(1), slug: slug, at: now).closedAt == time(7))
        document.closedAt = time(now.milliseconds + 9)
        #expect(document.story(id: .make(1), slug: slug, at: now).closedAt == now)
    }

    @Test("An entry of a document becomes the update that it was made from")
    func roundTrip() {
        let update = Update(
            id: .make(3), seq: 8, content: .make(), bodyHtml: "<p>", edited: true, publishedAt: time(5),
            createdAt: time(4), modifiedAt: time(6), stricken: Strike(reason: "Wrong.", at: time(6)))
        let entry = StoryDocument.UpdateEntry(update, reactions: [.veryGood: 2])
        #expect(entry.update(id: .make(3), seq: 8, bodyHtml: "<p>", at: time(9)) == update)
        #expect(entry.reactions == [.veryGood: 2])
        let bare = StoryDocument.UpdateEntry(content: .make())
        let made = bare.update(id: .make(4), seq: 1, bodyHtml: "", at: time(9))
        #expect(made.publishedAt == time(9) && made.createdAt == time(9) && made.modifiedAt == time(9))
    }
}
