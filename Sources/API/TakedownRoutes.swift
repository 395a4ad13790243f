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
            do throws(StoryError) {
                let takedown = try await store.takeDownUpdate(
                    id, of: reference, reason: reason, if: precondition, idempotency: idempotency,
                    access: call.access)
                return await call.purging(TakedownAnswer(takedown))
            } catch {
                guard case .replayed(let stored) = error else { throw Problem(error) }
                // The first time may have come no further than its commit.
                var response = await call.purging(try TakedownAnswer(stored))
                response.headers.addReplayed()
                return response
            }
        }
    }
}

extension Call {
    /// Word of a takedown, once caches were told.
    fileprivate func purging(_ answer: TakedownAnswer) async -> Response {
        var answer = answer
        answer.purged = .some(await purge(answer.paths))
        return .json(answer)
    }
}

/// Word of a takedown, with the paths under which caches may hold what is gone.
struct TakedownAnswer: JSONWritable {
    private let id: String
    private let isErased: Bool
    fileprivate let paths: [String]
    /// Whether a cache has purged all of them, `nil` inside where there is none; left out of what is stored.
    fileprivate var purged: Bool??

    init(_ takedown: Takedown) {
        id = takedown.update.description
        isErased = takedown.isErased
        paths = takedown.story.cachePaths(of: takedown.update)
    }

    /// Reads what was stored of an earlier time; throws where the storage holds something else.
    init(_ stored: StoredResponse) throws(Problem) {
        guard let value = try? JSONValue(parsing: stored.body), let id = value["id"]?.text,
            case .bool(let isErased)? = value["erased"], case .array(let paths)? = value["purge"]
        else {
            throw Problem(.storage(.corrupt("answers.body is no takedown")))
        }
        (self.id, self.isErased) = (id, isErased)
        self.paths = paths.compactMap { $0.text }
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
