internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    mutating func addReactions(kinds: Set<ReactionKind>) {
        let store = store
        on(.get, "/stories/{story}/reactions") { call throws(Problem) in
            let reference = try call.story
            let reactions = try await domain { () async throws(StoryError) in
                try await store.reactions(of: reference, access: call.access)
            }
            return .json(reactions)
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
