// SPDX-License-Identifier: Apache-2.0
import HTTP
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

@testable import API
@testable import Live

@Suite("Channels after external writes")
struct StaleChannelTests {
    @Test(
        "A write that is heard of while the store is read leaves the channel stale, as the read may not have seen it"
    )
    func duringRead() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.store()
        let story = StoryReference.id(try #require(Identifier(try await folder.api(over: store).newStory())))
        let read = try await store.story(story, access: ChannelHub.everything)
        let channel = StoryChannel(
            read, encoder: JSONFeedEncoder(), interval: PollInterval(), load: 0, at: .now, time: store.time)
        #expect(!channel.isStale)
        channel.markStale()
        var seen = channel.externalWrites
        channel.markStale()
        channel.revalidate(read, [], after: read.story.seq, seen: seen, readAt: .now)
        #expect(channel.isStale)
        #expect(channel.hasNews(after: channel.version, UpdateFilter(), access: .reader) == nil)
        seen = channel.externalWrites
        channel.revalidate(read, [], after: read.story.seq, seen: seen, readAt: .now)
        #expect(!channel.isStale)
    }

    @Test(
        "While external writes follow one another, what was just read is streamed, and nothing that was read earlier"
    )
    func streamed() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.store()
        let story = StoryReference.id(try #require(Identifier(try await folder.api(over: store).newStory())))
        let before = try await store.story(story, access: ChannelHub.everything)
        let cursor = Version(epoch: before.version.epoch, seq: before.story.seq)
        _ = try await store.post("New", to: story)
        let read = try await store.story(story, access: ChannelHub.everything)
        let changes = try await store.changes(
            of: story, DeltaQuery(cursor: cursor), access: ChannelHub.everything
        ).changes
        let start = Instant.now
        try await Task.sleep(for: .milliseconds(100))
        for isRecent in [true, false] {
            let channel = StoryChannel(
                before, encoder: JSONFeedEncoder(), interval: PollInterval(), load: 0,
                at: start, time: store.time)
            channel.markStale()
            if case .nothing = channel.frames(after: cursor, UpdateFilter(), access: .reader) {
            } else {
                Issue.record("frames before the channel is revalidated")
            }
            let seen = channel.externalWrites
            channel.markStale()
            channel.revalidate(
                read, changes, after: cursor.seq, seen: seen, readAt: isRecent ? .now + .seconds(10) : start)
            var hasFrames = false
            if case .frames = channel.frames(after: cursor, UpdateFilter(), access: .reader) {
                hasFrames = true
            }
            #expect(hasFrames == isRecent)
        }
    }
}
