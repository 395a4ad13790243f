// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP
internal import JSON
internal import Live
internal import Stories

extension Endpoints {
    /// The reader's page with an unsaved update rendered into it. Nothing is stored.
    mutating func addPreviews(_ renderer: UpdateRenderer, _ pages: OverviewRenderer) {
        let (store, site) = (store, site)
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
            let appearance = try await site.current()
            let page = pages.representation(overview, as: .page, query, WidgetLook(), appearance)
            var headers: Headers = [.cacheControl: "private, no-store"]
            appearance.page.add(to: &headers)
            return Response(.ok, headers: headers, body: page.bytes)
        }
    }
}

extension Endpoints {
    /// Previews by an address that lasts an hour, for those without a key: a colleague, or the editor's own phone.
    mutating func addPreviewAddresses(_ pages: OverviewRenderer) {
        let (store, site) = (store, site)
        on(.post, "/stories/{story}/previews", .key) { call in
            let input = try PreviewInput(body: call.request.json())
            let (token, preview) = try await store.previewToken(
                of: try call.story, update: input.update, access: call.access)
            let answer = PreviewAddress(url: pages.site() + "/preview/" + token, preview: preview)
            return .json(answer, .created, headers: [.location: "/preview/" + token])
        }
        on(.get, "/preview/{token}", .nothing, produces: HTMLPage.mediaType) { call in
            guard let preview = try await store.preview(call.request.parameters["token"] ?? "") else {
                throw Problem(.notFound, "there is no such preview, or its hour is over")
            }
            return try await Self.page(of: preview, from: store, pages, try await site.current())
        }
    }

    private static func page(
        of preview: Preview, from store: any StoryStore, _ pages: OverviewRenderer, _ site: SiteAppearance
    ) async throws -> Response {
        let query = OverviewQuery.page(SnapshotQuery())
        var overview = try await store.overview(of: .id(preview.story), query, access: preview.access)
        var path = StoryFormat.page.path(of: overview.story)
        if let id = preview.update {
            let update = try await store.update(id, of: .id(preview.story), access: preview.access).value
            if case .draft(let draft) = update {
                overview.show(draft.content, html: draft.bodyHtml, as: id)
                return .still(pages.representation(overview, as: .page, query, WidgetLook(), site), of: site)
            }
            path += "/\(id)"
        }
        // Published since.
        guard overview.story.content.status == .draft else {
            return Response(.seeOther, headers: [.location: path, .cacheControl: "no-store"])
        }
        return .still(pages.representation(overview, as: .page, query, WidgetLook(), site), of: site)
    }
}

extension Response {
    /// A page that is in no cache and no search engine, whose address goes to no other server.
    fileprivate static func still(_ page: Representation, of site: SiteAppearance) -> Response {
        var headers: Headers = [
            .cacheControl: "private, no-store", "X-Robots-Tag": "noindex, nofollow",
            "Referrer-Policy": "no-referrer",
        ]
        site.page.add(to: &headers)
        // Of several policies all hold: nothing on it may be pressed or followed.
        headers.add("Content-Security-Policy", "script-src 'none'")
        return Response(.ok, headers: headers, body: page.bytes)
    }
}

private struct PreviewInput: BodyPatch {
    var update: Identifier?

    mutating func read(_ reader: inout JSONObjectDecoder) {
        update = reader.nullableIdentifier("update").given ?? nil
    }

    func errors(at base: String) -> [ValidationError] { [] }
}

private struct PreviewAddress: JSONWritable {
    let url: String
    let preview: Preview

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("url", url)
            $0.member("expiresAt", preview.expiresAt)
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
    static var wallClock: Timestamp {
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
