// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Synchronization

/// The counters of the API.
final class Metrics: Sendable {
    /// Uploads of media assets.
    let media = MediaMeter()
    private let counters = Mutex<[RouteCounter]>([])
    private let countedReactions = Atomic<Int>(0)
    private let repeatedReactions = Atomic<Int>(0)
    private let withdrawnReactions = Atomic<Int>(0)
    private let limited = Atomic<Int>(0)

    /// Adds a counter for a route.
    func addCounter(_ method: Method, _ route: String) -> RouteCounter {
        let counter = RouteCounter(RouteMeter(method, route))
        counters.withLock { $0.append(counter) }
        return counter
    }

    /// Counts a reaction that was accepted: `isCounted` unless the visitor had given it before.
    func countReaction(isCounted: Bool) {
        if isCounted {
            countedReactions.add(1, ordering: .relaxed)
        } else {
            repeatedReactions.add(1, ordering: .relaxed)
        }
    }

    /// Counts a withdrawn reaction.
    func countWithdrawal() { withdrawnReactions.add(1, ordering: .relaxed) }

    /// Counts a request refused by the rate limit.
    func countLimited() { limited.add(1, ordering: .relaxed) }

    /// The counters of all routes, in order of registration.
    var routes: [RouteCounter] { counters.withLock { $0 } }

    /// Reactions by outcome, and requests refused by the rate limit.
    var reactions: (counted: Int, repeated: Int, withdrawn: Int, limited: Int) {
        (
            countedReactions.load(ordering: .relaxed), repeatedReactions.load(ordering: .relaxed),
            withdrawnReactions.load(ordering: .relaxed), limited.load(ordering: .relaxed)
        )
    }
}
