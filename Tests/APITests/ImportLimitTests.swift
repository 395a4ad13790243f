// SPDX-License-Identifier: Apache-2.0
import API
import SQLiteEngine
import Stories
import StoryTables
import Support
import Testing

@Suite("Imports at their limits")
struct ImportLimitTests {
    private static func export(updates: Int, pinned: Int = 0) -> [UInt8] {
        var document = StoryDocument(content: StoryContent(title: "A story"))
        document.updates = (0..<updates).map { index in
            var content = UpdateContent(body: "a")
            content.pinned = index < pinned
            return .init(content: content)
        }
        return document.json()
    }

    private static func page(updates: Int) -> [UInt8] {
        Array(("A story\n" + String(repeating: "___\na\n", count: updates)).utf8)
    }

    @Test("An import has at most 50,000 updates, in either format")
    func updates() throws {
        #expect(try StoryDocument.read(Self.page(updates: 50_000), as: .page).report.updates == 50_000)
        #expect(try StoryDocument.read(Self.export(updates: 50_000), as: .json).report.updates == 50_000)
        let detail = "must hold at most 50000 updates, not 50001"
        let inPage = ValidationError("", "breaks a rule in line 100003: the page \(detail)")
        #expect(throws: StoryDocumentError.invalid([inPage])) {
            try StoryDocument.read(Self.page(updates: 50_001), as: .page)
        }
        #expect(throws: StoryDocumentError.invalid([ValidationError("/updates", detail)])) {
            try StoryDocument.read(Self.export(updates: 50_001), as: .json)
        }
    }

    @Test("An import has at most 20 pinned updates")
    func pins() throws {
        _ = try StoryDocument.read(Self.export(updates: 30, pinned: 20), as: .json)
        #expect(
            throws: StoryDocumentError.invalid([
                ValidationError("/updates/20/pinned", "a story can have 20 pinned updates, not 21")
            ])
        ) {
            try StoryDocument.read(Self.export(updates: 30, pinned: 21), as: .json)
        }
    }

    @Test("A live page is imported even if its lines are nothing but Markdown markers")
    func pageOfMarkers() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.store()
        let lines = [">", "- ", "1. ", "![", "> - "].map { String(repeating: $0, count: 5_000) }
        let page = "A story\n___\n" + lines.joined(separator: "\n___\n")
        let document = try StoryDocument.read(Array(page.utf8), as: .page).document
        let story = try await store.importStory(document, access: .admin).story.value
        #expect(story.updateCount == lines.count)
    }

    @Test("Every body whose HTML is too large is reported, in a batch and in an import")
    func renderedSize() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.store()
        let story = try await store.createStory(.make(), access: .admin).value.id
        // 16 nested quotes around each word.
        let large = String(repeating: String(repeating: "> ", count: 16) + "a\n\n", count: 1_800)
        let patches = [UpdatePatch.make(body: large), .make(), .make(body: large)]
        #expect(patches.flatMap { $0.errors() }.isEmpty)
        let inBatch = await errors {
            _ = try await store.createUpdates(of: .id(story), patches, idempotency: nil, access: .admin)
        }
        #expect(inBatch.map(\.pointer) == ["/0/body", "/2/body"])
        #expect(inBatch.first?.detail.contains("must be at most 262144 bytes long as HTML") == true)
        var document = StoryDocument(content: StoryContent(title: "A story"))
        document.updates = ["a", large].map { .init(content: UpdateContent(body: $0)) }
        let inDocument = await errors { [document] in
            _ = try await store.importStory(document, access: .admin)
        }
        #expect(inDocument.map(\.pointer) == ["/updates/1/body"])
    }

    private func errors(_ body: () async throws -> Void) async -> [ValidationError] {
        do {
            try await body()
        } catch StoryError.invalid(let errors) {
            return errors
        } catch {
            Issue.record(error)
        }
        return []
    }
}
