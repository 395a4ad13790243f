// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// `POST /stories/{story}/updates/move`: moves updates to another story, or splits them off into a new one.
    ///
    /// `kinds`: the server's kinds of reaction, of which a new story may take some.
    mutating func addMoves(_ kinds: Set<ReactionKind>) {
        let store = store
        on(.post, "/stories/{story}/updates/move", .key) { call in
            let reference = try call.story
            let request = try MoveRequest(call.request.json(), kinds)
            return try await call.perform(answering: { .json(MoveAnswer(moved: $0)) }) { idempotency in
                let moved = try await store.moveUpdates(
                    request.ids, of: reference, to: request.target, idempotency: idempotency,
                    access: call.access)
                await call.purge(request.ids, of: moved.source)
                return moved
            } replaying: {
                // The first attempt may not have got further than its commit.
                guard call.canPurge else { return }
                await call.purge(request.ids, of: try await store.names(of: reference, access: call.access))
            }
        }
    }
}

/// The body of a move: `{"ids": […], "to": "a-story"}`, or with the members of a new story instead, `{"ids": […], "story": {…}}`.
private struct MoveRequest {
    let ids: [Identifier]
    let target: MoveTarget

    private static let targetRule = "must be the id or slug of a story"

    init(_ body: JSONValue, _ kinds: Set<ReactionKind>) throws(Problem) {
        var decoder = JSONObjectDecoder(body, at: "")
        decoder.require("ids")
        ids = Self.ids(&decoder)
        let story = decoder.member("to", "a string", rule: Self.targetRule) { value in
            value.text.flatMap { StoryReference($0) }
        }.given
        let new =
            decoder.object("story") { inner in
                inner.isNew = true
                inner.require("title")
                var patch = StoryPatch()
                patch.read(&inner)
                inner.add(patch.errors(at: inner.base))
                inner.add(patch.errors(at: inner.base, beside: kinds))
                return patch
            }.given ?? nil
        if (body["to"] == nil) == ((body["story"] ?? .null) == .null) {
            decoder.fault("to", "is required, unless there is a new \"story\" instead: one of the two")
        }
        target = new.map(MoveTarget.newStory) ?? .story(story ?? .id(Identifier(high: 0, low: 0)))
        let errors = decoder.finish()
        guard errors.isEmpty else { throw Problem(errors: errors) }
    }

    private static func ids(_ decoder: inout JSONObjectDecoder) -> [Identifier] {
        let ids: [Identifier]? = decoder.list("ids") { value, place, errors in
            if let id = value.text.flatMap({ Identifier($0) }) { return id }
            errors.append(ValidationError(place(), JSONObjectDecoder.identifierRule))
            return nil
        }.given
        guard let ids else { return [] }
        if !(1...Limits.movedUpdates).contains(ids.count) {
            decoder.fault("ids", "must name 1 to \(Limits.movedUpdates) updates, not \(ids.count)")
        } else if Set(ids).count < ids.count {
            decoder.fault("ids", "must not name an update twice")
        }
        return ids
    }
}

extension Call {
    /// Purges what showed updates in the story that they have left.
    fileprivate func purge(_ ids: [Identifier], of source: StoryNames) async {
        guard canPurge else { return }
        // In their order: the purge hook takes the story from the first.
        var seen: Set<String> = []  // ascii: of ids and slugs
        _ = await purge(ids.flatMap { source.publicPaths(with: $0) }.filter { seen.insert($0).inserted })
    }
}

private struct MoveAnswer: JSONWritable {
    let moved: MovedUpdates

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("story", moved.target.value)
            $0.member("moved", moved.ids)
        }
    }
}
