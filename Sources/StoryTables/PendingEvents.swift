// SPDX-License-Identifier: Apache-2.0
public import Stories

/// What the commands of a transaction have to tell once it is committed. Belongs to the writer's queue.
public final class PendingEvents {
    private var events: [StoreEvent] = []

    /// None yet.
    public init() {}

    /// How many there are.
    public var count: Int { events.count }

    func add(_ event: StoreEvent) {
        events.append(event)
    }

    /// Forgets what was added since there were so many: the command was taken back.
    public func cut(to count: Int) {
        events.removeLast(events.count - count)
    }

    /// Gives all away and is empty.
    public func take() -> [StoreEvent] {
        defer { events = [] }
        return events
    }
}
