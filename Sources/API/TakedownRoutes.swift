// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// Takedowns: final removal that erases the content.
    mutating func addTakedowns(
        _ library: MediaLibrary?, _ social: SocialImages?, at origin: @escaping @Sendable () -> String
    ) {
        let (store, site) = (store, site)
        on(.post, "/stories/{story}/updates/{update}/takedown", .key) { call in
            let (reference, id, reason) = (try call.story, try call.update, try call.reason)
            let precondition = try EntityTag.precondition(of: call.request)
            // Read before the takedown: afterwards the digest cannot be computed any more.
            let drawn = await social?.paths(of: id, in: reference, store, site.latest, at: origin()) ?? []
            let idempotency = try call.idempotency { (takedown: Takedown) in
                StoredResponse(.json(ErasedMedia(takedown.erasedMedia, and: drawn)))
            }
            do {
                var takedown = try await store.takeDownUpdate(
                    id, of: reference, reason: reason, if: precondition, idempotency: idempotency,
                    access: call.access)
                let isRemoved = await library?.removeFiles(of: takedown.erasedMedia) ?? true
                takedown.isErased = takedown.isErased && isRemoved
                return await call.purging(TakedownAnswer(takedown, and: drawn))
            } catch StoryError.replayed(let stored) {
                // Erase and purge again: the first attempt may not have got further than its commit.
                let paths = try await call.publicPaths(of: reference, with: id, from: store)
                let media = ErasedMedia(stored)
                let isRemoved = await library?.removeFolders(media.folders) ?? true
                let isErased = await store.eraseTraces() && isRemoved
                var response = await call.purging(
                    TakedownAnswer(id, isErased: isErased, paths: paths + media.paths))
                response.headers.addReplayed()
                return response
            }
        }
    }
}

extension Call {
    /// Purges the cache and returns the response to a takedown.
    fileprivate func purging(_ answer: TakedownAnswer) async -> Response {
        var answer = answer
        answer.purged = .some(await purge(answer.paths))
        return .json(answer)
    }

    /// Returns the paths of a removed update. If its story was deleted, which has purged its names, only those by the name in the request.
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

/// What is stored of the response to a takedown, as a repeat makes the rest anew: where the files of the erased pictures are, and the
/// paths at which readers found them.
private struct ErasedMedia: JSONWritable {
    let folders: [String]
    let paths: [String]

    /// `drawn`: the paths of pictures that were drawn of the update.
    init(_ assets: [MediaAsset], and drawn: [String]) {
        (folders, paths) = (assets.map(\.folder), assets.flatMap(\.paths) + drawn)
    }

    init(_ stored: StoredResponse) {
        let value = try? JSONValue(parsing: stored.body)
        func list(_ name: String) -> [String] {
            guard case .array(let items)? = value?[name] else { return [] }
            return items.compactMap(\.text)
        }
        (folders, paths) = (list("folders"), list("paths"))
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("folders", folders)
            $0.member("paths", paths)
        }
    }
}

/// The outcome of a takedown, with the paths at which caches may hold the erased content.
struct TakedownAnswer: JSONWritable {
    private let id: String
    private let isErased: Bool
    fileprivate let paths: [String]
    /// Whether a cache purged all of them; the inner `nil`: none is configured; the outer one omits the member, as in stored responses.
    fileprivate var purged: Bool??

    init(_ takedown: Takedown, and drawn: [String]) {
        self.init(
            takedown.update, isErased: takedown.isErased,
            paths: ([takedown.story] + takedown.formerStories).flatMap {
                $0.publicPaths(with: takedown.update)
            }
                + takedown.erasedMedia.flatMap(\.paths) + drawn)
    }

    fileprivate init(_ update: Identifier, isErased: Bool, paths: [String]) {
        (id, self.isErased, self.paths) = (update.description, isErased, paths)
    }

    /// Where it is if it is not erased yet.
    private static let ownFiles =
        "The database's own files hold it: of SQLite until the read ends that holds the log, of PostgreSQL until the operator runs \"wireroom erase\"."

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
            $0.member("copies", (isErased ? [] : [Self.ownFiles]) + Self.copies)
        }
    }
}
