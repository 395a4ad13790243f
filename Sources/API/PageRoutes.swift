internal import HTTP
internal import Stories
internal import Web

extension Endpoints {
    /// What people look at: the list of stories, a story, one of its updates, and the files that those pages are made with.
    mutating func addPages(_ pages: OverviewRenderer) {
        let overviews = OverviewReader(reader: reader, store: store, pages: pages)
        let front = StoryIndexCache(hub: hub, jobs: jobs, site: pages.site)
        let second = Representation.Freshness.second.cacheControl
        onRead("/live/{story}", produces: StoryFormat.page.form.mediaType, parameters: ["only", "before"]) {
            call, counter throws(Problem) in
            let parameters = Parameters(request: call.request)
            let query = SnapshotQuery(
                filter: UpdateFilter(keyEventsOnly: try parameters.only() != nil),
                before: try parameters.before())
            return overviews.answer(call, .page, .page(query), counter, knownParameters: ["only", "before"])
        }
        onRead("/live/{story}/{update}", produces: StoryFormat.page.form.mediaType) {
            call, counter throws(Problem) in
            overviews.answer(call, .page, .update(try call.update), counter, knownParameters: [])
        }
        on(.get, "/", produces: HTMLPage.form.mediaType, parameters: ["before"]) { call throws(Problem) in
            let before = try Parameters(request: call.request).position("before") { StoryPosition($0) }
            return try await front.page(before: before).response(to: call.request, cacheControl: second)
        }
        onReady("/desk", produces: "text/html") { [desk = Asset.deskPage] call throws(Problem) in
            desk.response(to: call.request, cacheControl: second)
        }
        onReady("/embed.js", produces: MediaFormat.javaScript.mediaType) { call throws(Problem) in
            Assets.own.response(to: call.request, at: \.embed)
        }
        onReady("/client.js", produces: MediaFormat.javaScript.mediaType) { call throws(Problem) in
            Assets.own.response(to: call.request, at: \.client)
        }
        // Where browsers look without being told.
        onReady("/favicon.ico", produces: nil) { call throws(Problem) in
            Assets.own.response(to: call.request, at: \.icon)
        }
        onReady("/assets/{file}", produces: nil) { call throws(Problem) in
            guard
                let response = try Assets.own.response(
                    to: call.request, named: call.request.parameters["file"] ?? "")
            else { throw Problem(.notFound, "there is no such file") }
            return response
        }
    }

    /// What readers of feeds and search engines follow.
    mutating func addFeedForms(_ pages: OverviewRenderer) {
        let overviews = OverviewReader(reader: reader, store: store, pages: pages)
        let routes: [(String, StoryFormat)] = [
            ("/stories/{story}/feed.json", .jsonFeed), ("/stories/{story}/feed.atom", .atom),
            ("/stories/{story}/liveblog.jsonld", .linkedData),
        ]
        for (template, form) in routes {
            onRead(template, produces: nil, parameters: ["limit", "before"]) {
                call, counter throws(Problem) in
                let parameters = Parameters(request: call.request)
                let query = SnapshotQuery(limit: try parameters.limit(), before: try parameters.before())
                return overviews.answer(
                    call, form, .page(query), counter, knownParameters: ["limit", "before"])
            }
        }
    }
}

extension Parameters {
    fileprivate func only() throws(Problem) -> FeedRequest.Only? { try choice("only") }

    fileprivate func before() throws(Problem) -> UpdatePosition? {
        try position("before") { UpdatePosition($0) }
    }
}

/// Answers with stories shown whole.
private struct OverviewReader: Sendable {
    let reader: ReadThroughCache
    let store: any StoryStore
    let pages: OverviewRenderer

    func answer(
        _ call: Call, _ form: StoryFormat, _ query: OverviewQuery, _ counter: RouteCounter,
        knownParameters: [String]
    ) -> Answer {
        do throws(Problem) {
            let reference = try call.story
            let isPlain = call.request.queryHasOnly(knownParameters)
            return answer(
                CacheableRead(
                    call: call, reference: reference, kind: .overview(form, query), counter: counter,
                    isPlain: isPlain
                ) { [store, pages] channel, access throws(Problem) in
                    do throws(StoryError) {
                        let overview = try await store.overview(of: .id(channel.id), query, access: access)
                        return pages.content(overview, as: form, query)
                    } catch {
                        var problem = Problem(error)
                        if error == .cursorExpired { problem.snapshot = call.request.path }
                        throw problem
                    }
                })
        } catch {
            return call.refuse(error)
        }
    }

    /// What goes by a former slug is sent on to the present one.
    private func answer(_ read: CacheableRead) -> Answer {
        if let channel = reader.hub.channel(read.reference) { return answer(read, of: channel) }
        return read.call.pending { () async throws(Problem) in answer(read, of: try await reader.open(read)) }
    }

    private func answer(_ read: CacheableRead, of channel: StoryChannel) -> Answer {
        guard let slug = channel.presentSlug(insteadOf: read.reference, for: read.call.access) else {
            return reader.answer(read, of: channel)
        }
        return .ready(.moved(read.call.request, to: slug, of: channel.id))
    }
}

extension Response {
    /// Redirect target: the same path and query under the present slug. Cached briefly, since an admin may free the former slug.
    fileprivate static func moved(_ request: Request, to slug: Slug, of story: Identifier) -> Response {
        // "", "live" or "stories", the slug, and what comes behind it.
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
    /// The editor's page: the same for all, for what it shows it asks for with the editor's key. Its script and its style have
    /// files of their own; nothing may frame it. It frames previews, which it has read itself and which may do what it may.
    fileprivate static var deskPage: Asset {
        let form = MediaFormat.html(
            policy: """
                default-src 'none'; script-src 'self'; style-src 'self' \(HTMLPage.styleSource); \
                frame-src blob:; img-src http: https:; media-src http: https:; connect-src 'self'; \
                base-uri 'none'; form-action 'none'; frame-ancestors 'none'
                """)
        let files = [Assets.own.desk, Assets.own.deskStyle, Assets.own.icon]
        let page = files.reduce(Web.deskPage) { page, file in
            guard let place = page.firstRange(of: Array("\"/assets/\(file.name)\"".utf8)) else { return page }
            return page[..<place.lowerBound] + Array("\"\(file.path)\"".utf8) + page[place.upperBound...]
        }
        return Asset("desk.html", form, page)
    }
}
