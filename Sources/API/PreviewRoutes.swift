// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP
internal import Live
internal import Stories

extension Endpoints {
    /// The reader's page with an unsaved update rendered into it. Nothing is stored.
    mutating func addPreviews(_ renderer: UpdateRenderer, _ pages: OverviewRenderer) {
        let store = store
        // Success is HTML whatever `Accept` says; errors are problem documents as on other routes.
        on(.post, "/stories/{story}/preview", .key, produces: nil, parameters: ["update"]) {
            call in
            let reference = try call.story
            let edited = try Parameters(request: call.request).identifier("update")
            let patch = try UpdatePatch(body: call.request.json(), requiring: "body")
            var content = UpdateContent(body: "")
            patch.apply(to: &content)
            let html = try await renderer.html(of: content.body)
            let query = OverviewQuery.page(SnapshotQuery())
            var overview = try await store.overview(of: reference, query, access: call.access)
            overview.show(content, html: html, as: edited)
            let page = pages.representation(overview, as: .page, query)
            var headers: Headers = [.cacheControl: "private, no-store"]
            HTMLPage.format.add(to: &headers)
            return Response(.ok, headers: headers, body: page.bytes)
        }
    }
}

extension StoryOverview {
    /// Inserts an update as if it were published now, or edited now if the page shows it already.
    fileprivate mutating func show(_ content: UpdateContent, html: String, as edited: Identifier?) {
        let now = Timestamp.wallClock
        let present = edited.flatMap { id in (updates + pinned).first { $0.id == id } }
        let update = Update(
            id: edited ?? .preview, seq: story.seq, content: content, bodyHtml: html, edited: present != nil,
            publishedAt: present?.publishedAt ?? now, createdAt: present?.createdAt ?? now, modifiedAt: now,
            stricken: present?.stricken, cards: Card.known(in: html, content.media))
        updates.replace(with: update, isShown: true)
        pinned.replace(with: update, isShown: content.pinned)
        keyEvents.removeAll { $0.id == update.id }
        guard content.keyEvent else { return }
        let event = KeyEvent(
            id: update.id, seq: update.seq, title: content.title, excerptHtml: html, media: content.media,
            publishedAt: update.publishedAt, isRetracted: update.stricken != nil)
        let place = keyEvents.firstIndex { $0.publishedAt <= event.publishedAt } ?? keyEvents.endIndex
        keyEvents.insert(event, at: place)
    }
}

extension Timestamp {
    fileprivate static var wallClock: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

extension Identifier {
    /// Placeholder id of an update that has none yet.
    fileprivate static let preview = Identifier(high: 0x7000, low: 0x8000_0000_0000_0000)
}

extension [Update] {
    /// Removes the update and, if it is to be shown, inserts its new state in order, newest first.
    fileprivate mutating func replace(with update: Update, isShown: Bool) {
        removeAll { $0.id == update.id }
        guard isShown else { return }
        let place = firstIndex { ($0.publishedAt, $0.id) <= (update.publishedAt, update.id) }
        insert(update, at: place ?? endIndex)
    }
}
