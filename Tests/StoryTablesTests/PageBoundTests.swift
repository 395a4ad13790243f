// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// The byte limit of a page.
@Suite("Pages of large updates", .onEveryEngine)
struct PageBoundTests {
    private let folder: TemporaryFolder
    private let store: TableStore
    private let story: StoryReference
    private let start: Version

    init() async throws {
        folder = try TemporaryFolder()
        store = try TestEngine.current.store(
            in: folder,
            TestEngine.Options(renderer: .plain { _ in "" }) { Timestamp(milliseconds: 1_795_000_000_000) })
        let made = try await store.newStory()
        (story, start) = (.id(made.value.id), made.version)
    }

    /// Posts updates of `sizes` fifths of a page, or a little less; returns their ids.
    private func post(_ sizes: [Int], pinned: Bool = false) async throws -> [Identifier] {
        var ids: [Identifier] = []
        for size in sizes {
            let body = String(repeating: "a", count: size * (Limits.pageBytes / 5 - 2_000))
            let patch = UpdatePatch.make(body: body) { $0.pinned = .set(pinned) }
            ids.append(try await store.createUpdate(of: story, patch, access: everything).value.id)
        }
        return ids
    }

    private static let sizes = [1, 2, 2, 9, 1, 1, 3, 4]

    @Test("hold as many as fit, but at least one, and each update is on exactly one page")
    func walk() async throws {
        let ids = try await post(Self.sizes)
        var (query, pages) = (SnapshotQuery(order: .oldest), [[Identifier]]())
        repeat {
            let page = try await store.snapshot(of: story, query, access: .reader)
            pages.append(page.updates.map(\.id))
            query.before = page.older
        } while query.before != nil
        #expect(pages.map(\.count) == [3, 1, 3, 1])
        #expect(pages.flatMap(\.self) == ids)
    }

    @Test("are the same in overviews and snapshots")
    func overviews() async throws {
        let ids = try await post(Self.sizes)
        var (query, seen) = (SnapshotQuery(), [Identifier]())
        repeat {
            let overview = try await store.overview(of: story, .page(query), access: .reader)
            let page = try await store.snapshot(of: story, query, access: .reader)
            #expect(overview.updates.map(\.id) == page.updates.map(\.id))
            seen += page.updates.map(\.id)
            query.before = page.older
        } while query.before != nil
        #expect(seen == ids.reversed())
    }

    @Test("move the cursor of a delta just past their content, whatever else has changed")
    func deltas() async throws {
        let ids = try await post(Self.sizes)
        try await store.deleteUpdate(ids[4], of: story, if: .none, access: everything)
        _ = try await store.replaceLinks(
            .related, of: story, with: [Link(title: "x")], if: .none, access: everything)
        _ = try await store.editUpdate(
            ids[1], of: story, .changing { $0.title = .set("x") }, if: .none, access: everything)
        var (cursor, seen, pages) = (start, [String](), 0)
        while true {
            let (texts, delta) = try await store.changes(of: story, after: cursor)
            #expect(delta.changes.last?.seq == delta.cursor.seq)
            (cursor, seen, pages) = (delta.cursor, seen + texts, pages + 1)
            if !delta.more { break }
        }
        #expect(
            seen == [
                "put 2", "put 4", "put 5", "put 7", "put 8", "put 9", "deleted 10", "links 11", "put 12",
            ])
        #expect(pages == 5)
        #expect(cursor == (try await store.story(story, access: .reader).version).with(seq: 12))
    }

    @Test("leave out pinned updates that do not fit, but list them as updates")
    func pins() async throws {
        let ids = try await post([1, 1, 1, 1], pinned: true)
        let page = try await store.snapshot(of: story, SnapshotQuery(), access: .reader)
        #expect(page.pinned.map(\.id) == [ids[3], ids[2]])
        #expect(page.updates.map(\.id) == ids.reversed())
    }

    @Test("Revisions are returned newest first, as many as fit")
    func revisions() async throws {
        let id = try await post([1])[0]
        for size in [2, 1] {
            let body = String(repeating: "b", count: size * (Limits.pageBytes / 5 - 2_000))
            _ = try await store.editUpdate(id, of: story, .make(body: body), if: .none, access: everything)
            _ = try await store.editUpdate(
                id, of: story, .changing { $0.title = .set("\(size)") }, if: .none, access: everything)
        }
        let revisions = try await store.revisions(of: id, of: story, access: everything)
        #expect(revisions.map(\.seq) == [5, 4, 3])
    }

    @Test("are limited correctly even if renditions have yet to be made")
    func otherForm() async throws {
        let ids = try await post(Self.sizes)
        let other = try TestEngine.current.store(
            in: folder,
            TestEngine.Options(renderer: .plain(form: 2) { _ in "" }) {
                Timestamp(milliseconds: 1_795_000_000_000)
            })
        let page = try await other.snapshot(of: story, SnapshotQuery(), access: .reader)
        #expect(page.updates.map(\.id) == [ids[7]])
    }
}

extension Version {
    fileprivate func with(seq: Int64) -> Version { Version(epoch: epoch, seq: seq) }
}
