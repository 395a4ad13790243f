// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories
internal import Synchronization

/// The reactions to a story that is being read: the generation by which responses are stale, and the log for streams.
final class StoryReactions: Sendable {
    /// Generation for responses that show counts.
    let generation = ReactionGeneration()
    private let log: Mutex<ReactionLog>

    /// Creates reactions without followers.
    init(_ encoder: any FeedEncoder) { log = Mutex(ReactionLog(encoder)) }

    /// Records a changed count.
    func take(_ step: ReactionStep, at now: Instant) {
        generation.count(at: now)
        log.withLock { $0.take(step) }
    }

    /// Makes all counts stale after an external write.
    func markStale(at now: Instant) {
        generation.markStale(at: now)
        log.withLock { $0.lose() }
    }

    /// Makes counts stale after reactions at another node, throttled like those at this one.
    func lose(at now: Instant) {
        generation.count(at: now)
        log.withLock { $0.lose() }
    }

    /// Called once a second. Returns whether to notify the streams.
    func tick(at now: Instant) -> Bool {
        generation.tick(at: now)
        return log.withLock { $0.tick() }
    }

    // MARK: Streams

    /// Adds a follower: changes are collected while there is one.
    func join() { log.withLock { $0.join() } }

    /// Removes a follower.
    func leave() { log.withLock { $0.leave() } }

    /// Returns the next step for a reader who is up to date as of event `number`; `nil`: who has no counts yet. After `.load`, the stream
    /// must call ``load(_:)`` (single flight: the others wait for it).
    func step(after number: Int?) -> ReactionLog.Step { log.withLock { $0.step(after: number) } }

    /// Reads all counts for all streams that need them; returns whether to notify the others. `read` returns `nil` if the store failed:
    /// the next tick retries.
    func load(_ read: () async -> Reactions?) async -> Bool {
        let number = log.withLock { $0.end }
        let counts = await read()
        return log.withLock { $0.finishLoading(counts, asOf: number) }
    }
}
