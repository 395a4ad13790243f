internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    mutating func addUpdates() {
        let store = store
        on(.post, "/stories/{story}/updates", .key) { call throws(Problem) in
            let reference = try call.story
            let patch = try call.newUpdate
            let update = try await domain { () async throws(StoryError) in
                try await store.createUpdate(of: reference, patch, access: call.access)
            }
            var response = Response.written(update, status: .created)
            response.headers[.location] = "/stories/\(reference)/updates/\(update.value.id)"
            return response
        }
        onRead("/stories/{story}/updates/{update}") { [reader] call, counter throws(Problem) in
            let (reference, id) = (try call.story, try call.update)
            return reader.answer(
                SharedRead(
                    call: call, reference: reference, kind: .update(id), counter: counter,
                    isPlain: call.hasNoQuery
                ) { feed, access throws(Problem) in
                    let update = try await domain { () async throws(StoryError) in
                        try await store.update(id, of: .id(feed.id), access: access)
                    }
                    return PageContent(
                        update.value, tag: "\(update.version)", story: feed.id, freshness: .live)
                })
        }
        on(.patch, "/stories/{story}/updates/{update}", .key) { call throws(Problem) in
            let (reference, id) = (try call.story, try call.update)
            let precondition = try EntityTag.precondition(of: call.request)
            let patch = try UpdatePatch(body: call.request.json(orType: "application/merge-patch+json"))
            let update = try await domain { () async throws(StoryError) in
                try await store.editUpdate(id, of: reference, patch, if: precondition, access: call.access)
            }
            return .written(update)
        }
        on(.delete, "/stories/{story}/updates/{update}", .key) { call throws(Problem) in
            let (reference, id) = (try call.story, try call.update)
            let precondition = try EntityTag.precondition(of: call.request)
            try await domain { () async throws(StoryError) in
                try await store.deleteUpdate(id, of: reference, if: precondition, access: call.access)
            }
            return Response(.noContent)
        }
    }
}

extension Call {
    /// The body of a new update: its members as JSON, or its text as it is.
    fileprivate var newUpdate: UpdatePatch {
        get throws(Problem) {
            let type = try request.requireBody(of: "application/json", "text/markdown", "text/plain")
            return type == "application/json"
                ? try UpdatePatch(body: request.parsedJSON(), requiring: "body")
                : try UpdatePatch(text: request.text())
        }
    }
}

extension Response {
    fileprivate static func written(_ update: Versioned<Update>, status: Status = .ok) -> Response {
        .json(update.value, status, capacity: 4_096, headers: [.etag: EntityTag.text(update.version)])
    }
}
