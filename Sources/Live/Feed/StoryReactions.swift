// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories
internal import Synchronization

/// The reactions to a story that is being read: the generation that tells what is stale, and the log that streams are sent.
final class StoryReactions: Sendable {
    /// What responses that show counts are of.
    let generation = ReactionGeneration()
    private let log: Mutex<ReactionLog>

    /// Reactions without followers.
    init(_ encoder: any FeedEncoder) { log = Mutex(ReactionLog(encoder)) }

    /// A count has changed.
    func take(_ step: ReactionStep, at now: Instant) {
        generation.count(at: now)
        log.withLock { $0.take(step) }
    }

    /// Any count may have changed: an external write.
    func markStale(at now: Instant) {
        generation.markStale(at: now)
        log.withLock { $0.lose() }
    }

    /// Once a second; says whether streams are to look.
    func tick(at now: Instant) -> Bool {
        generation.tick(at: now)
        return log.withLock { $0.tick() }
    }

    // MARK: Streams

    /// A stream was opened: from now on changes are collected.
    func join() { log.withLock { $0.join() } }

    /// A stream has ended.
    func leave() { log.withLock { $0.leave() } }

    /// What a stream is sent whose reader is up to date as of a number; `nil`: that has no counts yet. After `.load`, ``load(_:)`` must follow
    /// (single flight: the others wait for it).
    func step(after number: Int?) -> ReactionLog.Step { log.withLock { $0.step(after: number) } }

    /// Reads all counts, for all streams that need them; says whether others are to look. `nil` stands for a failure of the store: retried with
    /// the next tick.
    func load(_ read: () async -> Reactions?) async -> Bool {
        let number = log.withLock { $0.end }
        let counts = await read()
        return log.withLock { $0.finishLoading(counts, asOf: number) }
    }
}
