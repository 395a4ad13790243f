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
        channel.revalidate(read, [], after: read.story.seq, seen: seen)
        #expect(channel.isStale)
        #expect(channel.hasNews(after: channel.version, UpdateFilter(), access: .reader) == nil)
        seen = channel.externalWrites
        channel.revalidate(read, [], after: read.story.seq, seen: seen)
        #expect(!channel.isStale)
    }
}
