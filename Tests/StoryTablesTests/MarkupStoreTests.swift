// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import Support
import Testing

@testable import StoryTables

/// Rendering again after the renderer's form or origin changed.
@Suite("Re-rendered bodies", .onEveryEngine)
struct MarkupStoreTests {
    @Test("are rendered once, without a new number or an edited mark, even if they would be rejected now")
    func rendersOnce() async throws {
        let folder = try TemporaryFolder()
        func store(form: Int, origin: String, _ html: @escaping @Sendable (String) -> String) throws
            -> TableStore
        {
            let renderer = UpdateRenderer(
                form: form, origin: origin, html: { $0.map(html) },
                fault: { _, _ in form == 1 ? nil : .blank },
                rendition: { Array($0.bodyHtml.utf8) })
            return try TestEngine.current.store(
                in: folder,
                TestEngine.Options(renderer: renderer) { Timestamp(milliseconds: 1_795_000_000_000) })
        }
        let before = try store(form: 1, origin: "") { "old \($0)" }
        let story = try await before.createStory(.make(title: "Storm"), access: everything).value
        let made = try await before.createUpdates(
            of: story.reference, [.make(body: "one")], idempotency: nil, access: everything)[0]
        _ = try await before.rerenderBodies()

        let after = try store(form: 2, origin: "https://o") { "new \($0)" }
        #expect(try await after.rerenderBodies() == 1)
        #expect(try await after.rerenderBodies() == 0)
        let found = try await after.update(made.value.id, of: story.reference, access: everything)
        // The sequence number is unchanged, but the epoch is new, so that older tags and cursors are invalid.
        #expect(found.version.seq == made.version.seq && found.version.epoch != made.version.epoch)
        guard case .published(let update) = found.value else {
            Issue.record("a draft")
            return
        }
        #expect(update.bodyHtml == "new one" && !update.edited)
        #expect(try await store(form: 2, origin: "https://p") { $0 }.rerenderBodies() == 1)
    }
}
