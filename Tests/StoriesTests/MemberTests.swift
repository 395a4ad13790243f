// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import Stories

@Suite("The members of records")
struct MemberTests {
    /// Two normal forms of a text that looks the same.
    private static let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")

    private func expectAllListed<Record: MemberRecord>(_ record: Record) {
        let stored = Mirror(reflecting: record).children.compactMap(\.label)
        #expect(stored == Record.members.map(\.field.name), "\(Record.self)")
    }

    @Test("are all listed, in declaration order")
    func listed() {
        expectAllListed(UpdateContent.blank)
        expectAllListed(UpdateSource.blank)
        expectAllListed(Media.blank)
        expectAllListed(MediaFocus.blank)
        expectAllListed(StoryImage.blank)
        expectAllListed(StoryContent.blank)
        expectAllListed(StorySource.blank)
        expectAllListed(Link.blank)
        expectAllListed(CardText.blank)
    }

    /// Sets each text of a record to both normal forms and expects them to differ.
    private func expectFormsTold<Record: MemberRecord>(apart record: Record) -> Int {
        let texts = Record.members.filter { member in
            var changed = record
            member.set(.text(Self.composed), of: &changed)
            return changed != record
        }
        for member in texts {
            var (left, right) = (record, record)
            member.set(.text(Self.composed), of: &left)
            member.set(.text(Self.decomposed), of: &right)
            #expect(left != right && left == left, "\(Record.self).\(member.field.name)")
            #expect(Set([left, right, left]).count == 2, "\(Record.self).\(member.field.name)")
        }
        return texts.count
    }

    @Test("are compared and hashed by the bytes of their texts")
    func normalForms() {
        #expect(Self.composed == Self.decomposed)
        #expect(expectFormsTold(apart: UpdateContent(body: "Body")) == 4)
        #expect(expectFormsTold(apart: UpdateSource(name: "Name")) == 2)
        #expect(expectFormsTold(apart: Media(type: .link, url: "https://example.org")) == 5)
        #expect(expectFormsTold(apart: StoryImage(url: "https://example.org")) == 5)
        #expect(expectFormsTold(apart: StoryContent(title: "Title")) == 6)
        #expect(expectFormsTold(apart: StorySource(name: "Name")) == 2)
        #expect(expectFormsTold(apart: Link(title: "Title")) == 3)
    }

    @Test("are compared by their bytes within lists and objects, too")
    func nested() {
        let texts = [Self.composed, Self.decomposed]
        let tagged = texts.map { text in UpdateContent.make { $0.tags = [text] } }
        #expect(tagged[0] != tagged[1])
        #expect(!tagged[0].readsDifferently(from: tagged[1]))
        let sourced = texts.map { text in UpdateContent.make { $0.sources = [UpdateSource(name: text)] } }
        #expect(sourced[0] != sourced[1])
        #expect(sourced[0].readsDifferently(from: sourced[1]))
        let stories = texts.map { text in
            var story = StoryContent(title: "Title")
            story.source = StorySource(name: text)
            return story
        }
        #expect(stories[0] != stories[1])
    }

    @Test("of a patch are named in declaration order")
    func names() {
        let update = UpdatePatch.changing {
            ($0.publishAt, $0.state, $0.occurredAt, $0.title) = (
                .set(nil), .set(.draft), .set(nil), .set("Title")
            )
        }
        #expect(update.memberNames == ["title", "occurredAt", "state", "publishAt"])
        let story = StoryPatch.changing {
            ($0.coverageEnd, $0.source, $0.slug) = (.set(nil), .set(nil), .set(Slug(stored: "slug")))
        }
        #expect(story.memberNames == ["slug", "source", "coverageEnd"])
    }

    @Test("of a patch read back as they were set")
    func fields() {
        var patch = UpdatePatch.changing { ($0.title, $0.tags) = (.set(nil), .set(["tag"])) }
        guard case .set(nil) = patch.title, case .set(["tag"]) = patch.tags, case .unchanged = patch.body
        else {
            Issue.record("\(patch)")
            return
        }
        patch.title = .unchanged
        #expect(patch.memberNames == ["tags"])
    }

    /// A patch of some members of the story's source.
    private func patch(name: String? = nil, url: String? = nil) -> StoryPatch {
        let parts: [MemberValue?] = [name.map(MemberValue.text), url.map(MemberValue.text), nil]
        return StoryPatch(MemberPatch { $0.name == "source" ? .object(parts) : nil })
    }

    @Test("of an object are merged into the existing object")
    func merge() throws {
        var content = StoryContent(title: "Title")
        content.source = StorySource(name: "Name", date: ManualClock().now)
        try patch(url: "https://example.org").apply(to: &content)
        #expect(
            content.source
                == StorySource(name: "Name", url: "https://example.org", date: ManualClock().now))
    }

    @Test("of a missing object create one, and its required members are enforced")
    func newObject() throws {
        var content = StoryContent(title: "Title")
        #expect(throws: StoryError.invalid([ValidationError("/source/name", "is required")])) {
            try patch(url: "https://example.org").apply(to: &content)
        }
        #expect(content.source == nil)
        try patch(name: "Name").apply(to: &content)
        #expect(content.source == StorySource(name: "Name"))
    }

    @Test("ignore values of another type")
    func otherForms() {
        for member in UpdateContent.members {
            var content = UpdateContent.make { ($0.title, $0.pinned) = ("Title", true) }
            member.set(.identifier(.make(1)), of: &content)
            #expect(content == .make { ($0.title, $0.pinned) = ("Title", true) }, "\(member.field.name)")
        }
    }
}
