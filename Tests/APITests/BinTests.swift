// SPDX-License-Identifier: Apache-2.0
import API
import Database
import HTTP
import JSON
import SQLiteEngine
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization
import Testing

/// Deleted updates can be restored until their retention period ends or they are taken down.
@Suite("The bin", .onEveryEngineInFull)
struct BinTests {
    private static let update = "/stories/harbour/updates/<harbourUpdate>"

    private func json(_ response: Response) throws -> JSONValue { try JSONValue(parsing: response.body) }

    private func bin(_ desk: TestDesk, _ query: String = "") async throws -> JSONValue {
        try json(try await desk.send(Call("GET /stories/harbour/bin\(query)")))
    }

    private func feed(_ desk: TestDesk) async throws -> JSONValue {
        try json(try await desk.send(Call("GET /stories/harbour/updates", key: "")))
    }

    private func expectSound(_ desk: TestDesk) throws {
        #expect(try desk.errors() == [])
    }

    @Test(
        "A restored update keeps its content, place, reactions and revisions, and gets a new sequence number"
    )
    func restored() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(
            Call("PATCH \(Self.update)", #"{"body": "Corrected", "tags": ["a"], "keyEvent": true}"#))
        _ = try await desk.send(Call("POST \(Self.update)/strike", #"{"reason": "Wrong"}"#))
        _ = try await desk.send(Call("POST \(Self.update)/reactions/veryGood", #"{"visitor": "v"}"#))
        _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "Newer"}"#))
        let before = try await feed(desk)
        let held = try #require(before["updates"]?.items?.last)
        #expect(try await desk.send(Call("DELETE \(Self.update)")).status == .noContent)
        #expect(try await feed(desk)["updates"]?.items?.count == 1)
        try expectSound(desk)
        let restored = try await desk.send(Call("POST \(Self.update)/restore"))
        #expect(restored.status == .ok && restored.headers[.etag] != nil)
        let after = try await feed(desk)
        let shown = try #require(after["updates"]?.items?.last)
        #expect(shown.without("seq", "modifiedAt") == held.without("seq", "modifiedAt"))
        #expect(try #require(shown["seq"]?.integer) == #require(before["story"]?["seq"]?.integer) + 2)
        #expect(try json(restored).asForReaders == shown)
        let reactions = try json(try await desk.send(Call("GET /stories/harbour/reactions", key: "")))
        #expect(reactions["updates"]?[desk.resolve("<harbourUpdate>")]?["veryGood"]?.integer == 1)
        let again = try json(
            try await desk.send(Call("POST \(Self.update)/reactions/veryGood", #"{"visitor": "v"}"#)))
        #expect(again["counted"] == .bool(false))
        let revisions = try json(try await desk.send(Call("GET \(Self.update)/revisions")))
        #expect(revisions["revisions"]?.items?.count == 2)
        #expect(try await bin(desk)["updates"]?.items?.isEmpty == true)
        try expectSound(desk)
    }

    @Test("Pollers get a remove and then a put; a poller that missed both gets only the put")
    func deltas() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("DELETE \(Self.update)"))
        let first = try json(try await desk.send(Call("GET /stories/harbour/updates?cursor=<now>", key: "")))
        #expect(first["changes"]?.items?.map { $0["reason"]?.string } == ["deleted"])
        _ = try await desk.send(Call("POST \(Self.update)/restore"))
        for (cursor, api) in [
            (try first.text("cursor"), desk.api), (desk.resolve("<now>"), desk.api),
            (desk.resolve("<now>"), desk.anotherAPI()),
        ] {
            let call = Call("GET /stories/harbour/updates?cursor=\(cursor)", key: "")
            let delta = try json(try await desk.send(call, to: api))
            #expect(delta["changes"]?.items?.map { $0["op"]?.string } == ["put"])
        }
        let atom = try await desk.send(Call("GET /stories/harbour/feed.atom", key: ""))
        #expect(!String(decoding: atom.body, as: UTF8.self).contains("deleted-entry"))
    }

    @Test("The bin is paged, latest deletion first, with who deleted and the end of retention")
    func listed() async throws {
        let desk = try await TestDesk(hasHidden: true)
        for name in ["draft", "waiting", "harbourUpdate"] {
            _ = try await desk.send(Call("DELETE /stories/harbour/updates/<\(name)>"))
        }
        let all = try await bin(desk)
        let ids = try (all["updates"]?.items ?? []).map { try $0.text("id") }
        #expect(
            Set(ids) == Set(["deleted", "draft", "waiting", "harbourUpdate"].map { desk.resolve("<\($0)>") }))
        var (walked, next) = ([String](), Optional("/stories/harbour/bin?limit=3"))
        while let page = next {
            let answer = try json(try await desk.send(Call("GET \(page)")))
            walked += try (answer["updates"]?.items ?? []).map { try $0.text("id") }
            next = answer["older"]?.string
        }
        #expect(walked == ids)
        let entry = try #require(all["updates"]?.items?.first)
        #expect(entry["deletedBy"]?.string == "WIREROOM_ADMIN_KEY")
        #expect(entry["deletedAt"]?.string == testTime.description)
        let kept = Timestamp(milliseconds: testTime.milliseconds + 30 * 86_400_000)
        #expect(entry["keptUntil"]?.string == kept.description)
        let export = try await desk.send(Call("GET /stories/harbour/export"))
        #expect(!String(decoding: export.body, as: UTF8.self).contains("Words of"))
    }

    @Test(
        "Drafts come back as drafts; a schedule whose time has passed does not publish",
        arguments: [false, true])
    func drafts(isPast: Bool) async throws {
        let now = Mutex(testTime)
        let folder = try TemporaryFolder()
        let store = try folder.store { now.withLock { $0 } }
        let story = StoryReference.slug(try await store.createStory(.titled("A"), access: .test).value.slug)
        var patch = UpdatePatch()
        patch.body = .set("Later")
        patch.state = .set(.scheduled)
        let time = Timestamp(milliseconds: testTime.milliseconds + 60_000)
        patch.publishAt = .set(time)
        let made = try await store.createUpdate(of: story, patch, access: .test)
        try await store.deleteUpdate(made.value.id, of: story, if: .oneOf([made.version]), access: .test)
        if isPast { now.withLock { $0 = Timestamp(milliseconds: time.milliseconds + 1) } }
        #expect(try await store.publishDueUpdates() == 0)
        let restored = try await store.restoreUpdate(
            made.value.id, of: story, if: .oneOf([made.version]), idempotency: nil, access: .test)
        #expect(restored.value.publication == (isPast ? .never : .at(time)))
        #expect(restored.version != made.version)
        #expect(try await store.publishDueUpdates() == 0)
        #expect(try StoreRules.faults(in: TestEngine.current.database(in: folder)) == [])
    }

    @Test(
        "A second restore changes nothing, an idempotency key replays the response, and a stale tag is refused"
    )
    func twice() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("DELETE \(Self.update)", headers: [(.ifMatch, "<harbourUpdateETag>")]))
        let stale = Call("POST \(Self.update)/restore", headers: [(.ifMatch, "\"x\"")])
        #expect(try await desk.send(stale).status == .preconditionFailed)
        let call = Call(
            "POST \(Self.update)/restore",
            headers: [(.idempotencyKey, "one"), (.ifMatch, "<harbourUpdateETag>")])
        let first = try await desk.send(call)
        #expect(first.status == .ok)
        let replayed = try await desk.send(call)
        #expect(replayed.body == first.body && replayed.headers["Idempotency-Replayed"] == "true")
        let again = try await desk.send(Call("POST \(Self.update)/restore"))
        #expect(again.status == .ok && again.body == first.body)
        #expect(try await feed(desk)["story"]?["updateCount"]?.integer == 1)
        let actions = try json(try await desk.send(Call("GET /audit")))["entries"]?.items ?? []
        #expect(actions.filter { $0["action"]?.string == "update.restored" }.count == 1)
        try expectSound(desk)
    }

    @Test("A pinned update is restored only if the story can have another pin")
    func pins() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("PATCH \(Self.update)", #"{"pinned": true}"#))
        _ = try await desk.send(Call("DELETE \(Self.update)"))
        let pins = Array(repeating: #"{"body": "x", "pinned": true}"#, count: Limits.pinnedUpdates)
        let made = try await desk.send(
            Call("POST /stories/harbour/updates", "[\(pins.joined(separator: ","))]"))
        let refused = try await desk.send(Call("POST \(Self.update)/restore"))
        #expect(refused.status == .unprocessableContent)
        #expect(try json(refused)["errors"]?.items?.first?["pointer"]?.string == "/pinned")
        #expect(try await bin(desk)["updates"]?.items?.count == 1)
        let id = try #require(try json(made).items?.first).text("id")
        _ = try await desk.send(Call("PATCH /stories/harbour/updates/\(id)", #"{"pinned": false}"#))
        #expect(try await desk.send(Call("POST \(Self.update)/restore")).status == .ok)
    }

    @Test("A takedown erases an update in the bin, is final, and refuses a repeat of its POST")
    func takenDown() async throws {
        let desk = try await TestDesk()
        let create = Call("POST /stories/harbour/updates", #"{"body": "UNSPEAKABLE"}"#)
        let path = "/stories/harbour/updates/\(try json(try await desk.send(create)).text("id"))"
        _ = try await desk.send(Call("PATCH \(path)", #"{"body": "UNSPEAKABLE too"}"#))
        _ = try await desk.send(Call("DELETE \(path)"))
        let cursor = try (try await feed(desk)).text("cursor")
        #expect(try await desk.send(Call("POST \(path)/takedown", #"{"reason": "Court"}"#)).status == .ok)
        for call in [
            Call("POST \(path)/restore"), Call("GET \(path)/revisions"), Call("DELETE \(path)"), create,
        ] {
            #expect(try await desk.send(call).status == .gone, "\(call.line)")
        }
        #expect(try await bin(desk)["updates"]?.items?.isEmpty == true)
        // For readers nothing changes: they already got the removal.
        #expect(try (try await feed(desk)).text("cursor") == cursor)
        for file in desk.files { #expect(!holds("UNSPEAKABLE", file), "\(file)") }
        try expectSound(desk)
    }

    @Test("An update in the bin is not found by other routes, and its id stays taken")
    func hidden() async throws {
        let desk = try await TestDesk()
        let export = String(
            decoding: try await desk.send(Call("GET /stories/harbour/export")).body, as: UTF8.self)
        _ = try await desk.send(Call("DELETE \(Self.update)"))
        for call in [
            Call("GET \(Self.update)"), Call("PATCH \(Self.update)", #"{"body": "x"}"#),
            Call("DELETE \(Self.update)"),
            Call("POST \(Self.update)/strike", #"{"reason": "x"}"#),
            Call("POST \(Self.update)/reactions/veryGood"),
            Call("GET /live/harbour/<harbourUpdate>"),
        ] {
            #expect(try await desk.send(call).status == .notFound, "\(call.line)")
        }
        let copy = export.replacing(desk.resolve("<harbour>"), with: "019ceb36-3b8e-70b8-a6d3-f14c82e95b08")
        let imported = try json(try await desk.send(Call("POST /import?slug=copy", copy)))
        #expect(imported["report"]?["warnings"]?.items?.count == 1)
        #expect(try await desk.send(Call("POST \(Self.update)/restore")).status == .ok)
        try expectSound(desk)
    }

    @Test("With a retention of 0 days, deletions are final and the bin is emptied")
    func none() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("DELETE \(Self.update)"))
        let made = try json(
            try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "UNSPEAKABLE"}"#)))
        let path = "/stories/harbour/updates/\(try made.text("id"))"
        let api = desk.api { $0.keepDeletedDays = 0 }
        #expect(try await desk.send(Call("DELETE \(path)"), to: api).status == .noContent)
        #expect(try await desk.send(Call("POST \(path)/restore"), to: api).status == .notFound)
        #expect(try await desk.store.emptyBin(olderThan: BinTime(days: 0), atMost: 10) <= 1)
        #expect(try await desk.send(Call("POST \(Self.update)/restore"), to: api).status == .notFound)
        try expectSound(desk)
    }

    @Test(
        "Expired updates leave the bin oldest first, in limited batches, with all dependent rows"
    )
    func emptied() async throws {
        let now = Mutex(testTime)
        let folder = try TemporaryFolder()
        let store = try folder.store { now.withLock { $0 } }
        let story = StoryReference.slug(try await store.createStory(.titled("A"), access: .test).value.slug)
        var ids: [Identifier] = []
        for number in 0..<3 {
            var patch = UpdatePatch()
            patch.body = .set("Words \(number)")
            let id = try await store.createUpdate(of: story, patch, access: .test).value.id
            patch.body = .set("Others \(number)")
            _ = try await store.editUpdate(id, of: story, patch, if: .none, access: .test)
            _ = try await store.react(
                .veryGood, to: id, of: story, by: nil, idempotency: nil, access: .reader)
            try await store.deleteUpdate(id, of: story, if: .none, access: .test)
            ids.append(id)
            now.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + 1_000) }
        }
        let month = BinTime(days: 30)
        #expect(try await store.emptyBin(olderThan: month, atMost: 10) == 0)
        now.withLock { $0 = Timestamp(milliseconds: testTime.milliseconds + 30 * 86_400_000 + 1_000) }
        #expect(try await store.emptyBin(olderThan: month, atMost: 1) == 1)
        #expect(try await store.bin(of: story, limit: 10, before: nil, access: .test).updates.count == 2)
        #expect(try await store.emptyBin(olderThan: month, atMost: 10) == 1)
        await #expect(throws: StoryError.notFound(.update)) {
            _ = try await store.restoreUpdate(ids[0], of: story, if: .none, idempotency: nil, access: .test)
        }
        _ = try await store.restoreUpdate(ids[2], of: story, if: .none, idempotency: nil, access: .test)
        #expect(try StoreRules.faults(in: TestEngine.current.database(in: folder)) == [])
    }

    @Test("The bin survives a restart and is in backups; deleting the story empties it")
    func kept() async throws {
        let folder = try TemporaryFolder()
        let (story, id) = try await {
            let store = try folder.store()
            let story = StoryReference.slug(
                try await store.createStory(.titled("A"), access: .test).value.slug)
            var patch = UpdatePatch()
            patch.body = .set("Words")
            let id = try await store.createUpdate(of: story, patch, access: .test).value.id
            try await store.deleteUpdate(id, of: story, if: .none, access: .test)
            return (story, id)
        }()
        if TestEngine.current.isFile {
            let contents = try SQLiteEngine.backUp(
                folder.file("test.db"), to: folder.file("copy.db"), overwriting: false)
            #expect(contents.binned == 1)
        }
        let store = try folder.store()
        _ = try await store.restoreUpdate(id, of: story, if: .none, idempotency: nil, access: .test)
        try await store.deleteUpdate(id, of: story, if: .none, access: .test)
        try await store.deleteStory(story, if: .none, access: .test)
        let left = try TestEngine.current.database(in: folder).first("SELECT count(*) FROM bin") {
            $0.integer()
        }
        #expect(left == 0)
    }
}

extension Access {
    fileprivate static let test = Access.holder(Grant(role: .admin))
}

extension StoryPatch {
    fileprivate static func titled(_ title: String) -> StoryPatch {
        var patch = StoryPatch()
        patch.title = .set(title)
        return patch
    }
}
