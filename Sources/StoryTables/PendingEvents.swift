// SPDX-License-Identifier: Apache-2.0
public import Stories

/// The events of a transaction, to be published after its commit. Confined to the writer's queue.
public final class PendingEvents {
    /// The events so far, in order.
    public private(set) var events: [StoreEvent] = []

    /// Creates an empty list.
    public init() {}

    /// The number of events.
    public var count: Int { events.count }

    func add(_ event: StoreEvent) {
        events.append(event)
    }

    /// Drops the events beyond the first `count`, because their command was rolled back.
    public func cut(to count: Int) {
        events.removeLast(events.count - count)
    }

    /// Returns all events, and clears the list.
    public func take() -> [StoreEvent] {
        defer { events = [] }
        return events
    }
}
