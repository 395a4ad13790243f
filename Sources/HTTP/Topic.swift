// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Publish/subscribe for connections: something that changes, such as a story, and that any number of connections wait for.
///
/// Fan-out in two stages: a change notifies each worker that has subscribers once, and the worker notifies its connections in its
/// own loop. Ten thousand subscribers cost no thread, no timer and no lock each.
public final class Topic: Sendable {
    private let changes = Atomic<UInt64>(0)
    private let workers = Mutex<[Worker]>([])

    /// A topic without subscribers.
    public init() {}

    /// The number of changes. Read it before the state that it stands for, so that no change is missed.
    public var version: UInt64 { changes.load(ordering: .acquiring) }

    /// Whether it has subscribers.
    public var isAwaited: Bool { workers.withLock { !$0.isEmpty } }

    /// Notifies all subscribers of a change. Safe from any thread.
    public func publish() {
        changes.add(1, ordering: .acquiringAndReleasing)
        for worker in workers.withLock({ $0 }) { worker.topicHasChanged(self) }
    }

    /// Registers a worker that has its first subscriber.
    func join(_ worker: Worker) { workers.withLock { $0.append(worker) } }

    /// Removes a worker whose last subscriber left.
    func leave(_ worker: Worker) { workers.withLock { $0.removeAll { $0 === worker } } }
}

/// The subscribed connections of a worker, by topic.
struct WaitingConnections {
    private struct Group {
        let topic: Topic
        var connections: Set<ConnectionID> = []
    }

    private var groups: [ObjectIdentifier: Group] = [:]
    private var passes = NotificationPasses()

    /// Whether notifications are pending.
    var hasDue: Bool { !passes.isEmpty }

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

    /// Schedules the notification of all subscribers of the topic.
    mutating func schedule(_ topic: Topic) {
        guard let group = groups[ObjectIdentifier(topic)] else { return }
        passes.schedule(ObjectIdentifier(topic)) { Array(group.connections) }
    }

    /// The next connections to be notified, at most `count`.
    mutating func takeDue(atMost count: Int) -> [ConnectionID] {
        passes.take(atMost: count) { [groups] topic in groups[topic].map { Array($0.connections) } ?? [] }
    }
}
