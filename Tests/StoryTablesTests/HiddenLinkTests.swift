// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

@Suite("Links to a hidden story", .onEveryEngine)
struct HiddenLinkTests {
    private let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
    }

    /// A live story with a link to another story of the given status.
    private func linked(to status: StoryStatus) async throws -> (story: Story, target: Story) {
        let (story, target) = (try await fixture.story(), try await fixture.story(status: status))
        try await replace(of: story, with: [Link(title: "t", story: target.id)], .admin)
        return (story, target)
    }

    private func replace(of story: Story, with links: [Link], _ access: Access) async throws {
        _ = try await fixture.store.replaceLinks(
            .related, of: story.reference, with: links, if: .none, access: access)
    }

    private func links(of story: Story, _ access: Access) async throws -> [Link] {
        try await fixture.store.links(of: story.reference, access: access).value[.related]
    }

    private func setStatus(_ status: StoryStatus, of story: Story) async throws {
        let patch = StoryPatch.make { $0.status = .set(status) }
        _ = try await fixture.store.editStory(story.reference, patch, if: .none, access: .admin)
    }

    @Test("show its id only to those who may see it, and to others just the title")
    func ids() async throws {
        let (story, target) = try await linked(to: .draft)
        for access in [Access.reader, .editor(of: story.id)] {
            #expect(try await links(of: story, access) == [Link(title: "t")])
        }
        for access in [Access.admin, .editor(of: target.id)] {
            #expect(try await links(of: story, access) == [Link(title: "t", story: target.id)])
        }
        let change = try await fixture.changes(of: story, after: 1).changes.last
        guard case .links(let lists, _)? = change else { return #expect(Bool(false), "no links") }
        #expect(lists[.related] == [Link(title: "t")])
    }

    @Test("are changes of the linking story when the target is published or hidden")
    func changes() async throws {
        let (story, target) = try await linked(to: .draft)
        for (status, id) in [(StoryStatus.live, target.id), (.closed, target.id), (.draft, nil)] {
            let before = try await fixture.snapshot(of: story).cursor.seq
            try await setStatus(status, of: target)
            let delta = try await fixture.changes(of: story, after: before)
            // A live and a closed story are equally visible to readers.
            if status == .closed {
                #expect(delta.changes.isEmpty)
                continue
            }
            guard case .links(let lists, _)? = delta.changes.first else {
                return #expect(Bool(false), "no change by \(status)")
            }
            #expect(lists[.related].map(\.story) == [id])
        }
    }

    @Test("keep their target when the list is changed by a key that cannot see it")
    func keptTargets() async throws {
        let (story, target) = try await linked(to: .draft)
        let seen = try await links(of: story, .editor(of: story.id))
        try await replace(of: story, with: [Link(title: "first")] + seen, .editor(of: story.id))
        #expect(try await links(of: story, .admin).map(\.story) == [nil, target.id])
    }

    @Test("cannot be created by a key that cannot see it, with the same error as for a missing story")
    func targets() async throws {
        let (story, target) = try await linked(to: .draft)
        var errors: [StoryError?] = []
        for id in [target.id, .make(9)] {
            errors.append(
                await #expect(throws: StoryError.self) {
                    try await replace(
                        of: story, with: [Link(title: "new", story: id)], .editor(of: story.id))
                })
        }
        #expect(errors[0] == errors[1])
    }
}
