// SPDX-License-Identifier: Apache-2.0
import Database
import Foundation
import SQLite
import StoreSupport
import Stories
import Support
import Testing

@testable import SQLiteEngine
@testable import StoryTables

@Suite("Verification")
struct VerificationTests {
    /// A database with content in each table that has a rule.
    private static func database() async throws -> StoreFixture {
        let fixture = try StoreFixture()
        let story = try await fixture.story("Harbour")
        let asset = try await fixture.store.addMedia(.make(1), idempotency: nil, access: .editor)
        let first = try await fixture.update(of: story) {
            ($0.tags, $0.media) = (.set(["sea", "storm"]), .set([.image(asset)]))
        }
        let second = try await fixture.update(of: story)
        let gone = try await fixture.update(of: story)
        let store = fixture.store
        _ = try await store.editUpdate(
            first.id, of: story.reference, .make(body: "Edited."), if: .none, access: .editor)
        _ = try await store.react(
            .veryGood, to: second.id, of: story.reference, by: Visitor("somebody"), idempotency: nil,
            access: .reader)
        try await store.deleteUpdate(gone.id, of: story.reference, if: .none, access: .editor)
        return fixture
    }

    @Test("finds nothing in a database written only by the server")
    func finds() async throws {
        let fixture = try await Self.database()
        let report = try SQLiteEngine.verify(fixture.path)
        #expect(report.errors == [])
        #expect(report.contents.stories == 1)
        #expect(report.contents.updates == 2)
        #expect(report.contents.binned == 1)
        #expect(report.schema.applied == report.schema.known)
    }

    @Test(
        "finds each broken rule, and says where",
        arguments: [
            ("UPDATE stories SET seq = seq + 1", "story harbour: its number is not that of its last change"),
            ("DELETE FROM tombstones", "story harbour: its number is not that of its last change"),
            ("UPDATE stories SET own_seq = 3", "story harbour: a number was given twice: 3"),
            ("UPDATE updates SET first_seq = 99", "CHECK constraint failed in updates"),
            (
                "UPDATE stories SET update_count = 3",
                "story harbour: it does not have as many updates as it says: 3"
            ),
            (
                "UPDATE stories SET closed_at = 7",
                "story harbour: the time of its closing does not fit its status: live"
            ),
            (
                "INSERT INTO tombstones (story, seq, id, reason) SELECT story, 99, id, 'deleted' FROM updates LIMIT 1",
                "story harbour: an update is there and removed: "
            ),
            (
                """
                INSERT INTO drafts (key, story, id, epoch, state, body, body_html, sources, media, tags, pinned,
                    key_event, edited, created_at, modified_at)
                SELECT key, story, id, 0, 0, body, body_html, sources, media, tags, pinned, key_event, edited,
                    created_at, modified_at FROM updates
                """, "story harbour: a draft is published too: "
            ),
            (
                "UPDATE bin SET key = (SELECT key FROM updates LIMIT 1)",
                "story harbour: a deleted update is there too: "
            ),
            (
                "INSERT INTO takedowns (update_id, story, at) SELECT id, x'00', 0 FROM bin",
                "story harbour: a deleted update was taken down, and is kept: "
            ),
            ("UPDATE bin SET removed_seq = 1", "story harbour: readers were not told of a deletion: "),
            (
                "INSERT INTO former_slugs VALUES ('harbour', NULL, 5)",
                "story harbour: its slug is also kept as a former one: 5"
            ),
            ("DELETE FROM update_tags", "story harbour: an update cannot be found by its tags: "),
            (
                "INSERT INTO renditions VALUES ((1 << 32) | 77, 1, x'00')",
                "story harbour: what readers were sent of an update is kept without it: 77"
            ),
            (
                "UPDATE revisions SET update_key = 99",
                "story harbour: former states are kept of no update: 99"
            ),
            (
                "UPDATE reactions SET count = 0",
                "story harbour: more visitors than reactions are counted: veryGood"
            ),
            (
                "DELETE FROM media_assets",
                "story harbour: a picture in use is not there: /media/00000000-0000-8000-8000-000000000001"
            ),
            ("DELETE FROM media_uses", "story harbour: the use of a picture is not recorded: /media/"),
            (
                "UPDATE updates SET media = '[]'",
                "story harbour: a use of a picture is recorded that is none: /media/"
            ),
            (
                "UPDATE media_assets SET variants = '[]'",
                "media asset 00000000-0000-8000-8000-000000000001: its files are not listed as they have to be"
            ),
            (
                "UPDATE media_uses SET story = 9",
                "a row of media_uses refers to one that is not there"
            ),
            ("DELETE FROM stories", "a row of updates refers to one that is not there"),
        ])
    func findsBreaches(damage: String, fault: String) async throws {
        let fixture = try await Self.database()
        try Connection(path: fixture.path, mode: .readWrite).execute(
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; " + damage)
        let errors = try SQLiteEngine.verify(fixture.path).errors
        #expect(errors.contains { $0.hasPrefix(fault) }, "\(errors)")
    }
}
