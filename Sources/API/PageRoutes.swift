// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories
internal import Web

extension Endpoints {
    /// Pages besides stories: the index, the desk, and the static files that pages use.
    mutating func addPages(_ pages: OverviewRenderer, searchLimit: RateLimit) {
        let front = StoryIndexCache(hub: hub, jobs: jobs, site, site: pages.site)
        let (second, searches) = (Representation.Freshness.second.cacheControl, RateLimiter(searchLimit))
        on(.get, "/", produces: HTMLPage.mediaType, parameters: ["q", "tag", "before"]) { call in
            let parameters = Parameters(request: call.request)
            let query = StoryIndexQuery(
                text: try parameters.searched(), tag: try parameters.tag(),
                before: try parameters.position("before") { StoryPosition($0) })
            if query.text != nil { try call.requireSearch(within: searches) }
            return try await front.page(query).response(to: call.request, cacheControl: second)
        }
        onReady("/desk", produces: HTMLPage.mediaType) { [site] call in
            let page = DeskPage.asset(in: site.latest.language.words)
            var response = page.response(to: call.request, cacheControl: second)
            // No page that opens it, or that it opens, gets hold of its window (HTML Living Standard, "Cross-origin opener
            // policies").
            response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
            return response
        }
        onReady("/embed.js", produces: MediaFormat.javaScript.mediaType) { [site] call in
            site.latest.embed(pages.embeds, site.latest.language.words).responseForOthers(to: call.request)
        }
        onReady("/words/{language}", produces: MediaFormat.json.mediaType) { call in
            guard let language = Words.match(call.request.parameters["language"] ?? "") else {
                throw Problem(.notFound, "there are no words of this language")
            }
            return LocalizedAsset.words.asset(in: .inCatalogue(language)).responseForOthers(to: call.request)
        }
        onReady("/embed-frame.js", produces: MediaFormat.javaScript.mediaType) { call in
            Assets.own.response(to: call.request, at: \.embedFrame)
        }
        onReady("/embed-live.js", produces: MediaFormat.javaScript.mediaType) { [site] call in
            LocalizedAsset.embedLive.asset(in: site.latest.language.words).responseForOthers(to: call.request)
        }
        onReady("/cards.js", produces: MediaFormat.javaScript.mediaType) { call in
            Assets.own.response(to: call.request, at: \.cards)
        }
        onReady("/push-worker.js", produces: MediaFormat.javaScript.mediaType) { [site] call in
            LocalizedAsset.pushWorker.asset(in: site.latest.language.words).responseForOthers(
                to: call.request)
        }
        onReady("/client.js", produces: MediaFormat.javaScript.mediaType) { call in
            Assets.own.response(to: call.request, at: \.client)
        }
        onReady("/client.d.ts", produces: MediaFormat.typeScript.mediaType) { call in
            Assets.own.response(to: call.request, at: \.clientTypes)
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
    mutating func addOverviews(_ pages: OverviewRenderer, searchLimit: RateLimit) {
        let overviews = OverviewReader(
            hub: hub, reader: reader, pages: pages, site: site, searches: RateLimiter(searchLimit))
        for format in StoryFormat.allCases {
            onRead(
                format.story.template, produces: format.negotiated, parameters: format.parameters,
                framers: format == .embed ? pages.framers : nil
            ) { call, counter in
                let parameters = Parameters(request: call.request)
                let look = try parameters.look(of: format)
                let query = try parameters.overview(of: format, look)
                return try overviews.answer(
                    call, format, query, look, counter, knownParameters: format.parameters)
            }
            guard let update = format.update else { continue }
            onRead(update.template, produces: format.negotiated) { call, counter in
                try overviews.answer(
                    call, format, .update(try call.update), WidgetLook(), counter, knownParameters: [])
            }
        }
    }
}

extension Parameters {
    /// Returns what a format shows: pages may be searched.
    fileprivate func overview(of format: StoryFormat, _ look: WidgetLook) throws(Problem) -> OverviewQuery {
        let page = try query(of: format, look)
        guard format == .page, let text = try searched() else { return .page(page) }
        return .search(OverviewSearch(text, in: page))
    }

    /// Returns what readers search for; `nil` if their form was sent empty.
    func searched() throws(Problem) -> String? {
        guard let value = request.query("q").first, !value.isEmpty else { return nil }
        guard let text = try text("q"), !text.isBlank else { return nil }
        guard text.unicodeScalars.count <= Limits.searchCharacters else {
            throw Problem(parameter: "q", "must be at most \(Limits.searchCharacters) characters long")
        }
        return text
    }

    /// Returns the query for a format: pages take a filter and an order, feeds a limit.
    fileprivate func query(of format: StoryFormat, _ look: WidgetLook) throws(Problem) -> SnapshotQuery {
        if format.isForOthers {
            return SnapshotQuery(limit: try integer("limit", in: Limits.pageSize) ?? look.form.pageSize)
        }
        let before = try position("before") { UpdatePosition($0) }
        guard format == .page else { return SnapshotQuery(limit: try limit(), before: before) }
        return SnapshotQuery(
            filter: try FeedRequest.filter(self), order: try choice("order") ?? .newest, before: before)
    }

    /// Returns how a format for other sites is to look; it has no meaning for the others.
    fileprivate func look(of format: StoryFormat) throws(Problem) -> WidgetLook {
        guard format.isForOthers else { return WidgetLook() }
        let theme: WidgetTheme? = format == .embed ? try choice("theme") : nil
        return WidgetLook(form: try choice("form") ?? .full, theme: theme ?? .auto)
    }
}

/// Answers requests for whole stories.
private struct OverviewReader: Sendable {
    let hub: ChannelHub
    let reader: ReadThroughCache
    let pages: OverviewRenderer
    let site: CurrentSite
    let searches: RateLimiter

    func answer(
        _ call: Call, _ format: StoryFormat, _ query: OverviewQuery, _ look: WidgetLook,
        _ counter: RouteCounter, knownParameters: [String]
    ) throws(Problem) -> Answer {
        let store = hub.store
        let read = try call.read(
            .overview(format: format.number(look), query), showing: format.shownReactions, counter,
            isPlain: call.request.queryHasOnly(knownParameters)
        ) { [pages, site] channel, access in
            let overview = try await restarting(at: call.request.path) {
                try await store.overview(of: .id(channel.id), query, access: access)
            }
            return pages.representation(overview, as: format, query, look, try await site.current())
        }
        if let channel = hub.channel(read.story) { return try answer(read, of: channel, call) }
        return call.pending {
            try answer(read, of: try await hub.open(read.story, access: call.access), call)
        }
    }

    /// Redirects requests by a former slug to the present one.
    private func answer(
        _ read: CacheableRead, of channel: StoryChannel, _ call: Call
    ) throws(Problem) -> Answer {
        guard let slug = channel.presentSlug(insteadOf: read.story, for: read.access) else {
            let lookup = reader.look(up: read, of: channel)
            if case .miss = lookup, case .overview(_, .search) = read.variant {
                try call.requireSearch(within: searches)
            }
            return answer(lookup, read.request, of: channel.id, call)
        }
        return .ready(.moved(read.request, to: slug, of: channel.id, .closed))
    }

    /// Redirects requests for an update that was moved to its present story.
    private func answer(
        _ lookup: ReadThroughCache.Lookup, _ request: Request, of story: Identifier, _ call: Call
    ) -> Answer {
        switch lookup {
        case .hit(let response): .ready(response)
        case .miss(let find):
            call.pending {
                do {
                    return .ready(try await find())
                } catch StoryError.moved(let slug) {
                    return .ready(.moved(request, to: slug, of: story, .second))
                }
            }
        }
    }
}

extension Response {
    /// Returns a redirect to the same path and query under another slug. Cached briefly, since an admin may free a former slug, and an
    /// update may move again.
    fileprivate static func moved(
        _ request: Request, to slug: Slug, of story: Identifier, _ freshness: Representation.Freshness
    ) -> Response {
        // Segments: "", "live", "embed" or "stories", the slug, and the rest.
        var segments = request.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        segments[2] = slug.text
        let query = request.queryText.map { "?" + $0 } ?? ""
        return Response(
            .permanentRedirect,
            headers: [
                .location: segments.joined(separator: "/") + query,
                .cacheControl: freshness.cacheControl,
                "Surrogate-Key": "story-\(story)",
            ])
    }
}
