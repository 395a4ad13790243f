// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

/// Effects of a patch on an update, without a store.
@Suite("Edits of updates")
struct UpdateEditTests {
    private let now = Timestamp(milliseconds: 1_795_000_000_000)
    private var earlier: Timestamp { Timestamp(milliseconds: now.milliseconds - 1_000) }
    private var later: Timestamp { Timestamp(milliseconds: now.milliseconds + 60_000) }

    private func published(_ change: (inout UpdateContent) -> Void = { _ in }) -> Update {
        Update(
            id: .make(1), seq: 4, content: .make(change: change), bodyHtml: "<p>old</p>", edited: false,
            publishedAt: earlier, createdAt: earlier, modifiedAt: earlier)
    }

    private func draft(publishAt: Timestamp? = nil) -> Draft {
        Draft(
            id: .make(1), content: .make(), bodyHtml: "<p>old</p>", edited: false, publishAt: publishAt,
            createdAt: earlier, modifiedAt: earlier)
    }

    private func edit(
        _ update: EditorUpdate, wasSeen: Bool = true, html: String? = nil,
        _ change: (inout UpdatePatch) -> Void
    ) throws -> UpdateEdit? {
        try UpdatePatch.changing(change).edit(update, bodyHtml: html, wasSeen: wasSeen, at: now)
    }

    // MARK: New updates

    @Test("A new update requires a body, and the error points to its place")
    func needsBody() {
        #expect(throws: StoryError.invalid([ValidationError("/body", "is required")])) {
            try NewUpdate.all([.changing { $0.title = .set("A") }])
        }
        #expect(throws: StoryError.invalid([ValidationError("/1/body", "is required")])) {
            try NewUpdate.all([.make(), .changing { $0.title = .set("A") }])
        }
    }

    @Test("All invalid publication times are reported")
    func times() throws {
        let long = Timestamp(milliseconds: now.milliseconds - 3_600_000)
        let news = try NewUpdate.all([
            .make { $0.publishAt = .set(long) }, .make(), .make { $0.publishAt = .set(long) },
        ])
        let error = #expect(throws: StoryError.self) { try NewUpdate.requireTimes(of: news, at: now) }
        guard case .invalid(let errors)? = error else { throw Unexpected() }
        #expect(errors.map(\.pointer) == ["/0/publishAt", "/2/publishAt"])
    }

    @Test("A new update becomes a draft or an update")
    func news() throws {
        let scheduled = try NewUpdate(.make { $0.publishAt = .set(later) })
        #expect(scheduled.publication == .at(later))
        let draft = scheduled.draft(id: .make(2), bodyHtml: "<p>", at: now)
        #expect(draft.publishAt == later && draft.createdAt == now && draft.modifiedAt == now)
        let plain = try NewUpdate(.make())
        #expect(plain.publication == .now)
        let update = plain.update(id: .make(2), seq: 7, bodyHtml: "<p>", publishedAt: later, at: now)
        #expect(update.seq == 7 && !update.edited)
        #expect(update.createdAt == now && update.publishedAt == later && update.modifiedAt == later)
    }

    // MARK: Published updates

    @Test("A patch that changes nothing is not an edit")
    func nothing() throws {
        #expect(try edit(.published(published())) { $0.title = .set(nil) }?.action == nil)
        #expect(try edit(.draft(draft())) { $0.state = .set(.draft) }?.action == nil)
    }

    @Test("Changing visible members marks an update as edited; tags do not")
    func replaces() throws {
        let found = try #require(try edit(.published(published())) { $0.title = .set("New") })
        guard case .replace(let update) = found.effect else { throw Unexpected() }
        #expect(update.edited && update.content.title == "New" && update.bodyHtml == "<p>old</p>")
        #expect(update.seq == 4, "the number is for the store to give")
        #expect(found.action == .editUpdate && !found.needsPin)
        let tagged = try #require(try edit(.published(published())) { $0.tags = .set(["a"]) })
        guard case .replace(let update) = tagged.effect else { throw Unexpected() }
        #expect(!update.edited, "marks around a text are not the text")
    }

    @Test("Only newly pinned updates count against the limit")
    func pins() throws {
        #expect(try edit(.published(published())) { $0.pinned = .set(true) }?.needsPin == true)
        let pinned = published { $0.pinned = true }
        #expect(try edit(.published(pinned)) { $0.title = .set("New") }?.needsPin == false)
        #expect(PinnedUpdates.hasRoom(besides: Limits.pinnedUpdates - 1))
        #expect(throws: StoryError.self) {
            try PinnedUpdates.requireRoom(besides: Limits.pinnedUpdates, at: "/3")
        }
    }

    @Test("An unpublished update becomes a draft, with its text and its retraction")
    func unpublishes() throws {
        var update = published()
        update.stricken = Strike(reason: "Wrong.", at: earlier)
        let found = try #require(
            try edit(.published(update), html: "<p>new</p>") {
                $0.state = .set(.draft)
                $0.body = .set("new")
            })
        guard case .unpublish(let draft) = found.effect else { throw Unexpected() }
        #expect(draft.bodyHtml == "<p>new</p>" && draft.edited && draft.publishAt == nil)
        #expect(draft.stricken == update.stricken && draft.createdAt == earlier && draft.modifiedAt == now)
        #expect(found.action == .unpublishUpdate)
    }

    // MARK: Drafts

    @Test(
        "Publishing and scheduling a draft have their own audit actions",
        arguments: [
            (UpdateState.published, AuditEntry.Action.publishUpdate), (.scheduled, .scheduleUpdate),
        ])
    func actions(state: UpdateState, action: AuditEntry.Action) throws {
        let found = try edit(.draft(draft())) {
            $0.state = .set(state)
            if state == .scheduled { $0.publishAt = .set(later) }
        }
        #expect(found?.action == action)
    }

    @Test("A draft's new title is an edit; removing its scheduled time makes it a plain draft")
    func draftActions() throws {
        #expect(try edit(.draft(draft())) { $0.title = .set("New") }?.action == .editUpdate)
        let scheduled = draft(publishAt: later)
        #expect(try edit(.draft(scheduled)) { $0.publishAt = .set(nil) }?.action == .draftUpdate)
    }

    @Test("Publishing a changed draft marks it edited only if readers had seen it", arguments: [true, false])
    func seen(wasSeen: Bool) throws {
        let found = try #require(
            try edit(.draft(draft()), wasSeen: wasSeen) {
                $0.title = .set("New")
                $0.state = .set(.published)
            })
        guard case .publish(let draft) = found.effect else { throw Unexpected() }
        #expect(draft.edited == wasSeen)
        let update = draft.published(seq: 9, at: later)
        #expect(update.seq == 9 && update.publishedAt == later && update.modifiedAt == later)
        #expect(update.edited == wasSeen && update.createdAt == earlier)
    }

    // MARK: Retractions

    @Test("Correcting a retraction's reason keeps its time; the same reason changes nothing")
    func retracts() throws {
        let first = try #require(published().retracted("Wrong.", at: now))
        #expect(first.stricken == Strike(reason: "Wrong.", at: now))
        #expect(first.retracted("Wrong.", at: later) == nil)
        #expect(first.retracted("Untrue.", at: later)?.stricken == Strike(reason: "Untrue.", at: now))
        #expect(first.retracted(nil, at: later)?.stricken == nil)
        #expect(published().retracted(nil, at: now) == nil)
        #expect(AuditEntry.Action.retraction("Wrong.") == .strikeUpdate)
        #expect(AuditEntry.Action.retraction(nil) == .unstrikeUpdate)
    }

    @Test("Reasons are compared by their bytes")
    func reasonBytes() throws {
        let first = try #require(published().retracted("caf\u{E9}", at: now))
        #expect(first.retracted("cafe\u{301}", at: now) != nil)
    }

    @Test("With a clock set back, no change precedes the update's creation")
    func changed() {
        let update = published().changed(seq: 5, at: Timestamp(milliseconds: 0))
        #expect(update.seq == 5 && update.modifiedAt == earlier)
    }
}

private struct Unexpected: Error {}
