internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// Corrections that leave no trace. `purge` has a cache forget what is under some paths, and says whether it did.
    mutating func addTakedowns(purge: API.Purge?) {
        let store = store
        on(.post, "/stories/{story}/updates/{update}/takedown", .key) { call throws(Problem) in
            let (reference, id, reason) = (try call.story, try call.update, try call.reason)
            let precondition = try EntityTag.precondition(of: call.request)
            let response = try await call.perform(
                answering: { .json(TakedownAnswer(takedown: $0, update: id)) },
                { once throws(StoryError) in
                    try await store.takeDownUpdate(
                        id, of: reference, reason: reason, if: precondition, once: once, access: call.access)
                })
            // Also where the answer is that of an earlier time, which may have come no further than its commit.
            return await response.purged(by: purge, call.request.traceParent)
        }
    }
}

/// Word of a takedown, with the paths under which caches may hold what is gone.
private struct TakedownAnswer: JSONWritable {
    let takedown: Takedown
    let update: Identifier

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", update)
            $0.member("erased", takedown.isErased)
            $0.member("purge", paths)
        }
    }

    private var paths: [String] {
        [takedown.story.id.description, takedown.story.slug.text].flatMap { story in
            [
                "", "/updates", "/updates/\(update)", "/reactions", "/feed.json", "/feed.atom",
                "/liveblog.jsonld",
            ].map { "/stories/\(story)\($0)" } + ["/live/\(story)", "/live/\(story)/\(update)"]
        }
    }
}

extension Response {
    /// The same, with what came of having the paths purged that it lists.
    fileprivate func purged(by purge: API.Purge?, _ trace: TraceParent?) async -> Response {
        var outcome: Bool?
        // The answer may be a kept one, so that what it says is all there is to go by. It is ours, and can be read.
        if let purge, case .array(let paths)? = (try? JSONValue(parsing: body))?["purge"] {
            outcome = await purge(paths.compactMap { $0.text }, trace)
        }
        var writer = JSONWriter()
        writer.object { $0.member("purged", outcome) }
        // Both are objects: the one goes on where the other ends.
        var joined = Array(body.prefix(body.count - 2))
        joined.append(UInt8(ascii: ","))
        joined += writer.bytes[1...]
        joined.append(UInt8(ascii: "\n"))
        return Response(status, headers: headers, body: joined)
    }
}
