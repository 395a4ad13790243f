// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories

extension Endpoints {
    /// The read-through cache for reads that readers share.
    var reader: ReadThroughCache { ReadThroughCache(hub: hub, cache: cache, jobs: jobs) }
}

extension Call {
    /// Returns a cacheable read of the story named by the path. `isPlain`: whether the query has only known parameters.
    func read(
        _ variant: CacheKey.Variant, showing shown: ShownReactions = .none, _ counter: RouteCounter,
        isPlain: Bool, load: @escaping CacheableRead.Load
    ) throws(Problem) -> CacheableRead {
        CacheableRead(
            request: request, access: access, story: try story, variant: variant, shown: shown,
            counter: counter, isPlain: isPlain, load: load)
    }

    /// Answers a cacheable read of a route without query parameters.
    func answer(
        _ variant: CacheKey.Variant, showing shown: ShownReactions = .none, from cache: ReadThroughCache,
        _ counter: RouteCounter, load: @escaping CacheableRead.Load
    ) throws(Problem) -> Answer {
        let read = try read(variant, showing: shown, counter, isPlain: hasNoQuery, load: load)
        return answer(cache.look(up: read))
    }

    /// Answers a hit at once, and a miss in a task.
    func answer(_ lookup: ReadThroughCache.Lookup) -> Answer {
        switch lookup {
        case .hit(let response): .ready(response)
        case .miss(let find): pending { .ready(try await find()) }
        }
    }
}

/// Runs a read that starts from a cursor. If the cursor has expired, the problem names the snapshot to restart from.
func restarting<Result>(
    at snapshot: @autoclosure () -> String, _ read: () async throws -> Result
) async throws -> Result {
    do {
        return try await read()
    } catch StoryError.cursorExpired {
        var problem = Problem(.cursorExpired)
        problem.snapshot = snapshot()
        throw problem
    }
}
