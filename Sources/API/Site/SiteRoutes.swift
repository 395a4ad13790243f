// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Live
internal import Stories

extension Endpoints {
    /// The settings of the site: read by everybody, changed by admins.
    mutating func addSite(_ pages: OverviewRenderer) {
        let (store, site) = (store, site)
        on(.get, "/site") { call in
            try await site.current().response(to: call.request)
        }
        on(.put, "/site", .key) { call in
            try call.access.requireSite()
            let precondition = try EntityTag.precondition(of: call.request)
            let settings = try SiteInput(body: try call.request.json()).settings
            let saved = try await store.replaceSite(with: settings, if: precondition, access: call.access)
            // Error pages are made of what was read last.
            try await site.current()
            _ = await call.purge(PublicPath.lists)
            return .json(
                saved.value, capacity: 4_096, headers: [.etag: EntityTag.text(saved.version)])
        }
        on(.get, "/site/revisions", .key) { call in
            let revisions = try await store.siteRevisions(access: call.access)
            return .json(RevisionsAnswer(revisions: revisions), capacity: 16 * 1_024)
        }
        // Success is HTML whatever `Accept` says; errors are problem documents as on other routes.
        on(.post, "/site/preview", .key, produces: nil, parameters: ["story"]) { call in
            try call.access.requireSite()
            let story = try Parameters(request: call.request).story()
            var settings = try SiteInput(body: try call.request.json()).settings
            let assets = try await store.assets(settings.assets)
            let fonts = try await store.contents(of: settings.fonts)
            var errors = try settings.describePictures { assets[$0] }
            errors += try settings.fontErrors { fonts[$0] != nil }
            guard errors.isEmpty else { throw Problem(errors: errors) }
            let appearance = SiteAppearance(Versioned(settings, Version(epoch: 0, seq: 0)), fonts: fonts)
            let page = try await pages.preview(of: story, appearance, from: store, call.access)
            var headers: Headers = [.cacheControl: "private, no-store"]
            appearance.page.add(to: &headers)
            return Response(.ok, headers: headers, body: page)
        }
    }
}

extension Parameters {
    /// The story that `story` names; `nil`: the list of stories.
    fileprivate func story() throws(Problem) -> StoryReference? {
        guard let text = try text("story") else { return nil }
        guard let story = StoryReference(text) else {
            throw Problem(parameter: "story", "must be the id or slug of a story")
        }
        return story
    }
}

extension StoryStore {
    /// Returns those of the assets that exist.
    fileprivate func assets(_ ids: Set<Identifier>) async throws(StoryError) -> [Identifier: MediaAsset] {
        var found: [Identifier: MediaAsset] = [:]
        for id in ids {
            do throws(StoryError) {
                found[id] = try await media(id)
            } catch {
                guard case .notFound = error else { throw error }
            }
        }
        return found
    }
}

extension OverviewRenderer {
    /// Returns the page of a story, or the list of stories, with other settings.
    fileprivate func preview(
        of story: StoryReference?, _ appearance: SiteAppearance, from store: any StoryStore, _ access: Access
    ) async throws(StoryError) -> [UInt8] {
        guard let story else {
            let index = try await store.storyIndex(StoryIndexQuery())
            return IndexPage(
                page: index, query: StoryIndexQuery(), appearance: appearance, site: site(),
                language: appearance.language
            ).bytes()
        }
        let query = OverviewQuery.page(SnapshotQuery())
        let overview = try await store.overview(of: story, query, access: access)
        return representation(overview, as: .page, query, WidgetLook(), appearance).bytes
    }
}

extension SiteAppearance {
    /// The settings as JSON, or 304 if the client has them.
    fileprivate func response(to request: Request) -> Response {
        let tag = EntityTag.text(version)
        let headers: Headers = [
            .etag: tag, .cacheControl: Representation.Freshness.second.cacheControl,
        ]
        if request.ifNoneMatch(names: Array(tag.utf8)) { return Response(.notModified, headers: headers) }
        return .json(settings, capacity: 4_096, headers: headers)
    }
}

/// The body of a request for other settings: all of them. A member that is missing is not set any more.
struct SiteInput: BodyPatch {
    private(set) var settings = SiteSettings.blank
    private var patch = MemberPatch<SiteSettings>()

    mutating func read(_ reader: inout JSONObjectDecoder) {
        reader.isNew = true
        patch = MemberPatch(&reader)
        // Derived by the server: what was read can be sent back.
        reader.ignore("contrast")
        patch.apply(to: &settings)
    }

    func errors(at base: String) -> [ValidationError] { patch.errors(at: base) + settings.errors(at: base) }
}

private struct RevisionsAnswer: JSONWritable {
    let revisions: [SiteRevision]

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("revisions", revisions) }
    }
}
