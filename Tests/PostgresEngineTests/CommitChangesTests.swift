// SPDX-License-Identifier: Apache-2.0
import Stories
import Testing

@testable import PostgresEngine

@Suite("What the commit log says")
struct CommitChangesTests {
    private let story = Identifier(high: 1, low: 2)
    private let other = Identifier(high: 3, low: 4)

    @Test("Changed stories and stories with other reactions are read as they were written")
    func roundTrip() {
        let reaction = ReactionStep(story: other, update: nil, kind: .veryGood, count: 3)
        let changes = CommitChanges([.created(story), .removed(story), .reacted(reaction)])
        #expect(changes.changed == [story] && changes.reacted == [other] && !changes.mayBeAnything)
        #expect(CommitChanges(changes.text) == changes)
    }

    @Test("A commit without events is read as one without changes")
    func empty() {
        #expect(CommitChanges("") == CommitChanges([]))
        #expect(CommitChanges([]).text == "")
    }

    @Test(
        "A commit that readers cannot see, such as the claim of a delivery, makes nothing stale at other nodes"
    )
    func unseen() {
        #expect(CommitChanges(CommitChanges([.deliveriesQueued]).text).events.isEmpty)
        #expect(CommitChanges([.created(story)]).events.count == 1)
        #expect(CommitChanges([.keyRevoked]).events.count == 1)
    }

    @Test("A revoked key is told to other nodes as such")
    func revocation() {
        let changes = CommitChanges(CommitChanges([.keyRevoked]).text)
        #expect(changes.revokesKeys && !changes.mayBeAnything)
    }

    @Test(
        "What a newer program has written may be anything",
        arguments: ["renamed:00000000-0000-0001-0000-000000000002", "changed:nonsense", "all"])
    func unknown(text: String) {
        #expect(CommitChanges(text).mayBeAnything)
    }
}
