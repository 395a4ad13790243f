// SPDX-License-Identifier: Apache-2.0
internal import Live
internal import Stories

/// A long poll whose response HTTP caches may share among all readers: `?cursor=C&wait=20&tick=N`.
///
/// Readers share a response only if they ask at one address. So a poll is not held for a time of its own but to the end of a window of
/// the clock, and the tick is a function of that window and of the cursor's sequence number: readers who hold the same cursor have the
/// same tick, whenever they came. Both parts only grow, hence each response has a higher tick than its request.
struct SharedPoll: Hashable, Sendable {
    /// The tick that the client copied from the previous response; 0 at first.
    let tick: Int
    /// The story whose windows count.
    let story: Identifier

    /// Valid ticks: the next one is still exact as a number of JavaScript.
    static let ticks = 0...(1 << 53) - 2
    /// Length of a window, and what any `wait` is rounded to.
    static let seconds = 20
    /// Upper bound of a hold in seconds: a window, and what clocks of nodes may differ by.
    static let mostSeconds = 25
    /// What a change adds to the tick: more than a client can be ahead of the clock, so that all meet again at the next change.
    static let ticksPerChange = 1_000

    private static let milliseconds = Int64(seconds * 1_000)

    /// Milliseconds by which the windows of this story begin earlier: not all stories are answered at the same moment.
    private var phase: Int64 { Int64(story.low % UInt64(Self.milliseconds)) }

    /// Returns the number of the window that a time is in.
    func window(at time: Timestamp) -> Int { Int((max(time.milliseconds, 0) + phase) / Self.milliseconds) }

    /// Returns how long a poll after this sequence number is held without news: to the end of the window that the tick names; not at
    /// all if that is over, as after tick 0.
    func hold(after seq: Int64, at time: Timestamp) -> Duration {
        let ahead = tick - Self.tick(of: seq) - window(at: time)
        guard ahead >= 0 else { return .zero }
        let rest = Self.milliseconds - (max(time.milliseconds, 0) + phase) % Self.milliseconds
        // A tick from a node whose clock is ahead, or from a response that was sent before its time at a shutdown.
        let wanted = ahead == 0 ? rest : rest + Self.milliseconds
        return .milliseconds(min(wanted, Int64(Self.mostSeconds * 1_000)))
    }

    /// Returns the tick of a response made in this window whose cursor has this sequence number.
    func next(window: Int, seq: Int64) -> Int { max(tick + 1, window + Self.tick(of: seq)) }

    /// The part of a tick that follows from a sequence number. Clamped: a client's cursor may hold any number.
    private static func tick(of seq: Int64) -> Int { Int(min(seq, 1 << 42)) * ticksPerChange }
}

/// How a delta is asked for.
enum DeltaPoll: Sendable {
    /// At once.
    case plain
    /// As soon as there is a change, or after this many seconds.
    case held(seconds: Int)
    /// As soon as there is a change, or at the end of a window; with this tick.
    case shared(tick: Int)
}
