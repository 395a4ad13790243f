// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// **The property of orphans:** whatever editors do, a sweep removes exactly the assets that no state of any story refers to, present or
/// former, and no card shows as its thumbnail, and a takedown those that only the update referred to.
@Suite("Orphaned media", .onEveryEngine)
struct OrphanTests {
    @Test("A sweep removes an asset if and only if nothing uses it", arguments: [UInt64(1), 2, 3])
    func property(seed: UInt64) async throws {
        let desk = try MediaDesk(seed: seed)
        for _ in 1...400 { try await desk.act() }
        #expect(desk.sweeps > 5, "seed \(seed)")
        #expect(desk.removed > 1, "seed \(seed)")
        #expect(try StoreRules.faults(in: desk.fixture.database()) == [], "seed \(seed)")
    }
}

/// Editors who act at random, and a sweep.
private final class MediaDesk {
    let fixture: StoreFixture
    private let store: TableStore
    private var random: SeededGenerator
    private var stories: [Story] = []
    /// Numbers of the assets that are there.
    private var assets: Set<UInt64> = []
    /// The numbers of the thumbnails of cards, by their addresses, as long as an update has those.
    private var thumbnails: [String: UInt64] = [:]
    private(set) var sweeps = 0
    private(set) var removed = 0

    private static let numbers: [UInt64] = [1, 2, 3, 4, 5, 6]
    private static let pages = (1...3).map { "https://paper.example/\($0)" }

    init(seed: UInt64) throws {
        fixture = try StoreFixture()
        store = fixture.store
        random = SeededGenerator(seed: seed)
    }

    func act() async throws {
        fixture.clock.advance()
        switch Int.random(in: 0..<17, using: &random) {
        case 0, 1: try await upload()
        case 2: try await newStory()
        case 3: try await changeImage()
        case 4...6: try await post()
        case 7, 8: try await edit()
        case 9: try await delete()
        case 10: try await restore()
        case 11: try await takeDown()
        case 12: try await loseMuch()
        case 13, 14: try await lookUp()
        default: try await sweep()
        }
        let linked = try await linked()
        thumbnails = thumbnails.filter { linked.contains($0.key) }
    }

    private func upload() async throws {
        guard let number = Self.numbers.randomElement(using: &random) else { return }
        _ = try await store.addMedia(.make(number), idempotency: nil, access: .editor)
        assets.insert(number)
    }

    private func newStory() async throws {
        guard stories.count < 3 else { return }
        let image = image()
        stories.append(try await fixture.story { $0.image = .set(image) })
    }

    private func changeImage() async throws {
        guard let story = stories.randomElement(using: &random) else { return }
        let image = image()
        _ = try await store.editStory(
            story.reference, .changing { $0.image = .set(image) }, if: .none, access: .editor)
    }

    private func image() -> StoryImage? {
        guard random.once(in: 2), let number = assets.sorted().randomElement(using: &random) else {
            return nil
        }
        return StoryImage(url: MediaAsset.make(number).reference.path)
    }

    /// Media of assets that are there, and a body that may name any.
    private func content(_ patch: inout UpdatePatch) {
        let shown = assets.sorted().filter { _ in random.once(in: 5) }
        let links = Self.pages.filter { _ in random.once(in: 4) }.map { Media(type: .link, url: $0) }
        patch.media = .set(shown.map { .image(.make($0)) } + links)
        let named = Self.numbers.filter { _ in random.once(in: 8) }
        let texts = named.map { "![A picture](\(MediaAsset.make($0).reference.path))" }
        patch.body = .set((["Text \(random.next())."] + texts).joined(separator: "\n\n"))
        patch.state = .set(random.once(in: 3) ? .draft : .published)
    }

    private func post() async throws {
        guard let story = stories.randomElement(using: &random) else { return }
        var patch = UpdatePatch()
        content(&patch)
        _ = try await store.createUpdate(of: story.reference, patch, access: .editor)
    }

    private func edit() async throws {
        guard let (story, id) = try await someUpdate() else { return }
        var patch = UpdatePatch()
        content(&patch)
        if random.once(in: 3) { patch.media = .unchanged }
        if random.once(in: 3) { patch.body = .unchanged }
        _ = try await store.editUpdate(id, of: story.reference, patch, if: .none, access: .editor)
    }

    private func delete() async throws {
        guard let (story, id) = try await someUpdate() else { return }
        try await store.deleteUpdate(
            id, of: story.reference, intoBin: !random.once(in: 3), if: .none, access: .editor)
    }

    private func restore() async throws {
        guard let story = stories.randomElement(using: &random),
            let binned = try await bin(of: story).randomElement(using: &random)
        else { return }
        _ = try await store.restoreUpdate(
            binned.id, of: story.reference, if: .none, idempotency: nil, access: .editor)
    }

    private func takeDown() async throws {
        guard let (story, id) = try await someUpdate() else { return }
        let before = try await used()
        let takedown = try await store.takeDownUpdate(
            id, of: story.reference, reason: "A mistake", if: .none, idempotency: nil, access: .editor)
        let lost = before.subtracting(try await used()).intersection(assets)
        #expect(Set(takedown.erasedMedia.map(\.id)) == Set(lost.map { MediaAsset.make($0).id }))
        forget(takedown.erasedMedia)
    }

    /// A card is found, with a picture that may be there already.
    private func lookUp() async throws {
        for card in try await store.claimCards(by: "test", limit: 1, leaseMilliseconds: 1) {
            guard let number = Self.numbers.randomElement(using: &random) else { return }
            var text = CardText(url: card.url)
            text.title = "Title"
            let kept = try await store.keepCard(card, text, thumbnail: .make(number))
            #expect(kept.isThumbnailAdded || assets.contains(number))
            thumbnails[card.url] = number
            assets.insert(number)
        }
    }

    /// The addresses of links that an update has now, or would have if it was restored.
    private func linked() async throws -> Set<String> {
        var urls: Set<String> = []
        for story in stories {
            var contents = try await present(of: story).map(\.content)
            contents += try await bin(of: story).map(\.content)
            urls.formUnion(contents.flatMap(\.media).filter { $0.type == .link }.map(\.url))
        }
        return urls
    }

    /// Deletes a story, or empties all bins.
    private func loseMuch() async throws {
        if random.once(in: 2) {
            try await store.emptyBin(olderThan: BinTime(days: 0), atMost: 100)
        } else if random.once(in: 2), let story = stories.popLast() {
            try await store.deleteStory(story.reference, if: .none, access: .admin)
        }
    }

    private func sweep() async throws {
        let unused = assets.subtracting(try await used())
        let swept = try await store.removeOrphanedMedia(olderThan: fixture.clock.now, limit: 100)
        #expect(Set(swept.map(\.id)) == Set(unused.map { MediaAsset.make($0).id }), "seed \(random.seed)")
        (sweeps, removed) = (sweeps + 1, removed + swept.count)
        forget(swept)
    }

    private func forget(_ gone: [MediaAsset]) {
        assets = assets.filter { number in !gone.contains { $0.id == MediaAsset.make(number).id } }
    }
}

// MARK: What stories refer to, as their editors see it

extension MediaDesk {
    private func bin(of story: Story) async throws -> [EditorUpdate] {
        try await store.bin(of: story.reference, limit: 200, before: nil, access: .editor).updates.map(
            \.update)
    }

    private func present(of story: Story) async throws -> [(id: Identifier, content: UpdateContent)] {
        let published = try await store.exportStory(story.reference, access: .editor).updates
        let drafts = try await store.drafts(
            of: story.reference, limit: 200, before: nil, access: .editor
        ).drafts
        return published.compactMap { entry in entry.id.map { ($0, entry.content) } }
            + drafts.map { ($0.id, $0.content) }
    }

    private func someUpdate() async throws -> (Story, Identifier)? {
        guard let story = stories.randomElement(using: &random) else { return nil }
        let all = try await present(of: story).map(\.id).sorted()
        return all.randomElement(using: &random).map { (story, $0) }
    }

    /// The numbers of all assets that a text of any story refers to.
    private func used() async throws -> Set<UInt64> {
        var texts: [String] = []
        for story in stories {
            let image = try await store.story(story.reference, access: .editor).story.content.image
            texts += [image?.url].compactMap(\.self)
            var states = try await present(of: story)
            states += try await bin(of: story).map { ($0.id, $0.content) }
            for id in states.map(\.id) {
                let former = try await store.revisions(of: id, of: story.reference, access: .editor)
                states += former.map { ($0.id, $0.content) }
            }
            texts += states.flatMap { [$0.content.body] + $0.content.media.map(\.url) }
        }
        let linked = try await linked()
        let shown = Set(thumbnails.filter { linked.contains($0.key) }.values)
        return Set(
            Self.numbers.filter { number in
                texts.contains { $0.contains("/media/\(MediaAsset.make(number).id)") }
            }
        ).union(shown)
    }
}
