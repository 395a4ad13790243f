// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Live
internal import Stories

extension Endpoints {
    /// `deletingIntoBin`: whether a deleted update can be restored for a while; `notifying`: whether followers can be notified.
    mutating func addUpdates(deletingIntoBin: Bool, notifying: Bool) {
        let store = store
        on(.post, "/stories/{story}/updates", .key) { call in
            let reference = try call.story
            let new = try call.newUpdates
            if !notifying { try new.patches.requireQuiet(isBatch: new.isBatch) }
            let (place, isBatch) = ("/stories/\(reference)/updates", new.isBatch)
            return try await call.perform(
                answering: { .created($0, at: place, isBatch: isBatch) },
                place: { isBatch ? "/\($0)" : "" }
            ) { idempotency in
                do {
                    return try await store.createUpdates(
                        of: reference, new.patches, idempotency: idempotency, access: call.access)
                } catch StoryError.invalid(let errors) where isBatch && new.patches.count == 1 {
                    // The store cannot distinguish a batch of one from a single update.
                    throw StoryError.invalid(errors.map { ValidationError("/0" + $0.pointer, $0.detail) })
                }
            }
        }
        onRead(PublicPath.update.template) { [reader] call, counter in
            let id = try call.update
            return try call.answer(.update(id), from: reader, counter) { channel, access in
                let update = try await store.update(id, of: .id(channel.id), access: access)
                return Representation(update, of: channel.id, access)
            }
        }
        on(.patch, "/stories/{story}/updates/{update}", .key) { call in
            let (reference, id) = (try call.story, try call.update)
            let precondition = try EntityTag.precondition(of: call.request)
            let patch = try UpdatePatch(body: call.request.json(orType: "application/merge-patch+json"))
            if !notifying { try [patch].requireQuiet(isBatch: false) }
            let update = try await store.editUpdate(
                id, of: reference, patch, if: precondition, access: call.access)
            // Its first version as a draft: it has just been unpublished.
            if case .draft = update.value, update.version.seq == 1 {
                await call.purge(reference, update: id, from: store)
            }
            return .written(update)
        }
        on(.delete, "/stories/{story}/updates/{update}", .key) { call in
            let (reference, id) = (try call.story, try call.update)
            let precondition = try EntityTag.precondition(of: call.request)
            try await store.deleteUpdate(
                id, of: reference, intoBin: deletingIntoBin, if: precondition, access: call.access)
            await call.purge(reference, update: id, from: store)
            return Response(.noContent)
        }
    }

    /// Routes for retractions, which readers see, and for past revisions.
    mutating func addCorrections() {
        let store = store
        let update = "/stories/{story}/updates/{update}"
        on(.post, update + "/strike", .key) { call in
            let (reference, id, reason) = (try call.story, try call.update, try call.reason)
            return try await call.strike(id, of: reference, reason, store)
        }
        on(.delete, update + "/strike", .key) { call in
            try await call.strike(try call.update, of: try call.story, nil, store)
        }
        on(.get, update + "/revisions", .key) { call in
            let (reference, id) = (try call.story, try call.update)
            let revisions = try await store.revisions(of: id, of: reference, access: call.access)
            return .json(RevisionsAnswer(revisions: revisions), capacity: 16 * 1_024)
        }
    }
}

extension Call {
    fileprivate func strike(
        _ id: Identifier, of reference: StoryReference, _ reason: String?, _ store: any StoryStore
    ) async throws -> Response {
        let precondition = try EntityTag.precondition(of: request)
        return try await perform(answering: { .written($0) }) { idempotency in
            // Withdrawing a retraction is a DELETE, and idempotent by itself.
            try await store.strikeUpdate(
                id, of: reference, reason: reason, if: precondition,
                idempotency: reason == nil ? nil : idempotency,
                access: access)
        }
    }
}

/// Past revisions, newest first.
private struct RevisionsAnswer: JSONWritable {
    let revisions: [Update]

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("revisions", revisions.map(EditorUpdate.published)) }
    }
}

extension Call {
    /// The new updates in the body: one as JSON, a JSON array of them, or the text of one.
    fileprivate var newUpdates: (patches: [UpdatePatch], isBatch: Bool) {
        get throws(Problem) {
            let type = try request.requireBody(of: "application/json", "text/markdown", "text/plain")
            guard type == "application/json" else {  // ascii: one of these three
                let text = try request.text()
                let isPlain = type == "text/plain"  // ascii: one of these three
                return ([try UpdatePatch(text: isPlain ? PlainBody.markdown(text) : text)], false)
            }
            let body = try request.parsedJSON()
            guard case .array(let items) = body else {
                return ([try UpdatePatch(body: body, requiring: "body")], false)
            }
            return (try UpdatePatch.batch(items), true)
        }
    }

    /// The reason in the body: `{"reason": "…"}`.
    var reason: String {
        get throws(Problem) {
            var reader = JSONObjectDecoder(try request.json(), at: "")
            let reason = reader.requiredText("reason")
            reader.add(Strike.errors(in: reason))
            let errors = reader.finish()
            guard errors.isEmpty else { throw Problem(errors: errors) }
            return reason
        }
    }
}

extension [UpdatePatch] {
    /// Throws 422 if one asks for a notification, for a server that sends none.
    fileprivate func requireQuiet(isBatch: Bool) throws(Problem) {
        let errors = indices.filter { self[$0].asksToNotify }.map { index in
            ValidationError(
                (isBatch ? "/\(index)" : "") + "/notify",
                "must be false or left out: this server sends no notifications (--push-contact)")
        }
        guard errors.isEmpty else { throw Problem(errors: errors) }
    }
}

extension UpdatePatch {
    /// Decodes a batch; throws 422 with the errors of all its updates.
    fileprivate static func batch(_ items: [JSONValue]) throws(Problem) -> [UpdatePatch] {
        guard (1...Limits.batchUpdates).contains(items.count) else {
            throw Problem(errors: [
                ValidationError("", "must hold 1 to \(Limits.batchUpdates) updates, not \(items.count)")
            ])
        }
        var (patches, errors) = ([UpdatePatch](), [ValidationError]())
        for (index, item) in items.enumerated() {
            var (patch, reader) = (UpdatePatch(), JSONObjectDecoder(item, at: "/\(index)"))
            reader.isNew = true
            reader.require("body")
            patch.read(&reader)
            reader.add(patch.errors(at: reader.base))
            errors += reader.finish()
            patches.append(patch)
        }
        guard errors.isEmpty else { throw Problem(errors: errors) }
        return patches
    }
}

extension Representation {
    /// Creates the representation of an update, for readers or with the members for key holders.
    fileprivate init(_ update: Versioned<EditorUpdate>, of story: Identifier, _ access: Access) {
        let tag = "\(update.version)"
        if case .reader = access, case .published(let update) = update.value {
            self.init(update, tag: tag, story: story, freshness: .live)
        } else {
            self.init(update.value, tag: tag, story: story, freshness: .live)
        }
    }
}

extension Response {
    fileprivate static func created(_ updates: [Versioned<EditorUpdate>], at place: String, isBatch: Bool)
        -> Response
    {
        if isBatch { return .json(updates.map(\.value), .created, headers: [.location: place]) }
        var response = Response.written(updates[0], status: .created)
        response.headers[.location] = "\(place)/\(updates[0].value.id)"
        return response
    }

    /// Returns the response to a write of an update.
    static func written(_ update: Versioned<EditorUpdate>, status: Status = .ok) -> Response {
        let headers: Headers = [
            .etag: EntityTag.text(update.version), .contentType: "application/json",
        ]
        return Response(status, headers: headers, body: update.line)
    }
}
