// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Live
internal import Stories

extension Endpoints {
    /// `kinds`: the server's kinds of reaction, of which a story takes some.
    mutating func addStories(kinds: Set<ReactionKind>) {
        let store = store
        on(.get, "/stories", parameters: ["status", "tag", "limit", "before"]) { call in
            let parameters = Parameters(request: call.request)
            let query = StoryListQuery(
                status: try parameters.choice("status"), tag: try parameters.tag(),
                limit: try parameters.limit(),
                before: try parameters.position("before") { StoryPosition($0) })
            let list = try await store.stories(query, access: call.access)
            return .digested(StoryListAnswer(list: list, query: query), to: call.request)
        }
        on(.post, "/stories", .key) { call in
            let patch = try StoryPatch(body: call.request.json(), requiring: "title").taking(kinds)
            return try await call.perform(answering: Response.created) { idempotency in
                try await store.createStory(patch, idempotency: idempotency, access: call.access)
            }
        }
        onRead(PublicPath.story.template) { [reader] call, counter in
            try call.answer(.story, showing: .exactly, from: reader, counter) { channel, access in
                let detail = try await store.story(.id(channel.id), access: access)
                return Representation(
                    detail, tag: EntityTag.opaque(detail), story: detail.story.id,
                    freshness: .init(detail.story.content.status))
            }
        }
        on(.put, "/stories/{story}", .key) { call in
            let slug = try call.newSlug
            let precondition = try EntityTag.precondition(of: call.request)
            let patch = try StoryPatch(body: call.request.json(), at: slug).taking(kinds)
            let (story, created) = try await store.putStory(
                slug, patch, if: precondition, access: call.access)
            if !created, story.value.content.status == .draft {
                await call.purge(.id(story.value.id), from: store)
            }
            return created ? .created(story) : .written(story)
        }
        on(.patch, "/stories/{story}", .key) { call in
            let reference = try call.story
            let precondition = try EntityTag.precondition(of: call.request)
            let patch = try StoryPatch(body: call.request.json(orType: "application/merge-patch+json"))
                .taking(kinds)
            let story = try await store.editStory(reference, patch, if: precondition, access: call.access)
            if patch.takesAway { await call.purge(.id(story.value.id), from: store) }
            return .written(story)
        }
        on(.delete, "/stories/{story}", .key) { call in
            let reference = try call.story
            let precondition = try EntityTag.precondition(of: call.request)
            let names = try await store.deleteStory(reference, if: precondition, access: call.access)
            await call.purge(names)
            return Response(.noContent)
        }
    }
}

extension Call {
    /// The slug that a PUT names; 404 for an id, which clients cannot choose.
    fileprivate var newSlug: Slug {
        get throws(Problem) {
            let text = request.parameters["story"] ?? ""
            if Identifier(text) != nil { throw Problem(.notFound(.story)) }
            guard let slug = Slug(text) else { throw Problem(errors: [ValidationError("/slug", Slug.rule)]) }
            return slug
        }
    }
}

extension StoryPatch {
    /// Whether the patch may make the story unavailable at some of its addresses, so that caches must be purged.
    fileprivate var takesAway: Bool {
        if case .set = slug { return true }
        if case .set(.draft) = self.status { return true }
        return false
    }

    /// Returns the patch; throws if it names kinds of reaction that the server does not have.
    fileprivate func taking(_ kinds: Set<ReactionKind>) throws(Problem) -> StoryPatch {
        let errors = errors(at: "", beside: kinds)
        guard errors.isEmpty else { throw Problem(errors: errors) }
        return self
    }

    /// The errors of kinds of reaction that the server does not have; `base`: the JSON Pointer of the story's members.
    func errors(at base: String, beside kinds: Set<ReactionKind>) -> [ValidationError] {
        guard case .set(let names?) = self.reactionKinds else { return [] }
        let known = kinds.sorted().map(\.name).joined(separator: ", ")
        return names.indices.filter { ReactionKind(names[$0]).map { !kinds.contains($0) } ?? true }.map {
            ValidationError("\(base)/reactionKinds/\($0)", "must be one of this server's kinds: \(known)")
        }
    }

    /// Creates a patch from the body of a PUT, which may repeat the slug of the path but not contradict it.
    fileprivate init(body: JSONValue, at slug: Slug) throws(Problem) {
        try self.init(body: body, requiring: "title")
        guard case .set(let named) = self.slug, named != slug else { return }
        throw Problem(errors: [
            ValidationError("/slug", "must be the slug of the path, \"\(slug)\", or be left out")
        ])
    }
}

extension Response {
    fileprivate static func created(_ story: Versioned<Story>) -> Response {
        var response = written(story, status: .created)
        response.headers[.location] = "/stories/\(story.value.id)"
        return response
    }

    fileprivate static func written(_ story: Versioned<Story>, status: Status = .ok) -> Response {
        .json(story.value, status, headers: [.etag: EntityTag.text(story.version)])
    }
}

/// A page of stories with the address of the next page.
private struct StoryListAnswer: JSONWritable {
    let list: StoryList
    let query: StoryListQuery

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("stories", list.entries)
            $0.member("older", older)
        }
    }

    private var older: String? {
        list.older.map { position in
            var address = QueryBuilder()
            address.add("status", query.status?.rawValue)
            address.add("tag", query.tag)
            address.add("limit", String(query.limit))
            address.add("before", position.description)
            return "/stories" + address.text
        }
    }
}
