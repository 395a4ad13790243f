internal import Stories

/// What the commands of a transaction have to tell once it is committed. Belongs to the writer's queue.
final class PendingEvents {
    private(set) var events: [StoreEvent] = []

    func add(_ event: StoreEvent) {
        events.append(event)
    }

    /// Forgets what was added since there were so many: the command was taken back.
    func cut(to count: Int) {
        events.removeLast(events.count - count)
    }

    /// Gives all away and is empty.
    func take() -> [StoreEvent] {
        defer { events = [] }
        return events
    }
}
