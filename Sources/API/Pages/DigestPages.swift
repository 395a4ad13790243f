internal import HTTP
internal import JSON
internal import Stories

/// Makes the bodies of pages and feeds of what the store has read.
struct DigestPages: Sendable {
    let kinds: [ReactionKind]
    /// Gives the origin of all addresses.
    let site: @Sendable () -> String

    func content(_ digest: Digest, as form: DigestForm, _ query: DigestQuery) -> PageContent {
        let bytes = bytes(digest, as: form, query)
        var content = PageContent(
            bytes: bytes, tag: EntityTag.digest(bytes), story: digest.story.id,
            freshness: .init(digest.story.content.status))
        content.form = form.form
        return content
    }

    private func bytes(_ digest: Digest, as form: DigestForm, _ query: DigestQuery) -> [UInt8] {
        let context = MarkupContext(slug: digest.story.slug, kinds: kinds)
        let site = site()
        let path = site + form.path(of: digest.story)
        let address = path + query.text
        let older = digest.older.map { path + query.next($0).text }
        switch form {
        case .page:
            return StoryPage(digest: digest, query: query, context: context, site: site).bytes()
        case .jsonFeed:
            let feed = JSONFeed(digest: digest, site: site, context: context, address: address, older: older)
            return JSONWriter.line(of: feed, capacity: 64 * 1_024)
        case .atom:
            return AtomFeed(
                digest: digest, site: site, context: context, address: address, older: older,
                isFirst: query.isFirst
            ).bytes()
        case .linkedData:
            let posting = LiveBlogPosting(digest: digest, site: site, context: context)
            return JSONWriter.line(of: posting, capacity: 64 * 1_024)
        }
    }
}

extension DigestQuery {
    fileprivate var isFirst: Bool {
        if case .page(let query) = self { query.before == nil } else { true }
    }

    /// The query that asks for it, without defaults, so that those who mean the same share an address.
    fileprivate var text: String {
        guard case .page(let query) = self else { return "" }
        var text = QueryBuilder()
        text.add("limit", query.limit == Limits.defaultPageSize ? nil : String(query.limit))
        text.add("before", query.before?.description)
        return text.text
    }

    /// The same for the page that follows.
    fileprivate func next(_ position: UpdatePosition) -> DigestQuery {
        guard case .page(var query) = self else { return self }
        query.before = position
        return .page(query)
    }
}
