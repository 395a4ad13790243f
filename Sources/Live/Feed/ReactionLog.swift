// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// The counts of reactions to a story as its streams are sent them: all counts once, then events of those that have changed.
///
/// Events are numbered without gaps from `start` on. Counts are absolute, so a reader that holds all of them as of a number, and merges
/// what has changed since, holds what the store does. Changes are collected only while there are followers, and coalesced into one event a
/// tick; where some were missed, the log begins anew at a number that no reader holds.
struct ReactionLog: Sendable {
    /// What a reader is sent next.
    enum Step: Sendable, Equatable {
        /// The reader is up to date, or a load that another stream began is still running (single flight).
        case wait
        /// Frames, after which the reader is up to date as of the number.
        case send([[UInt8]], number: Int)
        /// All counts are to be read from the store: ``StoryReactions/load(_:)``.
        case load
    }

    private let encoder: any FeedEncoder
    private var start = 0
    private var events: [[UInt8]] = []
    private var byteCount = 0
    /// All counts, read after the event of this number.
    private var all: (number: Int, frame: [UInt8])?
    /// What has changed since the last event.
    private var changed = Reactions()
    private var followers = 0
    private var isLoading = false
    /// Whether all counts were read since the last tick: of a story with thousands of updates they are large.
    private var hasLoaded = false
    /// Whether a stream waits for all counts.
    private var isWanted = false

    /// A log without followers.
    init(_ encoder: any FeedEncoder) { self.encoder = encoder }

    /// The number of the last event.
    var end: Int { start + events.count }

    /// Bytes of events kept for readers who missed some, or who connect; one further behind gets all counts anew. The
    /// newest event is kept whatever its size.
    static let keptBytes = 64 * 1024

    mutating func join() { followers += 1 }

    mutating func leave() {
        followers -= 1
        if followers == 0 { lose() }
    }

    /// A count has changed.
    mutating func take(_ step: ReactionStep) {
        guard followers > 0 else { return lose() }
        if let update = step.update {
            changed.updates[update, default: [:]][step.kind] = step.count
        } else {
            changed.story[step.kind] = step.count
        }
    }

    /// Changes were missed: every reader is to get all counts.
    mutating func lose() {
        start = end + 1
        (events, byteCount, all, changed) = ([], 0, nil, Reactions())
    }

    /// Makes an event of what has changed; says whether streams are to look.
    mutating func tick() -> Bool {
        hasLoaded = isLoading
        let isAwaited = isWanted && !isLoading
        if isAwaited { isWanted = false }
        guard changed != Reactions() else { return isAwaited }
        append(encoder.encode(changed, isAll: false).frame().bytes)
        changed = Reactions()
        return true
    }

    private mutating func append(_ frame: [UInt8]) {
        events.append(frame)
        byteCount += frame.count
        var surplus = 0
        while byteCount > Self.keptBytes, surplus < events.count - 1 {
            byteCount -= events[surplus].count
            surplus += 1
        }
        events.removeFirst(surplus)
        start += surplus
    }

    /// What a reader is sent that is up to date as of a number; `nil`: that has no counts yet.
    mutating func step(after held: Int?) -> Step {
        if let held, held >= start {
            return held == end ? .wait : .send(Array(events.dropFirst(held - start)), number: end)
        }
        if let all, all.number >= start {
            return .send([all.frame] + events.dropFirst(all.number - start), number: end)
        }
        guard !isLoading, !hasLoaded else {
            isWanted = true
            return .wait
        }
        (isLoading, hasLoaded) = (true, true)
        return .load
    }

    /// All counts were read, which was begun after the event of a number; `nil`: they could not be. Says whether others wait.
    mutating func finishLoading(_ counts: Reactions?, asOf number: Int) -> Bool {
        isLoading = false
        guard let counts, number >= start else {
            // With the next tick.
            isWanted = true
            return false
        }
        all = (number, encoder.encode(counts, isAll: true).frame().bytes)
        defer { isWanted = false }
        return isWanted
    }
}
