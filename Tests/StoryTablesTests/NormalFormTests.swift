// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// "é" can be written as one scalar or as two. Swift strings compare them as equal, but an edit from one to the other
/// changes the text.
@Suite("A change of only the normal form", .onEveryEngine)
struct NormalFormTests {
    private static let (composed, decomposed) = ("Caf\u{E9}", "Cafe\u{301}")

    @Test(
        "of a text of an update is one edit",
        arguments: [
            { $0.title = .set($1) }, { $0.body = .set($1) }, { $0.author = .set($1) },
            { $0.sources = .set([UpdateSource(name: $1)]) },
            { $0.media = .set([Media(type: .link, url: "https://example.org", alt: $1)]) },
        ] as [@Sendable (inout UpdatePatch, String) -> Void])
    func update(set: @Sendable (inout UpdatePatch, String) -> Void) async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story()
        let update = try await fixture.update(of: story) { set(&$0, Self.composed) }
        let edits = try await [Self.composed, Self.decomposed, Self.decomposed].asyncMap { text in
            try await fixture.store.editUpdate(
                update.id, of: story.reference, .changing { set(&$0, text) }, if: .none, access: .editor
            ).value.update
        }
        #expect(edits.map(\.seq) == [update.seq, update.seq + 1, update.seq + 1])
        #expect(edits.map(\.edited) == [false, true, true])
        #expect(edits[1].content != update.content)
    }

    @Test("of a text of a story takes one number")
    func story() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story(Self.composed)
        let edits = try await [Self.composed, Self.decomposed, Self.decomposed].asyncMap { title in
            try await fixture.store.editStory(
                story.reference, .changing { $0.title = .set(title) }, if: .none, access: .editor
            ).value
        }
        #expect(edits.map(\.seq) == [story.seq, story.seq + 1, story.seq + 1])
        #expect(Array(edits[2].content.title.utf8) == Array(Self.decomposed.utf8))
    }

    @Test("of a link takes one number")
    func links() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story()
        let versions = try await [Self.composed, Self.decomposed, Self.decomposed].asyncMap { title in
            try await fixture.store.replaceLinks(
                .related, of: story.reference, with: [Link(title: title)], if: .none, access: .editor
            ).version.seq
        }
        #expect(versions == [story.seq + 1, story.seq + 2, story.seq + 2])
    }

    @Test("of a tag changes nothing, because tags are stored composed")
    func tags() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story()
        let update = try await fixture.update(of: story) { $0.tags = .set([Self.composed]) }
        let edited = try await fixture.store.editUpdate(
            update.id, of: story.reference, .changing { $0.tags = .set([Self.decomposed]) }, if: .none,
            access: .editor)
        #expect(try edited.value.update.seq == update.seq)
    }
}

extension Array where Element: Sendable {
    fileprivate func asyncMap<Result: Sendable>(
        _ transform: (Element) async throws -> Result
    ) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
