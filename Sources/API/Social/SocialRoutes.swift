// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Images
internal import Live
internal import Stories

extension Endpoints {
    /// Pictures of stories and updates that have none, for other sites that show their addresses. Only what pages would name now is drawn.
    mutating func addSocialImages(_ images: SocialImages?, at site: @escaping @Sendable () -> String) {
        let (store, current) = (store, self.site)
        let answer = {
            @Sendable (call: Call, read: (StoryReference) async throws -> (Story, Update?)) async throws
                -> Response in
            guard let images, images.isReady,
                let wanted = SocialCard.digest(ofFile: call.request.parameters["picture"] ?? "")
            else { throw Problem.noSocialImage }
            let (story, update) = try await read(try call.story)
            let settings = try await current.current().settings
            guard let card = SocialCard(of: story, update, on: settings, at: site()) else {
                throw Problem.noSocialImage
            }
            return try await call.response(with: card, wanted, from: images)
        }
        on(.get, "/stories/{story}/social/{picture}", .nothing, produces: "image/png") { call in
            try await answer(call) { (try await store.story($0, access: .reader).story, nil) }
        }
        on(.get, "/stories/{story}/updates/{update}/social/{picture}", .nothing, produces: "image/png") {
            call in
            let id = try call.update
            return try await answer(call) { story in
                let overview = try await store.overview(of: story, .update(id), access: .reader)
                return (overview.story, overview.updates.first)
            }
        }
    }
}

extension Call {
    fileprivate func response(
        with card: SocialCard, _ wanted: String, from images: SocialImages
    ) async throws -> Response {
        let key: HeaderName = "Surrogate-Key"
        guard wanted.hasSameBytes(as: card.digest) else {
            // Of a page from before an edit.
            return Response(
                .temporaryRedirect,
                headers: [
                    .location: card.path, .cacheControl: Representation.Freshness.second.cacheControl,
                    key: "story-\(card.story)",
                ])
        }
        var headers: Headers = [
            .etag: "\"\(card.digest)\"", .cacheControl: SocialImages.cacheControl, key: "story-\(card.story)",
        ]
        if request.ifNoneMatch(names: Array("\"\(card.digest)\"".utf8)) {
            return Response(.notModified, headers: headers)
        }
        let bytes = try await images.picture(of: card, for: clientNetwork)
        headers[.contentType] = "image/png"
        // Opened as a page, it can do nothing.
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return Response(.ok, headers: headers, body: bytes)
    }
}

extension SocialImages {
    /// Browsers keep it for ever (RFC 8246). Shared caches ask each minute whether the update is still there, since those that are purged by
    /// paths cannot know the former addresses of one that is taken down.
    static let cacheControl = "public, max-age=31536000, s-maxage=60, immutable"

    /// The path of the present card of an update, for caches that are to drop it; empty if there is none.
    func paths(
        of update: Identifier, in story: StoryReference, _ store: any StoryStore, _ site: SiteAppearance,
        at origin: String
    ) async -> [String] {
        guard isReady, let overview = try? await store.overview(of: story, .update(update), access: .reader)
        else { return [] }
        let card = SocialCard(of: overview.story, overview.updates.first, on: site.settings, at: origin)
        return card.map { [$0.path] } ?? []
    }
}

extension Problem {
    fileprivate static var noSocialImage: Problem { Problem(.notFound, "there is no such picture") }
}
