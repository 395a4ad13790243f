// SPDX-License-Identifier: Apache-2.0
import Database
import SQLite
import StoreSupport
import Stories
import Support
import Testing

@testable import SQLiteEngine
@testable import StoryTables

/// Values that this program never writes, but that a damaged or foreign database may contain.
@Suite("Damaged values")
struct DamagedValueTests {
    private static let columns = [
        "database_epoch.epoch", "database_epoch.session", "database_epoch.commits",
        "stories.epoch", "stories.seq", "stories.own_seq", "stories.links_seq", "stories.update_count",
        "stories.source_date", "stories.coverage_start", "stories.coverage_end", "stories.published_at",
        "stories.created_at", "stories.modified_at", "stories.closed_at", "stories.active_at",
        "updates.seq", "updates.first_seq", "updates.pinned", "updates.key_event", "updates.edited",
        "updates.occurred_at", "updates.published_at", "updates.created_at", "updates.modified_at",
        "updates.stricken_at", "drafts.epoch", "drafts.state", "drafts.publish_at", "drafts.created_at",
        "drafts.modified_at", "drafts.key", "updates.key", "reactions.count", "tombstones.seq",
        "tombstones.removed_at", "bin.key", "bin.seq", "bin.draft_epoch", "bin.published_at",
        "bin.publish_at",
        "bin.first_seq", "bin.removed_seq", "bin.created_at", "bin.modified_at", "bin.deleted_at",
        "links.position", "stored_responses.status", "stored_responses.created_at", "stored_responses.number",
        "renditions.form",
        "renditions.key", "revisions.seq", "revisions.modified_at", "audit.number", "audit.at", "audit.seq",
        "takedowns.member", "update_requests.member",
    ]

    private static let values = ["9223372036854775807", "-9223372036854775808", "-1"]

    @Test(
        "An impossible number is a value or an error to every method, and never crashes the process",
        arguments: columns)
    func extremes(column: String) async throws {
        for value in Self.values {
            let desk = try await DamagedDesk()
            try desk.damage(column, value)
            await desk.useAll()
        }
    }

    @Test("Overflow of a stored number is an error that names the column")
    func successor() {
        #expect(throws: StoryError.storage(.corrupt("stories.seq is 9223372036854775807"))) {
            try Int64.max.storedSuccessor("stories.seq")
        }
        #expect(throws: StoryError.self) { try (-1 as Int64).storedSuccessor("x") }
        #expect(throws: Never.self) { try (0 as Int64).storedSuccessor("x") }
    }
}

/// A store with content in all its tables.
private struct DamagedDesk {
    private let fixture: StoreFixture
    private let story: Story
    private let update: Update
    private let draft: Identifier
    /// Deleted updates, in the bin.
    private let gone: [Identifier]

    init() async throws {
        fixture = try StoreFixture()
        story = try await fixture.story()
        update = try await fixture.update(of: story)
        let store = fixture.store
        let deleted = try await fixture.update(of: story).id
        let deletedDraft = try await store.createUpdate(
            of: story.reference, .make { $0.state = .set(.draft) }, access: .admin
        ).value.id
        gone = [deleted, deletedDraft]
        _ = try await store.editUpdate(
            update.id, of: story.reference, .make(body: "B"), if: .none, access: .admin)
        for id in gone {
            try await store.deleteUpdate(id, of: story.reference, if: .none, access: .admin)
        }
        let request = WriteRequest(
            fingerprint: [1], key: IdempotencyKey(holder: .network("a"), value: "k"))
        draft = try await store.createUpdates(
            of: story.reference,
            [
                .make(body: "D") {
                    $0.publishAt = .set(Timestamp(milliseconds: 2_000_000_000_000))
                }
            ],
            idempotency: IdempotentWrite(request) { _ in StoredResponse(status: 201, headers: [], body: []) },
            access: .admin
        )[0]
        .value.id
        _ = try await store.react(
            .veryGood, to: update.id, of: story.reference, by: nil, idempotency: nil, access: .reader)
        _ = try await store.replaceLinks(
            .related, of: story.reference,
            with: [Link(title: "L", url: "https://example.org", story: nil, image: nil)],
            if: .none, access: .admin)
    }

    /// Writes a value into a column of every row, bypassing constraints.
    func damage(_ column: String, _ value: String) throws {
        let parts = column.split(separator: ".")
        let connection = try Connection(path: fixture.path, mode: .readWrite)
        try connection.execute("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF")
        try connection.execute("UPDATE OR IGNORE \(parts[0]) SET \(parts[1]) = \(value)")
    }

    /// Calls every method once, ignoring the results.
    func useAll() async {
        for store in [fixture.store, try? fixture.folder.store(fixture.clock)].compactMap(\.self) {
            await use(store)
        }
    }

    private func use(_ store: TableStore) async {
        let (reference, access) = (story.reference, Access.admin)
        _ = try? await store.stories(StoryListQuery(), access: access)
        _ = try? await store.story(reference, access: access)
        _ = try? await store.snapshot(of: reference, SnapshotQuery(), access: access)
        _ = try? await store.changes(
            of: reference, DeltaQuery(cursor: Version(epoch: 0, seq: 0), filter: UpdateFilter(), limit: 50),
            access: access)
        _ = try? await store.overview(of: reference, .page(SnapshotQuery()), access: access)
        _ = try? await store.storyIndex(StoryIndexQuery())
        _ = try? await store.update(update.id, of: reference, access: access)
        _ = try? await store.drafts(of: reference, limit: 10, before: nil, access: access)
        _ = try? await store.bin(of: reference, limit: 10, before: nil, access: access)
        _ = try? await store.revisions(of: update.id, of: reference, access: access)
        _ = try? await store.links(of: reference, access: access)
        _ = try? await store.reactions(of: reference, access: access)
        _ = try? await store.exportStory(reference, access: access)
        _ = try? await store.auditTrail(AuditQuery(), access: access)
        _ = try? await store.keys()
        for value in ["k", "new"] {
            let request = WriteRequest(
                fingerprint: [1], key: IdempotencyKey(holder: .network("a"), value: value))
            _ = try? await store.react(
                .veryGood, to: nil, of: reference, by: Visitor("v"),
                idempotency: IdempotentWrite(request) { _ in
                    StoredResponse(status: 200, headers: [], body: [])
                },
                access: .reader)
        }
        _ = try? await store.createUpdate(of: reference, .make(body: "N"), access: access)
        for id in [update.id, draft] {
            for state in [UpdateState.draft, .published] {
                var patch = UpdatePatch.make(body: "\(state)")
                patch.state = .set(state)
                _ = try? await store.editUpdate(id, of: reference, patch, if: .none, access: access)
            }
            _ = try? await store.strikeUpdate(
                id, of: reference, reason: "no", if: .none, idempotency: nil, access: access)
        }
        _ = try? await store.publishDueUpdates()
        for id in gone {
            _ = try? await store.revisions(of: id, of: reference, access: access)
            _ = try? await store.restoreUpdate(id, of: reference, if: .none, idempotency: nil, access: access)
            try? await store.deleteUpdate(id, of: reference, if: .none, access: access)
        }
        _ = try? await store.takeDownUpdate(
            gone[0], of: reference, reason: "no", if: .none, idempotency: nil, access: access)
        _ = try? await store.emptyBin(olderThan: BinTime(days: 0), atMost: 10)
        _ = try? await store.replaceLinks(.related, of: reference, with: [], if: .none, access: access)
        _ = try? await store.editStory(reference, .make(title: "New"), if: .none, access: access)
        _ = try? await store.takeDownUpdate(
            draft, of: reference, reason: "no", if: .none, idempotency: nil, access: access)
        try? await store.deleteUpdate(update.id, of: reference, if: .none, access: access)
        _ = try? SQLiteEngine.verify(fixture.path)
        _ = try? await store.deleteStory(reference, if: .none, access: access)
    }
}
