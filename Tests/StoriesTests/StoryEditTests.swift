// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

/// Effects of writes on a story, without a store.
@Suite("Edits of stories")
struct StoryEditTests {
    private let now = Timestamp(milliseconds: 1_795_000_000_000)
    private var later: Timestamp { Timestamp(milliseconds: now.milliseconds + 60_000) }

    private func story(_ status: StoryStatus = .live, slug: String = "harbour") throws -> Story {
        var content = StoryContent(title: "Harbour")
        content.status = status
        return Story(new: .make(1), slug: try #require(Slug(slug)), content: content, at: now)
    }

    private func content(_ status: StoryStatus) -> StoryContent {
        var content = StoryContent(title: "Harbour")
        content.status = status
        return content
    }

    @Test("A new story is published unless it is a draft; one created closed has a closing time")
    func new() throws {
        #expect(try story(.draft).publishedAt == nil)
        #expect(try story().publishedAt == now)
        #expect(try story().closedAt == nil)
        #expect(try story(.closed).closedAt == now)
        #expect(try story().seq == 1)
        #expect(throws: StoryError.invalid([ValidationError("/title", "is required")])) {
            try StoryPatch().newContent()
        }
    }

    @Test("Publication and closing times survive later edits")
    func times() throws {
        let draft = try story(.draft)
        let live = draft.replaced(slug: draft.slug, content: content(.live), seq: 2, at: later)
        #expect(live.publishedAt == later && live.seq == 2 && live.modifiedAt == later)
        let hidden = live.replaced(slug: live.slug, content: content(.draft), seq: 3, at: later)
        #expect(hidden.publishedAt == later && hidden.isHidden)
        let closed = live.replaced(slug: live.slug, content: content(.closed), seq: 3, at: later)
        #expect(closed.closedAt == later)
        let after = Timestamp(milliseconds: later.milliseconds + 1)
        #expect(
            closed.replaced(slug: closed.slug, content: content(.closed), seq: 4, at: after).closedAt == later
        )
        #expect(
            closed.replaced(slug: closed.slug, content: content(.live), seq: 4, at: after).closedAt == nil)
    }

    @Test("With a clock set back, no time precedes the story's creation")
    func clock() throws {
        let changed = try story(.draft).replaced(
            slug: try #require(Slug("port")), content: content(.live), seq: 2, at: Timestamp(milliseconds: 0))
        #expect(changed.publishedAt == now && changed.modifiedAt == now)
    }

    @Test("A story differs by its slug, or by a byte of its content")
    func differs() throws {
        let story = try story()
        #expect(!story.differs(from: story.slug, story.content))
        #expect(story.differs(from: try #require(Slug("port")), story.content))
        var other = story.content
        other.byline = "A"
        #expect(story.differs(from: story.slug, other))
    }

    // MARK: Access

    @Test("Only unbound keys choose slugs")
    func slugs() throws {
        let (story, port) = (try story(), try #require(Slug("port")))
        let patch = StoryPatch.changing { $0.slug = .set(port) }
        #expect(try patch.newSlug(of: story, for: .editor) == port)
        #expect(throws: StoryError.self) { try patch.newSlug(of: story, for: .editor(of: .make(1))) }
        let same = StoryPatch.changing { $0.slug = .set(story.slug) }
        #expect(try same.newSlug(of: story, for: .editor(of: .make(1))) == nil)
        #expect(try StoryPatch().newSlug(of: story, for: .reader) == nil)
    }

    @Test("Replacing a hidden story is refused exactly like creating one")
    func replacement() throws {
        let bound = Access.editor(of: .make(2))
        let creation = try #require(throws: StoryError.self) { try bound.requireCreation() }
        let hidden = try story(.draft)
        #expect(throws: creation) { try bound.requireReplacement(of: hidden) }
        let shown = try story()
        #expect(throws: StoryError.forbidden("this key is bound to other stories")) {
            try bound.requireReplacement(of: shown)
        }
        try Access.editor(of: .make(1)).requireReplacement(of: hidden)
    }

    @Test("Readers cannot list drafts")
    func lists() {
        #expect(!Access.reader.mayList(StoryListQuery(status: .draft)))
        #expect(Access.reader.mayList(StoryListQuery()))
        #expect(Access.editor(of: .make(1)).mayList(StoryListQuery(status: .draft)))
    }

    // MARK: Slugs

    @Test("Only a former slug of the story can be freed")
    func former() throws {
        let names = StoryNames(
            id: .make(1), slug: try #require(Slug("harbour")), formerSlugs: [try #require(Slug("port"))])
        try names.requireFormer(try #require(Slug("port")))
        #expect(throws: StoryError.notFound(.slug)) { try names.requireFormer(try #require(Slug("dock"))) }
        let error = #expect(throws: StoryError.self) { try names.requireFormer(names.slug) }
        guard case .invalid(let errors)? = error else { throw Unexpected() }
        #expect(errors.map(\.pointer) == ["/slug"])
    }

    @Test(
        "The next free number takes few lookups, however many stories share the title",
        arguments: [0, 1, 2, 9, 1_000])
    func numbers(known count: Int) throws {
        let names = ["harbour"] + (2...1_001).map { "harbour-\($0)" }
        let known = Set(names.prefix(count))
        var looks = 0
        let free = try Slug.free(title: "Harbour") { slug throws(StoryError) in
            looks += 1
            return known.contains(slug.text)
        }
        #expect(free.text == names[count])
        #expect(looks <= 24)
        #expect(try Slug.free(title: "…") { _ in false }.text == "story")
    }

    // MARK: Links

    @Test("A link to a story the caller cannot see is a bare title")
    func hiddenLinks() {
        let link = Link(title: "A", story: .make(1))
        #expect(link.asSeen(by: .reader, status: .live) == link)
        #expect(link.asSeen(by: .reader, status: .draft).story == nil)
        #expect(link.asSeen(by: .reader, status: nil).story == nil)
        #expect(link.asSeen(by: .editor(of: .make(2)), status: .draft).story == nil)
        #expect(link.asSeen(by: .editor(of: .make(1)), status: .draft) == link)
    }

    @Test("Repeating a link with a hidden target keeps the target")
    func keepsTargets() {
        let hidden = Link(title: "A", story: .make(1))
        let (bare, own) = (Link(title: "A"), Link(title: "B", story: .make(2)))
        #expect([own, bare].keepingHiddenTargets(seen: [bare], all: [hidden]) == [own, hidden])
        #expect([bare].keepingHiddenTargets(seen: [own], all: [own]) == [bare])
    }

    @Test("Links may target stories that the caller sees, or earlier targets of the list")
    func targets() throws {
        let links = [Link(title: "A", story: .make(1)), Link(title: "B", story: .make(2)), Link(title: "C")]
        try links.requireTargets(before: [Link(title: "A", story: .make(1))]) { $0 == .make(2) }
        #expect(throws: StoryError.invalid([ValidationError("/0/story", "does not name an existing story")]))
        {
            try links.requireTargets(before: []) { $0 == .make(2) }
        }
    }
}

private struct Unexpected: Error {}
