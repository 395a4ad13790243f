// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Synchronization

/// How far reactions have come, which may arrive thousands of times a second. There is one sequence and two positions in it: `latest` moves with
/// each reaction, and `throttled` catches up with it about once a second, for what is costly to make anew.
///
///                reaction: catches up             reaction
///     ┌───────┐ ─────────────────────▶ ┌─────────┐ ───────▶ ┌────────┐
///     │ quiet │                        │ current │          │ behind │
///     └───────┘ ◀───────────────────── └─────────┘ ◀─────── └────────┘
///                   a second passes                  tick: catches up
///
/// So the first reaction after a quiet second shows at once (leading edge), and those that follow it with the next tick (trailing edge): what
/// goes by `throttled` is at most a second old, and the last reaction always shows. An external write catches up from any state.
///
/// What was read from the store after `latest` was n shows reaction n. It is fresh for those who want every reaction while `latest` is n, and
/// for all others while `throttled` is at most n.
final class ReactionGeneration: Sendable {
    private let sequence = Atomic<UInt64>(0)
    private let position = Atomic<UInt64>(0)
    private let pacing = Mutex(Pacing())

    private struct Pacing {
        /// When it caught up last; `nil`: never.
        var caughtUpAt: Instant?
        var isBehind = false
    }

    /// The least time between catching up and the next leading edge. Ticks come once in it.
    static let interval = Duration.seconds(1)

    /// To be read before the store is.
    var latest: UInt64 { sequence.load(ordering: .acquiring) }

    /// Never above ``latest``.
    var throttled: UInt64 { position.load(ordering: .acquiring) }

    /// There was a reaction.
    func count(at now: Instant) {
        pacing.withLock { pacing in
            sequence.add(1, ordering: .acquiringAndReleasing)
            if let last = pacing.caughtUpAt, now < last + Self.interval {
                pacing.isBehind = true
            } else {
                catchUp(&pacing, at: now)
            }
        }
    }

    /// To be called once in each ``interval``.
    func tick(at now: Instant) {
        pacing.withLock { if $0.isBehind { catchUp(&$0, at: now) } }
    }

    /// Any count may have changed, and what was made before may be wrong in more than counts.
    func markStale(at now: Instant) {
        pacing.withLock { pacing in
            sequence.add(1, ordering: .acquiringAndReleasing)
            catchUp(&pacing, at: now)
        }
    }

    private func catchUp(_ pacing: inout Pacing, at now: Instant) {
        pacing = Pacing(caughtUpAt: now)
        position.store(latest, ordering: .releasing)
    }
}
