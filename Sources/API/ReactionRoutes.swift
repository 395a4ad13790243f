internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    mutating func addReactions(kinds: Set<ReactionKind>) {
        let store = store
        onRead("/stories/{story}/reactions") { [reader] call, counter throws(Problem) in
            let reference = try call.story
            return reader.answer(
                SharedRead(
                    call: call, reference: reference, kind: .reactions, counter: counter,
                    isPlain: call.hasNoQuery
                ) { feed, access throws(Problem) in
                    let reactions = try await domain { () async throws(StoryError) in
                        try await store.reactions(of: .id(feed.id), access: access)
                    }
                    // They take no numbers, so their tag is made of what they say.
                    let digest = EntityTag.digest(JSONWriter.bytes(of: reactions))
                    return PageContent(
                        reactions, tag: "reactions.\(digest)", story: feed.id, freshness: .second,
                        showsReactions: true)
                })
        }
        on(.post, "/stories/{story}/reactions/{kind}") { call throws(Problem) in
            try await call.react(to: nil, kinds: kinds, store: store)
        }
        on(.post, "/stories/{story}/updates/{update}/reactions/{kind}") { call throws(Problem) in
            try await call.react(to: try call.update, kinds: kinds, store: store)
        }
    }
}

extension Call {
    fileprivate func react(
        to update: Identifier?, kinds: Set<ReactionKind>, store: any StoryStore
    ) async throws(Problem) -> Response {
        let reference = try story
        guard let kind = ReactionKind(request.parameters["kind"] ?? ""), kinds.contains(kind) else {
            throw Problem(.notFound(.reactionKind))
        }
        try requireNoMembers()
        let count = try await domain { () async throws(StoryError) in
            try await store.react(kind, to: update, of: reference, access: access)
        }
        return .json(ReactionAnswer(kind: kind, count: count))
    }

    /// The body is optional, and there is nothing to say in it yet.
    private func requireNoMembers() throws(Problem) {
        if request.body.isEmpty { return }
        let faults = MemberReader(try request.json(), at: "").finish()
        guard faults.isEmpty else { throw Problem(faults: faults) }
    }
}

private struct ReactionAnswer: JSONWritable {
    let kind: ReactionKind
    let count: Int

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("kind", kind.name)
            $0.member("count", count)
            $0.member("counted", true)
        }
    }
}
