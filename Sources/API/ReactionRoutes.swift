// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Live
internal import Stories

extension Endpoints {
    mutating func addReactions(kinds: Set<ReactionKind>, limit: RateLimit, forwarded: ForwardedBy) {
        let (store, limiter) = (store, RateLimiter(limit))
        onRead(PublicPath.reactions.template) { [reader] call, counter in
            try call.answer(.reactions, showing: .exactly, from: reader, counter) { channel, access in
                let reactions = try await store.reactions(of: .id(channel.id), access: access)
                // Reactions have no sequence numbers, so the tag is a digest of the content.
                let digest = EntityTag.digest(JSONWriter.bytes(of: reactions))
                return Representation(
                    reactions, tag: "reactions.\(digest)", story: channel.id, freshness: .second)
            }
        }
        let (ofStory, ofUpdate) = (
            "/stories/{story}/reactions/{kind}", "/stories/{story}/updates/{update}/reactions/{kind}"
        )
        onLimited(.post, ofStory) { call in try await call.react(to: nil, kinds, store) }
        onLimited(.post, ofUpdate) { call in
            try await call.react(to: try call.update, kinds, store)
        }
        onLimited(.delete, ofStory) { call in
            try await call.takeBack(of: nil, kinds, store)
        }
        onLimited(.delete, ofUpdate) { call in
            try await call.takeBack(of: try call.update, kinds, store)
        }

        func onLimited(
            _ method: Method, _ template: String,
            _ handle: @escaping @Sendable (Call) async throws -> Response
        ) {
            on(method, template) { call in
                try await call.limited(by: limiter, forwarded) {
                    try await handle(call)
                }
            }
        }
    }
}

extension Call {
    fileprivate func react(
        to update: Identifier?, _ kinds: Set<ReactionKind>, _ store: any StoryStore
    ) async throws -> Response {
        let (reference, kind) = (try story, try reactionKind(of: kinds))
        let visitor = request.body.isEmpty ? nil : try visitor()
        return try await perform(answering: { .json(ReactionAnswer(kind: kind, outcome: $0)) }) {
            idempotency in
            let outcome = try await store.react(
                kind, to: update, of: reference, by: visitor, idempotency: idempotency, access: access)
            metrics.countReaction(isCounted: outcome.counted)
            return outcome
        }
    }

    fileprivate func takeBack(
        of update: Identifier?, _ kinds: Set<ReactionKind>, _ store: any StoryStore
    ) async throws -> Response {
        let (reference, kind) = (try story, try reactionKind(of: kinds))
        guard let visitor = try visitor() else {
            throw Problem(errors: [
                ValidationError(
                    "/visitor", "is required: a reaction can be taken back only by the visitor who gave it")
            ]
            )
        }
        let outcome = try await store.takeBackReaction(
            kind, to: update, of: reference, by: visitor, access: access)
        if outcome.counted { metrics.countWithdrawal() }
        return .json(ReactionAnswer(kind: kind, outcome: outcome))
    }

    private func reactionKind(of kinds: Set<ReactionKind>) throws(Problem) -> ReactionKind {
        guard let kind = ReactionKind(request.parameters["kind"] ?? ""), kinds.contains(kind) else {
            throw Problem(.notFound(.reactionKind))
        }
        return kind
    }

    /// Returns the visitor named by the body, if any.
    private func visitor() throws(Problem) -> Visitor? {
        var reader = JSONObjectDecoder(try request.json(), at: "")
        let rule = "must be 1 to \(Limits.visitorCharacters) characters"
        let visitor = reader.nullableMember("visitor", "a string", rule: rule) {
            $0.text.flatMap { Visitor($0) }
        }
        let errors = reader.finish()
        guard errors.isEmpty else { throw Problem(errors: errors) }
        return visitor.given ?? nil
    }
}

private struct ReactionAnswer: JSONWritable {
    let kind: ReactionKind
    let outcome: ReactionOutcome

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("kind", kind.name)
            $0.member("count", outcome.count)
            $0.member("counted", outcome.counted)
        }
    }
}
