import Synchronization

/// Something that changes, and that any number of connections may wait for: a story, for one.
///
/// A change is told once to each worker that has connections waiting, and that worker tells them in its own loop:
/// ten thousand waiting connections cost no thread, no timer and no lock each.
public final class Topic: Sendable {
    private let changes = Atomic<UInt64>(0)
    private let workers = Mutex<[Worker]>([])

    /// A topic that nobody waits for.
    public init() {}

    /// How often it has changed. To be read before looking at what it stands for, so that no change is missed.
    public var version: UInt64 { changes.load(ordering: .acquiring) }

    /// Whether connections wait for it.
    public var isAwaited: Bool { workers.withLock { !$0.isEmpty } }

    /// It has changed: whoever waits looks again. From any thread.
    public func publish() {
        changes.add(1, ordering: .acquiringAndReleasing)
        for worker in workers.withLock({ $0 }) { worker.topicHasChanged(self) }
    }

    /// The worker has a first connection that waits.
    func join(_ worker: Worker) { workers.withLock { $0.append(worker) } }

    /// The last one has left.
    func leave(_ worker: Worker) { workers.withLock { $0.removeAll { $0 === worker } } }
}

/// The connections of a worker that wait, by topic.
struct WaitingConnections {
    private struct Group {
        let topic: Topic
        var connections: Set<ConnectionID> = []
    }

    private var groups: [ObjectIdentifier: Group] = [:]
    /// Connections that are to look again, as they are told in turns.
    private var due: [ConnectionID] = []
    private var nextDue = 0

    /// Whether some are still to be told.
    var areDue: Bool { nextDue < due.count }

    mutating func add(_ id: ConnectionID, to topic: Topic, of worker: Worker) {
        if groups[ObjectIdentifier(topic)] == nil { topic.join(worker) }
        groups[ObjectIdentifier(topic), default: Group(topic: topic)].connections.insert(id)
    }

    mutating func remove(_ id: ConnectionID, from topic: Topic, of worker: Worker) {
        groups[ObjectIdentifier(topic)]?.connections.remove(id)
        guard groups[ObjectIdentifier(topic)]?.connections.isEmpty == true else { return }
        groups[ObjectIdentifier(topic)] = nil
        topic.leave(worker)
    }

    /// All who wait for the topic are to be told.
    mutating func schedule(_ topic: Topic) {
        guard let group = groups[ObjectIdentifier(topic)] else { return }
        due.append(contentsOf: group.connections)
    }

    /// The next to be told, at most so many.
    mutating func takeDue(atMost count: Int) -> [ConnectionID] {
        let end = min(nextDue + count, due.count)
        let taken = Array(due[nextDue..<end])
        nextDue = end
        if nextDue == due.count { (due, nextDue) = ([], 0) }
        return taken
    }
}
