// SPDX-License-Identifier: Apache-2.0
/// The subscribers that are still to be notified: a pass over the subscribers of each topic that has changed.
///
/// Notifications are coalesced: a topic that changes during its pass has one more pass, however often it changes, because a subscriber
/// reads the latest state. So the work that waits is bounded by the number of subscribers, not by the rate of changes. Passes take turns, so that a
/// topic with many subscribers does not delay the others.
struct NotificationPasses {
    private struct Pass {
        let topic: ObjectIdentifier
        let subscribers: [ConnectionID]
        var next = 0

        var isOver: Bool { next == subscribers.count }

        mutating func take(_ count: Int, into taken: inout [ConnectionID]) {
            let end = min(next + count, subscribers.count)
            taken += subscribers[next..<end]
            next = end
        }
    }

    private var passes: [Pass] = []
    /// The pass whose turn is next.
    private var turn = 0
    /// The topics of the passes; `true` if the topic has changed since its pass began.
    private var hasChangedAgain: [ObjectIdentifier: Bool] = [:]

    /// Subscribers of one topic that are notified before other topics have their turn.
    private static let subscribersPerTurn = 64

    /// Whether subscribers are to be notified.
    var isEmpty: Bool { passes.isEmpty }

    /// The topic has changed; `subscribers` is called if its pass begins now.
    mutating func schedule(_ topic: ObjectIdentifier, _ subscribers: () -> [ConnectionID]) {
        guard hasChangedAgain[topic] == nil else { return hasChangedAgain[topic] = true }
        hasChangedAgain[topic] = false
        passes.append(Pass(topic: topic, subscribers: subscribers()))
    }

    /// The next subscribers, at most `count`. `subscribers` are those of a topic now, for another pass.
    mutating func take(
        atMost count: Int, _ subscribers: (ObjectIdentifier) -> [ConnectionID]
    ) -> [ConnectionID] {
        var taken: [ConnectionID] = []
        taken.reserveCapacity(count)
        while taken.count < count, !passes.isEmpty {
            if turn >= passes.count { turn = 0 }
            passes[turn].take(min(count - taken.count, Self.subscribersPerTurn), into: &taken)
            if passes[turn].isOver { endPass(subscribers) } else { turn += 1 }
        }
        return taken
    }

    /// Ends the pass whose turn it is, and begins another if its topic has changed meanwhile.
    private mutating func endPass(_ subscribers: (ObjectIdentifier) -> [ConnectionID]) {
        passes.swapAt(turn, passes.count - 1)
        let topic = passes.removeLast().topic
        if hasChangedAgain.removeValue(forKey: topic) == true { schedule(topic) { subscribers(topic) } }
    }
}
