// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// Corrections that leave no trace.
    mutating func addTakedowns() {
        let store = store
        on(.post, "/stories/{story}/updates/{update}/takedown", .key) { call in
            let (reference, id, reason) = (try call.story, try call.update, try call.reason)
            let precondition = try EntityTag.precondition(of: call.request)
            let idempotency = try call.idempotency { (takedown: Takedown) in
                StoredResponse(.json(TakedownAnswer(takedown)))
            }
            do {
                let takedown = try await store.takeDownUpdate(
                    id, of: reference, reason: reason, if: precondition, idempotency: idempotency,
                    access: call.access)
                return await call.purging(TakedownAnswer(takedown))
            } catch StoryError.replayed {
                // Erases and purges once more: the first time may have come no further than its commit.
                let paths = try await call.publicPaths(of: reference, with: id, from: store)
                let isErased = await store.eraseTraces()
                var response = await call.purging(TakedownAnswer(id, isErased: isErased, paths: paths))
                response.headers.addReplayed()
                return response
            }
        }
    }
}

extension Call {
    /// The answer to a takedown, once the cache was purged.
    fileprivate func purging(_ answer: TakedownAnswer) async -> Response {
        var answer = answer
        answer.purged = .some(await purge(answer.paths))
        return .json(answer)
    }

    /// The paths of an update that is gone. Should its story be gone, too, whose deletion has purged its names: by the name of the request.
    fileprivate func publicPaths(
        of story: StoryReference, with update: Identifier, from store: any StoryStore
    ) async throws -> [String] {
        do {
            return try await store.names(of: story, access: access).publicPaths(with: update)
        } catch StoryError.notFound {
            return PublicPath.paths(of: [story.description], update: update)
        }
    }
}

/// What a takedown has done, with the paths under which caches may hold what is gone.
struct TakedownAnswer: JSONWritable {
    private let id: String
    private let isErased: Bool
    fileprivate let paths: [String]
    /// Whether a cache has purged all of them, `nil` inside where there is none; left out of what is stored.
    fileprivate var purged: Bool??

    init(_ takedown: Takedown) {
        self.init(
            takedown.update, isErased: takedown.isErased,
            paths: takedown.story.publicPaths(with: takedown.update))
    }

    fileprivate init(_ update: Identifier, isErased: Bool, paths: [String]) {
        (id, self.isErased, self.paths) = (update.description, isErased, paths)
    }

    /// Copies outside the database, which the server cannot erase, for the person who took the update down.
    private static let copies = [
        "Backups that were made before hold it: make a new one, and delete those.",
        "A Litestream replica holds it until its retention is over (168 h, and up to two days more), unless it is made anew.",
        "Caches on the way hold it until the paths of \"purge\" are purged, or else for a minute at most while they reach the server.",
        "Feed readers, search engines and archives drop it when they next ask, if they do; copies of people stay.",
    ]

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("erased", isErased)
            $0.member("purge", paths)
            if let purged { $0.member("purged", purged) }
            $0.member("copies", Self.copies)
        }
    }
}
