// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories
internal import Web

extension Endpoints {
    /// Pages besides stories: the index, the desk, and the static files that pages use.
    mutating func addPages(_ pages: OverviewRenderer) {
        let front = StoryIndexCache(hub: hub, jobs: jobs, site: pages.site)
        let second = Representation.Freshness.second.cacheControl
        on(.get, "/", produces: HTMLPage.format.mediaType, parameters: ["before"]) { call in
            let before = try Parameters(request: call.request).position("before") { StoryPosition($0) }
            return try await front.page(before: before).response(to: call.request, cacheControl: second)
        }
        onReady("/desk", produces: "text/html") { call in
            Asset.deskPage.response(to: call.request, cacheControl: second)
        }
        onReady("/embed.js", produces: MediaFormat.javaScript.mediaType) { call in
            Assets.embed(pages.embeds).responseForOthers(to: call.request)
        }
        onReady("/cards.js", produces: MediaFormat.javaScript.mediaType) { call in
            Assets.own.response(to: call.request, at: \.cards)
        }
        onReady("/push-worker.js", produces: MediaFormat.javaScript.mediaType) { call in
            Assets.own.response(to: call.request, at: \.pushWorker)
        }
        onReady("/client.js", produces: MediaFormat.javaScript.mediaType) { call in
            Assets.own.response(to: call.request, at: \.client)
        }
        onReady("/client.d.ts", produces: MediaFormat.typeScript.mediaType) { call in
            Assets.own.response(to: call.request, at: \.clientTypes)
        }
        // Browsers request this path by default.
        onReady("/favicon.ico", produces: nil) { call in
            Assets.own.response(to: call.request, at: \.icon)
        }
        onReady("/assets/{file}", produces: nil) { call in
            guard
                let response = try Assets.own.response(
                    to: call.request, named: call.request.parameters["file"] ?? "")
            else { throw Problem(.notFound, "there is no such file") }
            return response
        }
    }

    /// Whole stories in each format: HTML pages, feeds, and structured data for search engines.
    mutating func addOverviews(_ pages: OverviewRenderer) {
        let overviews = OverviewReader(hub: hub, reader: reader, pages: pages)
        for format in StoryFormat.allCases {
            onRead(format.story.template, produces: format.negotiated, parameters: format.parameters) {
                call, counter in
                let query = try Parameters(request: call.request).query(of: format)
                return try overviews.answer(
                    call, format, .page(query), counter, knownParameters: format.parameters)
            }
            guard let update = format.update else { continue }
            onRead(update.template, produces: format.negotiated) { call, counter in
                try overviews.answer(call, format, .update(try call.update), counter, knownParameters: [])
            }
        }
    }
}

extension Parameters {
    /// Returns the query for a format: pages take a filter, feeds a limit.
    fileprivate func query(of format: StoryFormat) throws(Problem) -> SnapshotQuery {
        let before = try position("before") { UpdatePosition($0) }
        guard format == .page else { return SnapshotQuery(limit: try limit(), before: before) }
        let only: FeedRequest.Only? = try choice("only")
        return SnapshotQuery(filter: UpdateFilter(keyEventsOnly: only != nil), before: before)
    }
}

/// Answers requests for whole stories.
private struct OverviewReader: Sendable {
    let hub: ChannelHub
    let reader: ReadThroughCache
    let pages: OverviewRenderer

    func answer(
        _ call: Call, _ format: StoryFormat, _ query: OverviewQuery, _ counter: RouteCounter,
        knownParameters: [String]
    ) throws(Problem) -> Answer {
        let store = hub.store
        let read = try call.read(
            .overview(format: format.rawValue, query), showing: format.shownReactions, counter,
            isPlain: call.request.queryHasOnly(knownParameters)
        ) { [pages] channel, access in
            let overview = try await restarting(at: call.request.path) {
                try await store.overview(of: .id(channel.id), query, access: access)
            }
            return pages.representation(overview, as: format, query)
        }
        if let channel = hub.channel(read.story) { return answer(read, of: channel, call) }
        return call.pending { answer(read, of: try await hub.open(read.story, access: call.access), call) }
    }

    /// Redirects requests by a former slug to the present one.
    private func answer(_ read: CacheableRead, of channel: StoryChannel, _ call: Call) -> Answer {
        guard let slug = channel.presentSlug(insteadOf: read.story, for: read.access) else {
            return call.answer(reader.look(up: read, of: channel))
        }
        return .ready(.moved(read.request, to: slug, of: channel.id))
    }
}

extension Response {
    /// Returns a redirect to the same path and query under the present slug. Cached briefly, since an admin may free the former one.
    fileprivate static func moved(_ request: Request, to slug: Slug, of story: Identifier) -> Response {
        // Segments: "", "live" or "stories", the slug, and the rest.
        var segments = request.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        segments[2] = slug.text
        let query = request.queryText.map { "?" + $0 } ?? ""
        return Response(
            .permanentRedirect,
            headers: [
                .location: segments.joined(separator: "/") + query,
                .cacheControl: Representation.Freshness.closed.cacheControl,
                "Surrogate-Key": "story-\(story)",
            ])
    }
}

extension Asset {
    /// The desk page, identical for all: its script reads content with the editor's key. Script and style are separate files, and no page
    /// may frame it. It frames sandboxed previews from `blob:` URLs, which inherit its policy, and shows pictures from `blob:` URLs
    /// before they are uploaded.
    ///
    /// Made at the first request, as all assets are: packing scripts would take two fifths of the time to the first answer.
    fileprivate static let deskPage: Asset = {
        let form = MediaFormat.html(
            policy: """
                default-src 'none'; script-src 'self'; style-src 'self' \(HTMLPage.styleSource); \
                frame-src blob:; img-src blob: http: https:; media-src http: https:; connect-src 'self'; \
                base-uri 'none'; form-action 'none'; frame-ancestors 'none'
                """)
        let files = [Assets.own.desk, Assets.own.deskStyle, Assets.own.icon]
        let page = files.reduce(Web.deskPage) { page, file in
            guard let place = page.firstRange(of: Array("\"/assets/\(file.name)\"".utf8)) else { return page }
            return page[..<place.lowerBound] + Array("\"\(file.path)\"".utf8) + page[place.upperBound...]
        }
        return Asset("desk.html", form, page)
    }()
}
