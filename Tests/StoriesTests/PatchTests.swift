// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

@Suite("Patches and filters")
struct PatchTests {
    private static let time = ManualClock().now
    private static let later = Timestamp(milliseconds: time.milliseconds + 1)

    private static let story: StoryContent = {
        var story = StoryContent(title: "Title")
        story.summary = "Summary"
        story.section = ["Home"]
        story.byline = "Byline"
        story.keyPoints = ["Point"]
        story.tags = ["tag"]
        story.source = StorySource(name: "Source")
        (story.coverageStart, story.coverageEnd) = (time, later)
        story.ending = "Ending"
        return story
    }()

    @Test("change only the members of a story that they name")
    func storyMembers() throws {
        var content = Self.story
        try StoryPatch().apply(to: &content)
        #expect(content == Self.story)

        try StoryPatch.make(title: "New") {
            $0.summary = .set(nil)
            $0.tags = .set([])
            $0.status = .set(.closed)
            $0.source = .set(nil)
            $0.coverageEnd = .set(nil)
        }.apply(to: &content)
        var expected = Self.story
        (expected.title, expected.summary, expected.tags, expected.status) = ("New", nil, [], .closed)
        (expected.source, expected.coverageEnd) = (nil, nil)
        #expect(content == expected)
    }

    @Test("fill an empty story")
    func newStory() throws {
        var content = StoryContent(title: "")
        let whole = Self.story
        try StoryPatch.make(title: whole.title) {
            $0.summary = .set(whole.summary)
            $0.section = .set(whole.section)
            $0.byline = .set(whole.byline)
            $0.keyPoints = .set(whole.keyPoints)
            $0.tags = .set(whole.tags)
            $0.source = .set(whole.source)
            $0.coverageStart = .set(whole.coverageStart)
            $0.coverageEnd = .set(whole.coverageEnd)
            $0.ending = .set(whole.ending)
        }.apply(to: &content)
        #expect(content == whole)
    }

    @Test("that would end coverage before its start change nothing")
    func coverage() throws {
        var content = Self.story
        let patch = StoryPatch.make(title: "New") { $0.coverageStart = .set(Timestamp(milliseconds: .max)) }
        let fault = ValidationError("/coverageEnd", "must not be before coverageStart")
        #expect(throws: StoryError.invalid([fault])) { try patch.apply(to: &content) }
        #expect(content == Self.story)
        try StoryPatch.changing { $0.coverageStart = .set(Self.later) }.apply(to: &content)
        #expect(content.coverageStart == content.coverageEnd)
    }

    @Test("change only the members of an update that they name")
    func updateMembers() {
        let before = UpdateContent.make {
            $0.title = "Title"
            $0.sources = [UpdateSource(name: "Source")]
            $0.media = [Media(type: .link, url: "https://example.org")]
            $0.occurredAt = Self.time
        }
        var content = before
        UpdatePatch().apply(to: &content)
        #expect(content == before)

        UpdatePatch.make(body: "New") {
            $0.title = .set(nil)
            $0.author = .set("Author")
            $0.sources = .set([])
            $0.media = .set([])
            $0.tags = .set(["tag"])
            $0.pinned = .set(true)
            $0.keyEvent = .set(true)
            $0.occurredAt = .set(nil)
        }.apply(to: &content)
        let expected = UpdateContent.make(body: "New") {
            $0.author = "Author"
            $0.tags = ["tag"]
            ($0.pinned, $0.keyEvent) = (true, true)
        }
        #expect(content == expected)
    }

    @Test(
        "of visible members make an update read differently",
        arguments: [
            UpdatePatch.make(body: "Other"), .changing { $0.title = .set("Title") },
            .changing { $0.author = .set("Author") },
            .changing { $0.sources = .set([UpdateSource(name: "Source")]) },
            .changing { $0.media = .set([Media(type: .link, url: "https://example.org")]) },
            .changing { $0.occurredAt = .set(time) },
        ])
    func readsDifferently(patch: UpdatePatch) {
        let before = UpdateContent.make()
        var after = before
        patch.apply(to: &after)
        #expect(after.readsDifferently(from: before))
        #expect(!after.readsDifferently(from: after))
    }

    @Test(
        "of tags and flags do not make an update read differently",
        arguments: [
            UpdatePatch.changing { $0.tags = .set(["tag"]) }, .changing { $0.pinned = .set(true) },
            .changing { $0.keyEvent = .set(true) },
        ])
    func marks(patch: UpdatePatch) {
        let before = UpdateContent.make()
        var after = before
        patch.apply(to: &after)
        #expect(after != before)
        #expect(!after.readsDifferently(from: before))
    }

    @Test(
        "match updates by key event and tag",
        arguments: [
            (UpdateFilter(), false, [], true), (UpdateFilter(keyEventsOnly: true), false, [], false),
            (UpdateFilter(keyEventsOnly: true), true, [], true), (UpdateFilter(tag: "a"), true, ["b"], false),
            (UpdateFilter(tag: "a"), false, ["b", "a"], true), (UpdateFilter(tag: "a"), false, ["A"], true),
            (UpdateFilter(keyEventsOnly: true, tag: "a"), true, ["b"], false),
            (UpdateFilter(keyEventsOnly: true, tag: "a"), false, ["a"], false),
            (UpdateFilter(keyEventsOnly: true, tag: "a"), true, ["a"], true),
            (UpdateFilter(tag: "caf\u{E9}"), false, ["CAFE\u{301}"], true),
            (UpdateFilter(tag: " Straße"), false, ["STRASSE"], true),
            (UpdateFilter(tag: "strase"), false, ["Straße"], false),
        ] as [(UpdateFilter, Bool, [String], Bool)])
    func filters(filter: UpdateFilter, keyEvent: Bool, tags: [String], matches: Bool) {
        let content = UpdateContent.make { ($0.keyEvent, $0.tags) = (keyEvent, tags) }
        #expect(filter.matches(content) == matches)
    }

    @Test("match updates by author")
    func authors() {
        let filter = UpdateFilter(author: "Caf\u{E9}")
        for (author, matches) in [("Caf\u{E9}", true), ("Cafe\u{301}", false), (nil, false)] {
            #expect(filter.matches(UpdateContent.make { $0.author = author }) == matches)
        }
        #expect(filter != UpdateFilter(author: "Cafe\u{301}") && !filter.isOpen)
    }

    @Test("expose the sequence number of a change")
    func changeNumbers() {
        let removal = Removal(id: .make(1), seq: 7, reason: .deleted)
        #expect(FeedChange.remove(removal).seq == 7)
        #expect(FeedChange.links(LinkLists(), seq: 8).seq == 8)
    }
}
