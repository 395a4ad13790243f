// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

@Suite("Media assets", .onEveryEngine)
struct MediaStoreTests {
    private let fixture: StoreFixture
    private let store: TableStore

    init() throws {
        fixture = try StoreFixture()
        store = fixture.store
    }

    private func add(_ number: UInt64, width: Int = 1_000) async throws -> MediaAsset {
        try await store.addMedia(.make(number, width: width), idempotency: nil, access: .editor)
    }

    private func expectSound() throws {
        #expect(try StoreRules.faults(in: fixture.database()) == [])
    }

    private func refusal(at pointer: String) -> StoryError {
        .invalid([ValidationError(pointer, "does not name a picture that was uploaded here")])
    }

    @Test("are read as they were added, with all their files")
    func stored() async throws {
        let asset = try await add(1, width: 5_000)
        #expect(asset.createdAt == fixture.clock.now)
        #expect(asset.variants.count == 9)
        #expect(try await store.media(asset.id) == asset)
        #expect(try await fixture.reopened().media(asset.id) == asset)
        #expect(try await store.mediaFolders() == ["folder-1"])
        #expect(try await store.mediaUsage() == MediaUsage(count: 1, bytes: 58_000))
        await #expect(throws: StoryError.notFound(.media)) { try await store.media(.make(9)) }
        try expectSound()
    }

    @Test("are the same for the same bytes: the first upload stays")
    func sameBytes() async throws {
        let first = try await add(1)
        fixture.clock.advance()
        let second = try await store.addMedia(
            .make(1, folder: "other"), idempotency: nil, access: .admin)
        #expect(second == first)
        #expect(try await store.mediaFolders() == ["folder-1"])
        let trail = try await store.auditTrail(AuditQuery(), access: .admin).entries
        #expect(trail.map(\.action) == ["media.add"])
        #expect(trail[0].detail == first.id.description)
    }

    @Test("that have lost their files get those of another upload, unless somebody was faster")
    func lost() async throws {
        let first = try await add(1)
        fixture.clock.advance()
        let healed = try await store.addMedia(
            .make(1, folder: "healed"), insteadOf: "folder-1", idempotency: nil, access: .editor)
        #expect(healed.folder == "healed" && healed.createdAt == first.createdAt)
        #expect(try await store.media(first.id) == healed)
        let late = try await store.addMedia(
            .make(1, folder: "late"), insteadOf: "folder-1", idempotency: nil, access: .editor)
        #expect(late == healed)
        #expect(try await store.mediaFolders() == ["healed"])
        try expectSound()
    }

    @Test("whose bytes are uploaded again count as uploaded now, if they are there")
    func uploadedAgain() async throws {
        let asset = try await add(1)
        fixture.clock.advance(milliseconds: 60_000)
        let time = fixture.clock.now
        fixture.clock.advance()
        await #expect(throws: StoryError.notFound(.media)) {
            try await store.noteUpload(of: MediaAsset.make(2).id, idempotency: nil, access: .editor)
        }
        await #expect(throws: StoryError.forbidden("requires a key")) {
            try await store.noteUpload(of: asset.id, idempotency: nil, access: .reader)
        }
        #expect(try await store.noteUpload(of: asset.id, idempotency: nil, access: .editor) == asset)
        #expect(try await store.removeOrphanedMedia(olderThan: time, limit: 9) == [])
        #expect(try await store.media(asset.id) == asset)
    }

    @Test("are added with any key, and once for an idempotency key")
    func keys() async throws {
        await #expect(throws: StoryError.forbidden("requires a key")) {
            try await store.addMedia(.make(1), idempotency: nil, access: .reader)
        }
        let key = IdempotencyKey(holder: .apiKey("hash"), value: "upload")
        let write = IdempotentWrite<MediaAsset>(WriteRequest(fingerprint: [1], key: key)) {
            StoredResponse(status: 201, headers: [], body: Array($0.folder.utf8))
        }
        _ = try await store.addMedia(.make(1), idempotency: write, access: .editor(of: .make(5)))
        let stored = StoredResponse(status: 201, headers: [], body: Array("folder-1".utf8))
        await #expect(throws: StoryError.replayed(stored)) {
            try await store.addMedia(.make(1, folder: "again"), idempotency: write, access: .editor)
        }
        #expect(try await store.mediaFolders() == ["folder-1"])
    }

    @Test("describe the media of updates: size and colour are the server's, whatever the client sends")
    func described() async throws {
        let (asset, story) = (try await add(1), try await fixture.story())
        var own = Media.image(asset, alt: "A bridge")
        (own.width, own.color, own.focus) = (7, "red", MediaFocus(x: 10, y: 90))
        let other = Media(type: .image, url: "https://example.org/a", width: 3, color: "#ffffff")
        let made = try await fixture.update(of: story) { $0.media = .set([own, other]) }
        let (read, elsewhere) = (made.content.media[0], made.content.media[1])
        #expect((read.width, read.height, read.color) == (1_000, 600, "#336699"))
        #expect(read.focus == MediaFocus(x: 10, y: 90))
        #expect((elsewhere.width, elsewhere.height, elsewhere.color) == (3, nil, nil))
        #expect(try await fixture.snapshot(of: story).updates.count == 1)
        // What was read can be sent back, and changes nothing.
        let again = try await store.editUpdate(
            made.id, of: story.reference, .changing { $0.media = .set(made.content.media) }, if: .none,
            access: .editor)
        #expect(again.version.seq == made.seq)
        try expectSound()
    }

    @Test("have to exist, and to be shown as images")
    func missing() async throws {
        let (asset, story) = (try await add(1), try await fixture.story())
        let missing = Media.image(.make(2))
        await #expect(throws: refusal(at: "/media/1/url")) {
            try await fixture.update(of: story) { $0.media = .set([.image(asset), missing]) }
        }
        await #expect(throws: refusal(at: "/1/media/0/url")) {
            try await store.createUpdates(
                of: story.reference, [.make(), .make { $0.media = .set([missing]) }], idempotency: nil,
                access: .editor)
        }
        await #expect(throws: refusal(at: "/media/0/url")) {
            try await fixture.update(of: story) {
                ($0.media, $0.state) = (.set([missing]), .set(.draft))
            }
        }
        let update = try await fixture.update(of: story)
        await #expect(throws: refusal(at: "/media/0/url")) {
            try await store.editUpdate(
                update.id, of: story.reference, .changing { $0.media = .set([missing]) }, if: .none,
                access: .editor)
        }
        let video = Media(type: .video, url: asset.reference.path)
        let rule = ValidationError("/media/0/url", "is a picture: its type must be image")
        await #expect(throws: StoryError.invalid([rule])) {
            try await fixture.update(of: story) { $0.media = .set([video]) }
        }
        try expectSound()
    }

    @Test("describe the image of a story, which a merge patch may change in part")
    func storyImage() async throws {
        let (asset, other) = (try await add(1), try await add(2, width: 400))
        let story = try await fixture.story {
            $0.image = .set(StoryImage(url: asset.reference.path, alt: "A bridge"))
        }
        #expect(story.content.image?.color == "#336699")
        #expect(story.content.image?.width == 1_000)
        let reply = try await store.story(story.reference, access: .reader).story
        #expect(reply.content.image == story.content.image)
        // The same once more is no change.
        let same = try await store.editStory(
            story.reference,
            .changing { $0.image = .set(StoryImage(url: asset.reference.path, alt: "A bridge")) },
            if: .none, access: .editor)
        #expect(same.version.seq == 1)
        let edited = try await store.editStory(
            story.reference, .changing { $0.image = .set(StoryImage(url: other.reference.path)) }, if: .none,
            access: .editor)
        #expect(edited.value.content.image?.width == 400)
        #expect(try await store.deleteMedia(asset.id, access: .editor).id == asset.id)
        await #expect(throws: refusal(at: "/image/url")) {
            try await store.editStory(
                story.reference, .changing { $0.image = .set(StoryImage(url: asset.reference.path)) },
                if: .none, access: .editor)
        }
        let put = try await store.putStory(
            story.slug, .make { $0.image = .set(nil) }, if: .none, access: .editor)
        #expect(put.story.value.content.image == nil)
        #expect(try await store.deleteMedia(other.id, access: .editor).id == other.id)
        try expectSound()
    }

    @Test("of a document have to exist where it is imported")
    func documents() async throws {
        let asset = try await add(1)
        var document = StoryDocument(content: StoryContent(title: "Harbour"))
        document.content.image = StoryImage(url: MediaAsset.make(2).reference.path)
        document.updates = [Media.image(asset), .image(.make(3))].map { medium in
            StoryDocument.UpdateEntry(content: .make { $0.media = [medium] })
        }
        let rule = "does not name a picture that was uploaded here"
        let errors = ["/story/image/url", "/updates/1/media/0/url"].map { ValidationError($0, rule) }
        await #expect(throws: StoryError.invalid(errors)) {
            try await store.importStory(document, access: .admin)
        }
        document.content.image = StoryImage(url: asset.reference.path)
        document.updates.removeLast()
        let imported = try await store.importStory(document, access: .admin).story.value
        #expect(imported.content.image?.color == asset.color)
        let export = try await store.exportStory(imported.reference, access: .admin)
        #expect(export.updates[0].content.media[0].height == 600)
        await #expect(throws: StoryError.self) { try await store.deleteMedia(asset.id, access: .admin) }
        try expectSound()
    }

    /// A story, and an asset that each kind of place in it uses.
    private func used() async throws -> (asset: MediaAsset, story: Story, uses: [MediaUse]) {
        let asset = try await add(1)
        let media = PatchField.set([Media.image(asset)])
        let story = try await fixture.story { $0.image = .set(StoryImage(url: asset.reference.path)) }
        let shown = try await fixture.update(of: story) { $0.media = media }
        let named = try await fixture.update(of: story, body: "![A bridge](\(asset.reference.path))")
        let edited = try await fixture.update(of: story) { $0.media = media }
        _ = try await store.editUpdate(
            edited.id, of: story.reference, .changing { $0.media = .set([]) }, if: .none, access: .editor)
        let binned = try await fixture.update(of: story) { $0.media = media }
        try await store.deleteUpdate(binned.id, of: story.reference, if: .none, access: .editor)
        let draft = try await store.createUpdate(
            of: story.reference, .make { ($0.media, $0.state) = (media, .set(.draft)) }, access: .editor
        ).value
        let places: [(MediaUse.Kind, Identifier?)] = [
            (.story, nil), (.update, shown.id), (.update, named.id), (.revision, edited.id),
            (.bin, binned.id), (.draft, draft.id),
        ]
        return (asset, story, places.map { MediaUse($0, story: story.id, slug: story.slug, update: $1) })
    }

    @Test("are not deleted while anything uses them, and the refusal names each use")
    func inUse() async throws {
        let (asset, story, uses) = try await used()
        await #expect(throws: StoryError.mediaInUse(uses)) {
            try await store.deleteMedia(asset.id, access: .editor)
        }
        // Nothing of stories that a key is not for.
        await #expect(throws: StoryError.mediaInUse([])) {
            try await store.deleteMedia(asset.id, access: .editor(of: .make(77)))
        }
        await #expect(throws: StoryError.forbidden("requires a key")) {
            try await store.deleteMedia(asset.id, access: .reader)
        }
        try expectSound()
        try await store.deleteStory(story.reference, if: .none, access: .admin)
        #expect(try await store.deleteMedia(asset.id, access: .editor(of: .make(77))) == asset)
        await #expect(throws: StoryError.notFound(.media)) {
            try await store.deleteMedia(asset.id, access: .editor)
        }
        let last = try await store.auditTrail(AuditQuery(), access: .admin).entries[0]
        #expect(last.action == "media.delete")
        #expect(last.detail == asset.id.description)
        try expectSound()
    }

    @Test("stay in use by the former states of an update that was moved to another story")
    func moved() async throws {
        let asset = try await add(1)
        let (story, other) = (try await fixture.story(), try await fixture.story())
        let update = try await fixture.update(of: story) { $0.media = .set([Media.image(asset)]) }
        _ = try await store.editUpdate(
            update.id, of: story.reference, .changing { $0.media = .set([]) }, if: .none, access: .editor)
        _ = try await store.moveUpdates(
            [update.id], of: story.reference, to: .story(other.reference), idempotency: nil, access: .editor)
        let use = MediaUse(.revision, story: other.id, slug: other.slug, update: update.id)
        await #expect(throws: StoryError.mediaInUse([use])) {
            try await store.deleteMedia(asset.id, access: .admin)
        }
        try expectSound()
    }

    @Test("that nothing uses are removed once they are old, unless they are uploaded again")
    func orphans() async throws {
        let (asset, story, _) = try await used()
        let (orphan, renewed) = (try await add(2), try await add(3))
        fixture.clock.advance(milliseconds: 60_000)
        let time = fixture.clock.now
        fixture.clock.advance()
        _ = try await store.addMedia(.make(3, folder: "again"), idempotency: nil, access: .editor)
        #expect(try await store.removeOrphanedMedia(olderThan: orphan.createdAt, limit: 9) == [])
        #expect(try await store.removeOrphanedMedia(olderThan: time, limit: 9) == [orphan])
        #expect(try await store.removeOrphanedMedia(olderThan: time, limit: 9) == [])
        let last = try await store.auditTrail(AuditQuery(), access: .admin).entries[0]
        #expect(last.actor == .sweep)
        try await store.deleteStory(story.reference, if: .none, access: .admin)
        fixture.clock.advance()
        let now = fixture.clock.now
        #expect(try await store.removeOrphanedMedia(olderThan: now, limit: 1) == [asset])
        #expect(try await store.removeOrphanedMedia(olderThan: now, limit: 1) == [renewed])
        #expect(try await store.mediaFolders() == [])
        try expectSound()
    }

    @Test("go with an update that is taken down, unless something else uses them")
    func takedown() async throws {
        let (own, former, shared, named) = (
            try await add(1), try await add(2), try await add(3), try await add(4)
        )
        let story = try await fixture.story { $0.image = .set(StoryImage(url: shared.reference.path)) }
        let update = try await fixture.update(of: story, body: "See \(named.reference.path).") {
            $0.media = .set([.image(former), .image(shared)])
        }
        _ = try await store.editUpdate(
            update.id, of: story.reference, .changing { $0.media = .set([.image(own), .image(shared)]) },
            if: .none, access: .editor)
        let takedown = try await store.takeDownUpdate(
            update.id, of: story.reference, reason: "A mistake", if: .none, idempotency: nil, access: .editor)
        #expect(takedown.erasedMedia == [own, former, named])
        #expect(try await store.media(shared.id) == shared)
        await #expect(throws: StoryError.notFound(.media)) { try await store.media(own.id) }
        let other = try await fixture.update(of: story)
        let second = try await store.takeDownUpdate(
            other.id, of: story.reference, reason: "A mistake", if: .none, idempotency: nil, access: .editor)
        #expect(second.erasedMedia == [])
        try expectSound()
    }

    @Test("of a revision that is dropped for newer ones are no longer used")
    func droppedRevision() async throws {
        let (asset, story) = (try await add(1), try await fixture.story())
        let update = try await fixture.update(of: story) { $0.media = .set([.image(asset)]) }
        for number in 0..<Limits.revisions {
            _ = try await store.editUpdate(
                update.id, of: story.reference,
                .changing { ($0.body, $0.media) = (.set("Number \(number)."), .set([])) }, if: .none,
                access: .editor)
        }
        await #expect(throws: StoryError.self) { try await store.deleteMedia(asset.id, access: .editor) }
        _ = try await store.editUpdate(
            update.id, of: story.reference, .make(body: "The last."), if: .none, access: .editor)
        #expect(try await store.deleteMedia(asset.id, access: .editor) == asset)
        try expectSound()
    }
}
