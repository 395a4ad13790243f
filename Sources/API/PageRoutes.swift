internal import Gzip
internal import HTTP
internal import Stories
internal import Web

extension Endpoints {
    /// What people look at: the list of stories, a story, one of its updates, and the files that those pages are made with.
    mutating func addPages(_ pages: DigestPages) {
        let (digests, store) = (DigestReader(reader: reader, store: store, pages: pages), store)
        onRead("/live/{story}", produces: DigestForm.page.form.mediaType) { call, counter throws(Problem) in
            let parameters = Parameters(request: call.request)
            let query = SnapshotQuery(
                filter: UpdateFilter(keyEventsOnly: try parameters.only() != nil),
                before: try parameters.before())
            return digests.answer(call, .page, .page(query), counter, knownParameters: ["only", "before"])
        }
        onRead("/live/{story}/{update}", produces: DigestForm.page.form.mediaType) {
            call, counter throws(Problem) in
            digests.answer(call, .page, .update(try call.update), counter, knownParameters: [])
        }
        on(.get, "/", produces: HTMLPage.form.mediaType) { call throws(Problem) in
            let before = try Parameters(request: call.request).position("before") { StoryPosition($0) }
            let page = try await domain { () async throws(StoryError) in
                try await store.frontPage(before: before)
            }
            let index = IndexPage(page: page, site: pages.site(), isFirst: before == nil)
            return .page(index.bytes(), HTMLPage.form, to: call.request)
        }
        on(.get, "/desk", produces: "text/html") { [desk = DeskPage()] call throws(Problem) in
            .page(desk.bytes, desk.form, to: call.request)
        }
        on(.get, "/embed.js", produces: Asset.javaScript) { call throws(Problem) in
            Assets.own.response(to: call.request, at: \.embed)
        }
        on(.get, "/client.js", produces: Asset.javaScript) { call throws(Problem) in
            Assets.own.response(to: call.request, at: \.client)
        }
        on(.get, "/assets/{file}", produces: nil) { call throws(Problem) in
            guard
                let response = try Assets.own.response(
                    to: call.request, named: call.request.parameters["file"] ?? "")
            else { throw Problem(.notFound, "there is no such file") }
            return response
        }
    }

    /// What readers of feeds and search engines follow.
    mutating func addFeedForms(_ pages: DigestPages) {
        let digests = DigestReader(reader: reader, store: store, pages: pages)
        let routes: [(String, DigestForm)] = [
            ("/stories/{story}/feed.json", .jsonFeed), ("/stories/{story}/feed.atom", .atom),
            ("/stories/{story}/liveblog.jsonld", .linkedData),
        ]
        for (template, form) in routes {
            onRead(template, produces: form.form.mediaType) { call, counter throws(Problem) in
                let parameters = Parameters(request: call.request)
                let query = SnapshotQuery(limit: try parameters.limit(), before: try parameters.before())
                return digests.answer(
                    call, form, .page(query), counter, knownParameters: ["limit", "before"])
            }
        }
    }
}

extension Response {
    /// A page for everybody that is made for each who asks.
    fileprivate static func page(_ body: [UInt8], _ form: PageForm, to request: Request) -> Response {
        let digest = EntityTag.digest(body)
        let packed = request.prefersGzip ? gzip(body) : nil
        // Another coding is another representation, so a strong tag must differ (RFC 9110 §8.8.3.3).
        let tags = ["\"\(digest)\"", "\"\(digest).gz\""]
        var headers: Headers = [
            .etag: tags[packed == nil ? 0 : 1], .cacheControl: PageContent.Freshness.second.cacheControl,
            .vary: "Accept-Encoding",
        ]
        if tags.contains(where: { request.ifNoneMatch(names: Array($0.utf8)) }) {
            return Response(.notModified, headers: headers)
        }
        form.add(to: &headers)
        if packed != nil { headers.add(.contentEncoding, "gzip") }
        return Response(.ok, headers: headers, body: packed ?? body)
    }
}

extension Parameters {
    fileprivate func only() throws(Problem) -> FeedRequest.Only? { try choice("only") }

    fileprivate func before() throws(Problem) -> UpdatePosition? {
        try position("before") { UpdatePosition($0) }
    }
}

/// Answers with stories shown whole.
private struct DigestReader: Sendable {
    let reader: SharedReader
    let store: any StoryStore
    let pages: DigestPages

    func answer(
        _ call: Call, _ form: DigestForm, _ query: DigestQuery, _ counter: RouteCounter,
        knownParameters: Set<String>
    ) -> Answer {
        do throws(Problem) {
            let reference = try call.story
            let isPlain = call.request.queryItems.allSatisfy { knownParameters.contains($0.name) }
            return reader.answer(
                SharedRead(
                    call: call, reference: reference, kind: .digest(form, query), counter: counter,
                    isPlain: isPlain
                ) { [store, pages] feed, access throws(Problem) in
                    do throws(StoryError) {
                        let digest = try await store.digest(of: .id(feed.id), query, access: access)
                        return pages.content(digest, as: form, query, pollAfter: feed.pollAfter)
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
}

/// The editor's page: the same for all, for what it shows it asks for with the editor's key.
private struct DeskPage: Sendable {
    let bytes: [UInt8]
    /// Its script and its style have files of their own; nothing may frame it.
    let form = PageForm.html(
        policy: """
            default-src 'none'; script-src 'self'; style-src 'self'; img-src http: https:; media-src http: https:; \
            connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
            """)

    init() {
        let assets = Assets.own
        let named = [
            ("\"/assets/desk.js\"", assets.desk.path), ("\"/assets/desk.css\"", assets.deskStyle.path),
            ("\"/assets/icon.svg\"", assets.icon.path),
        ]
        bytes = named.reduce(Web.deskPage) { page, file in
            guard let place = page.firstRange(of: Array(file.0.utf8)) else { return page }
            return page[..<place.lowerBound] + Array("\"\(file.1)\"".utf8) + page[place.upperBound...]
        }
    }
}
