// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// The log of reaction counts for the streams of a story: all counts once, then events with the counts that have changed.
///
/// Events are numbered without gaps after `start`. Counts are absolute, so that a reader who has all counts as of a number and merges
/// later events is up to date. Changes are collected only while there are followers, and coalesced into one event per tick. If
/// some were missed, the log restarts at a number that no reader holds.
struct ReactionLog: Sendable {
    /// The next step of a reader's stream.
    enum Step: Sendable, Equatable {
        /// The reader is up to date, or has to wait for a load by another stream (single flight) or for the next tick.
        case wait
        /// Frames to send, after which the reader is up to date as of event `number`.
        case send([[UInt8]], number: Int)
        /// The stream has to load all counts from the store: ``StoryReactions/load(_:)``.
        case load
    }

    private let encoder: any FeedEncoder
    private var start = 0
    private var events: [[UInt8]] = []
    private var byteCount = 0
    /// All counts, as of the event with this number.
    private var all: (number: Int, frame: [UInt8])?
    /// Counts that have changed since the last event.
    private var changed = Reactions()
    private var followers = 0
    private var isLoading = false
    /// Whether all counts were read since the last tick. Rate limit: for a story with thousands of updates they are large.
    private var hasLoaded = false
    /// Whether a stream waits for all counts.
    private var isWanted = false

    /// Creates a log without followers.
    init(_ encoder: any FeedEncoder) { self.encoder = encoder }

    /// Number of the last event.
    var end: Int { start + events.count }

    /// Maximum bytes of events kept for readers who are behind or who connect; a reader further behind gets all counts again.
    /// The newest event is kept regardless of its size.
    static let keptBytes = 64 * 1024

    mutating func join() { followers += 1 }

    mutating func leave() {
        followers -= 1
        if followers == 0 { lose() }
    }

    /// Records a changed count.
    mutating func take(_ step: ReactionStep) {
        guard followers > 0 else { return lose() }
        if let update = step.update {
            changed.updates[update, default: [:]][step.kind] = step.count
        } else {
            changed.story[step.kind] = step.count
        }
    }

    /// Discards the log after missed changes: every reader gets all counts again.
    mutating func lose() {
        start = end + 1
        (events, byteCount, all, changed) = ([], 0, nil, Reactions())
    }

    /// Appends an event with the changed counts. Returns whether to notify the streams.
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

    /// Returns the next step for a reader who is up to date as of event `held`; `nil`: who has no counts yet.
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

    /// Ends a load that began after event `number`; `counts` is `nil` if it failed. Returns whether other streams wait for it.
    mutating func finishLoading(_ counts: Reactions?, asOf number: Int) -> Bool {
        isLoading = false
        guard let counts, number >= start else {
            // The next tick retries.
            isWanted = true
            return false
        }
        all = (number, encoder.encode(counts, isAll: true).frame().bytes)
        defer { isWanted = false }
        return isWanted
    }
}
