// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization
import Testing

/// A server on sockets with a story, concurrent editors, and readers who follow it until the editors have finished.
final class NewsRoom: Sendable {
    private let folder: TemporaryFolder
    private let server: Server
    private let port: UInt16
    private let story: String
    /// Where updates move to and come back from.
    private let other: String
    private let random: SeededGenerator
    private let editors: Atomic<Int>
    private let isOver = Atomic<Bool>(false)
    /// The title that the story gets when all editors have finished.
    private static let lastTitle = "That was all"

    init(random: SeededGenerator, editors: Int = 4) async throws {
        self.random = random
        self.editors = Atomic(editors)
        folder = try TemporaryFolder()
        let api = folder.api(over: try folder.store())
        // Among all tests a task may not get its turn for a minute, after which its connection would be closed as idle.
        var limits = Limits()
        limits.idleTime = .seconds(600)
        server = Server(
            configuration: ServerConfiguration(port: 0, workers: 4, limits: limits), responder: api)
        port = try #require(try server.start().first?.port)
        story = try await api.newStory()
        other = try await api.newStory()
    }

    func stop() async {
        await server.stop(within: .seconds(5))
    }

    /// Returns the violated rules that `wireroom verify` finds in its database.
    func errors() throws -> [String] { try StoreRules.faults(in: TestEngine.current.database(in: folder)) }

    private func transport() -> Transport { HTTPClient(port: port).transport }

    /// Returns a separate generator for a task.
    private func random(_ number: Int) -> SeededGenerator {
        SeededGenerator(seed: random.seed &+ UInt64(number) &* 7_919)
    }

    // MARK: Editors

    /// Makes random edits; the last editor to finish sets the final title.
    func edit(times: Int, _ number: Int) async throws {
        var random = random(number)
        let transport = transport()
        let editors = RandomEditors(story: story, other: other, transport: transport)
        for _ in 0..<times { try await editors.edit(using: &random) }
        guard self.editors.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
        let end = JSONValue.object(["title": .string(Self.lastTitle), "status": .string("live")])
        let answer = try await transport("PATCH", "/stories/\(story)", end)
        #expect(answer.status == 200)
        isOver.store(true, ordering: .releasing)
    }

    // MARK: Readers

    func poll(_ filter: String, wait: Int) async throws {
        var poller = Poller(story: story, filter: filter, limit: 7, wait: wait, transport: transport())
        while !isOver.load(ordering: .acquiring) || poller.copy.story?["title"]?.string != Self.lastTitle {
            _ = try await poller.step()
        }
        while try await !poller.step() {}
        try await expectFresh(poller.copy, filter, "a poller that waits \(wait) s")
    }

    func stream(_ number: Int) async throws {
        var follower = StreamFollower(
            story: story, port: port, random: random(100 + number), transport: transport())
        let copy = try await follower.follow(until: Self.lastTitle)
        #expect(follower.cuts > 10)
        try await expectFresh(copy, "", "a stream after \(follower.cuts) cuts")
    }

    func pollConditionally(_ number: Int) async throws {
        var reader = ConditionalReader(story: story, port: port, random: random(200 + number))
        while !isOver.load(ordering: .acquiring) { try await reader.poll() }
        // Some polls are unconditional by chance, but not ten in a row.
        for _ in 0..<10 { try await reader.poll() }
        let fresh = try await transport()("GET", "/stories/\(story)/updates?limit=200", nil).body
        #expect(reader.snapshot["updates"] == fresh["updates"] && reader.snapshot["story"] == fresh["story"])
        #expect(reader.answers[304, default: 0] > 0 && reader.answers[200, default: 0] > 0)
    }

    private func expectFresh(_ held: FeedCopy, _ filter: String, _ who: String) async throws {
        var fresh = Poller(story: story, filter: filter, limit: 200, transport: transport())
        try await fresh.catchUp()
        let shown = fresh.copy
        #expect(held.story == shown.story, "\(who), filter \(filter), seed \(random.seed)")
        #expect(held.listed == shown.listed, "\(who), filter \(filter), seed \(random.seed)")
        #expect(held.links == shown.links, "\(who), filter \(filter), seed \(random.seed)")
    }
}
