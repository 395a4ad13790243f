// SPDX-License-Identifier: Apache-2.0
import Database
import StoreSupport
import Stories
import Support
import Testing

@testable import StoryTables

/// Whatever way an update goes, it has all that it had: compared by the columns of the tables, so that a new one is found, too.
@Suite("The columns of an update", .onEveryEngine)
struct UpdateColumnTests {
    private typealias Columns = [String: Value]

    private let fixture: StoreFixture
    private let story: Story

    init() async throws {
        fixture = try StoreFixture()
        story = try await fixture.story()
    }

    private static let page = "https://paper.example/storm"

    /// Every member, and an address that has a card.
    private static let everything: UpdatePatch = {
        var patch = UpdatePatch(MemberPatch { $0.form.sample })
        let picture = Media(
            type: .image, url: "https://paper.example/a.jpg", alt: "A bridge", width: 3, height: 2)
        patch.media = .set([picture, Media(type: .link, url: page)])
        return patch
    }()

    /// An update that was retracted, and then got a card.
    private func made() async throws -> Identifier {
        let update = try await fixture.store.createUpdate(
            of: story.reference, Self.everything, access: .editor)
        fixture.clock.advance()
        _ = try await fixture.store.strikeUpdate(
            update.value.id, of: story.reference, reason: "It is wrong.", if: .none, idempotency: nil,
            access: .editor)
        let claimed = try await fixture.store.claimCards(by: "test", limit: 1, leaseMilliseconds: 1_000)
        var text = CardText(url: Self.page)
        text.title = "Storm"
        try await fixture.store.keepCard(try #require(claimed.first), text)
        return update.value.id
    }

    private func edit(_ id: Identifier, _ change: (inout UpdatePatch) -> Void) async throws {
        fixture.clock.advance()
        _ = try await fixture.store.editUpdate(
            id, of: story.reference, .changing(change), if: .none, access: .editor)
    }

    private func throughBin(_ id: Identifier) async throws -> Columns {
        try await fixture.store.deleteUpdate(
            id, of: story.reference, intoBin: true, if: .none, access: .editor)
        let inBin = try onlyRow(of: "bin")
        fixture.clock.advance()
        _ = try await fixture.store.restoreUpdate(
            id, of: story.reference, if: .none, idempotency: nil, access: .editor)
        return inBin
    }

    private func rows(of table: String, in fixture: StoreFixture) throws -> [Columns] {
        let database = try #require(try fixture.database() as? any CopyableDatabase)
        let columns = try database.columns(of: table)
        let names = columns.map(\.name).joined(separator: ", ")
        return try database.rows("SELECT \(names) FROM \(table)") { row in
            Dictionary(uniqueKeysWithValues: zip(columns.map(\.name), row.values(columns.map(\.kind))))
        }
    }

    private func onlyRow(of table: String, in other: StoreFixture? = nil) throws -> Columns {
        let found = try rows(of: table, in: other ?? fixture)
        try #require(found.count == 1)
        return found[0]
    }

    /// The columns that both rows have, with other values.
    private func differences(_ one: Columns, _ other: Columns) -> [String] {
        one.keys.filter { other[$0] != nil && other[$0] != one[$0] }.sorted()
    }

    private func unset(_ columns: Columns) -> [String] {
        columns.filter { if case .null = $0.value { true } else { false } }.keys.sorted()
    }

    @Test("are kept by the bin of a published update; its number and time are new")
    func published() async throws {
        let id = try await made()
        let before = try onlyRow(of: "updates")
        #expect(unset(before) == [])
        let inBin = try await throughBin(id)
        #expect(differences(before, inBin) == [])
        #expect(before.keys.filter { inBin[$0] == nil } == ["cards"])
        let after = try onlyRow(of: "updates")
        #expect(differences(before, after) == ["edited_seq", "modified_at", "seq"])
    }

    @Test("are kept by the bin of a draft; its state and time are new")
    func draft() async throws {
        let id = try await made()
        let time = Timestamp(milliseconds: fixture.clock.now.milliseconds + 3_600_000)
        try await edit(id) {
            ($0.state, $0.publishAt, $0.notify) = (.set(.scheduled), .set(time), .set(true))
        }
        let before = try onlyRow(of: "drafts")
        #expect(unset(before) == [])
        let inBin = try await throughBin(id)
        #expect(differences(before, inBin) == [])
        let after = try onlyRow(of: "drafts")
        #expect(differences(before, after) == ["modified_at", "state"])
    }

    @Test("are kept by a withdrawal and a new publication; its number and times are new")
    func withdrawal() async throws {
        let id = try await made()
        let before = try onlyRow(of: "updates")
        try await edit(id) { $0.state = .set(.draft) }
        #expect(differences(before, try onlyRow(of: "drafts")) == ["modified_at"])
        try await edit(id) { $0.state = .set(.published) }
        let after = try onlyRow(of: "updates")
        #expect(differences(before, after) == ["edited_seq", "modified_at", "published_at", "seq"])
    }

    @Test("are kept by a move to another story and back; its story, numbers and time are new")
    func otherStory() async throws {
        let id = try await made()
        let published = try onlyRow(of: "updates")
        let other = try await fixture.story("Another story")
        fixture.clock.advance()
        _ = try await fixture.store.moveUpdates(
            [id], of: story.reference, to: .story(other.reference), idempotency: nil, access: .admin)
        let changes = Set(differences(published, try onlyRow(of: "updates")))
        #expect(changes.isSubset(of: ["story", "seq", "first_seq", "edited_seq", "modified_at"]))
        _ = try await fixture.store.editUpdate(
            id, of: other.reference,
            .changing { ($0.state, $0.notify) = (.set(.draft), .set(true)) }, if: .none, access: .editor)
        let draft = try onlyRow(of: "drafts")
        _ = try await fixture.store.moveUpdates(
            [id], of: other.reference, to: .story(story.reference), idempotency: nil, access: .admin)
        let moved = Set(differences(draft, try onlyRow(of: "drafts")))
        #expect(moved.isSubset(of: ["story", "first_seq", "removed_seq"]))
    }

    @Test(
        "are kept by an export and an import, with its id and times; its number is new, and its card is looked up again"
    )
    func export() async throws {
        _ = try await made()
        let document = try await fixture.store.exportStory(story.reference, access: .admin)
        let other = try StoreFixture()
        _ = try await other.store.importStory(document, idempotency: nil, access: .admin)
        let (before, after) = (try onlyRow(of: "updates"), try onlyRow(of: "updates", in: other))
        #expect(differences(before, after) == ["cards", "edited_seq", "seq"])
        #expect(try await other.store.waitingCards().count == 1)
    }

    @Test("are kept by a move to another database, and so is every other table")
    func move() async throws {
        let id = try await made()
        let other = try await fixture.store.createUpdate(
            of: story.reference, Self.everything, access: .editor)
        try await edit(other.value.id) { ($0.state, $0.notify) = (.set(.draft), .set(true)) }
        try await fixture.store.deleteUpdate(
            id, of: story.reference, intoBin: true, if: .none, access: .editor)
        let target = try StoreFixture()
        _ = target.store
        let source = try #require(try fixture.database() as? any CopyableDatabase)
        let copy = try #require(try target.database() as? any CopyableDatabase)
        _ = try TableCopy.copy(from: source, to: copy)
        for table in TableCopy.tables {
            let copied = try rows(of: table, in: target)
            #expect(Set(copied) == Set(try rows(of: table, in: fixture)), "\(table)")
        }
        #expect(try StoreRules.faults(in: target.database()) == [])
    }
}
