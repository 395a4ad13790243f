// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// The incidents of all stories, read in one transaction.
@Suite("Incidents in the store", .onEveryEngine)
struct IncidentStoreTests {
    private func incident(
        _ fixture: StoreFixture, _ title: String, _ status: StoryStatus = .live, tags: [String] = ["incident"]
    ) async throws -> Story {
        fixture.clock.advance()
        return try await fixture.story(title, status: status) { $0.tags = .set(tags) }
    }

    private func titles(_ list: IncidentList) -> [String] { list.incidents.map(\.story.content.title) }

    @Test("Stories with the tag that readers see are listed, newest first, whatever their activity")
    func listed() async throws {
        let fixture = try StoreFixture()
        let empty = try await fixture.store.incidents(knowing: [:])
        #expect(empty.incidents.isEmpty && empty.createdAt.milliseconds > 0)
        let first = try await incident(fixture, "first", tags: ["x", "INCIDENT"])
        let draft = try await incident(fixture, "draft", .draft)
        _ = try await incident(fixture, "closed", .closed, tags: ["Incident "])
        _ = try await incident(fixture, "other", tags: ["incidents", "an incident", #"a"incident"#])
        try await fixture.update(of: first)
        #expect(try await titles(fixture.store.incidents(knowing: [:])) == ["closed", "first"])
        fixture.clock.advance()
        _ = try await fixture.store.editStory(
            draft.reference, .changing { $0.status = .set(.live) }, if: .none, access: .admin)
        #expect(
            try await titles(fixture.store.incidents(knowing: [:])) == ["draft", "closed", "first"],
            "by when readers could first see them")
    }

    @Test("The latest fifty are listed, and of those that are not closed the latest fifty as well")
    func bounded() async throws {
        let fixture = try StoreFixture()
        _ = try await incident(fixture, "old and closed", .closed)
        _ = try await incident(fixture, "old")
        for number in 1...Limits.incidents { _ = try await incident(fixture, "\(number)", .closed) }
        let latest = (1...Limits.incidents).reversed().map { "\($0)" }
        #expect(try await titles(fixture.store.incidents(knowing: [:])) == latest + ["old"])
        for number in 1...Limits.incidents { _ = try await incident(fixture, "live \(number)") }
        let live = (1...Limits.incidents).reversed().map { "live \($0)" }
        #expect(try await titles(fixture.store.incidents(knowing: [:])) == live)
    }

    @Test("The history of a known version is not read again, until anything of the story changes")
    func known() async throws {
        let fixture = try StoreFixture()
        let (one, two) = (try await incident(fixture, "one"), try await incident(fixture, "two"))
        let update = try await fixture.update(of: one)
        let list = try await fixture.store.incidents(knowing: [:])
        #expect(list.incidents.allSatisfy { $0.history != nil })
        let known = Dictionary(uniqueKeysWithValues: list.incidents.map { ($0.story.id, $0.version) })
        let same = try await fixture.store.incidents(knowing: known).incidents
        #expect(same.map(\.version) == list.incidents.map(\.version))
        #expect(same.allSatisfy { $0.history == nil })
        _ = try await fixture.store.deleteUpdate(update.id, of: one.reference, if: .none, access: .admin)
        let next = try await fixture.store.incidents(knowing: known).incidents
        #expect(next.map(\.story.id) == [two.id, one.id])
        #expect(next.map { $0.history?.entries.count } == [nil, 0])
    }

    @Test("The latest fifty updates are read, and what earlier ones reported that are not retracted")
    func history() async throws {
        let fixture = try StoreFixture()
        let story = try await incident(fixture, "long")
        var updates: [Update] = []
        for tags in [["identified"], ["MONITORING"], ["monitoring"], ["resolved"]] {
            updates.append(try await fixture.update(of: story) { $0.tags = .set(tags) })
        }
        for number in 1...Limits.incidentUpdates {
            try await fixture.update(of: story, body: "\(number)")
        }
        for retracted in [updates[2], updates[3]] {
            _ = try await fixture.store.strikeUpdate(
                retracted.id, of: story.reference, reason: "Wrong", if: .none, idempotency: nil,
                access: .admin)
        }
        let history = try #require(
            try await fixture.store.incidents(knowing: [:]).incidents.first?.history)
        let bodies = (1...Limits.incidentUpdates).reversed().map { "\($0)" }
        #expect(history.entries.map(\.update.content.body) == bodies)
        #expect(history.last?.update == updates[1].id && history.last?.status == .monitoring)
        #expect(history.entries.allSatisfy { $0.status == .monitoring })
    }

    @Test("Of large updates fewer are read, but at least one")
    func large() async throws {
        let fixture = try StoreFixture()
        let story = try await incident(fixture, "large")
        let body = String(repeating: "x", count: Limits.updateBodyBytes)
        for number in 1...6 {
            try await fixture.update(of: story, body: body) {
                $0.tags = .set(number == 1 ? ["resolved"] : [])
            }
        }
        let history = try #require(
            try await fixture.store.incidents(knowing: [:]).incidents.first?.history)
        #expect((1..<6).contains(history.entries.count))
        #expect(history.last?.status == .resolved)
    }
}
