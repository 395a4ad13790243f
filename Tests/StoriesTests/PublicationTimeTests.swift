// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

/// Publication and closing times, also after the clock was reset or when publication is late.
@Suite("Publication times")
struct PublicationTimeTests {
    private func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    @Test("A newly published update sorts above the latest one")
    func onTop() {
        #expect(Publication.time(of: .make(2), after: nil, at: time(5)) == time(5))
        #expect(Publication.time(of: .make(2), after: (time(4), .make(1)), at: time(5)) == time(5))
        #expect(Publication.time(of: .make(2), after: (time(9), .make(1)), at: time(5)) == time(9))
        #expect(Publication.time(of: .make(1), after: (time(9), .make(2)), at: time(5)) == time(10))
    }

    @Test("Updates published late together keep the order of their scheduled times")
    func late() {
        #expect(
            Publication.times(ofDue: [time(1), time(2), time(2), time(3)], at: time(10))
                == [8, 9, 9, 10].map(time))
        #expect(Publication.times(ofDue: [], at: time(10)) == [])
    }

    @Test("Ids far in the future are implausible; those of a clock one day ahead are not")
    func identifiers() {
        let day: Int64 = 24 * 60 * 60 * 1_000
        let now = time(1_795_000_000_000)
        let limit = IdentifierGenerator.implausible(at: now, lastActive: nil)
        #expect(IdentifierGenerator.firstIdentifier(at: time(now.milliseconds + day)) < limit)
        #expect(IdentifierGenerator.firstIdentifier(at: time(now.milliseconds + 400 * day)) > limit)
        let reset = IdentifierGenerator.implausible(at: time(0), lastActive: now)
        #expect(reset == limit)
    }

    @Test("An imported story keeps its closing time, but never one after the import")
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

    @Test("A document entry converts back to the update it was made from")
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
