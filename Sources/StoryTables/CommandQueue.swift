// SPDX-License-Identifier: Apache-2.0
public import Dispatch
public import Stories
internal import Synchronization

/// The queue of writes for the single writer. Waiting commands are drained in batches that share a transaction (group commit), each
/// batch on `queue`.
public final class CommandQueue: Sendable {
    /// Serial queue for commits and for everything else that uses the writer's connection.
    public let queue = DispatchQueue(label: "wireroom.writer")
    private let commandsPerCommit: Int
    private let waiting = Mutex(Waiting())
    private let observers = Mutex<[Observer]>([])
    private let figures = Mutex(StoreStatistics())

    /// Receives the events of each commit.
    public typealias Observer = @Sendable ([StoreEvent]) -> Void

    /// Default maximum of commands per commit: in a larger batch, the first would wait too long for the last.
    public static let defaultCommandsPerCommit = 256

    /// Bound of the queue, for back-pressure: beyond it the disk does not keep up, and callers get 503 and retry.
    static let maximumWaiting = 4_096

    private struct Waiting {
        var commands: [Command] = []
        var isDraining = false
    }

    /// Creates an empty queue. At most `commandsPerCommit` waiting commands share a commit.
    public init(commandsPerCommit: Int) {
        self.commandsPerCommit = commandsPerCommit
    }

    /// Enqueues a command for a group commit by `committer`; its result is on disk when this returns.
    public func write<Result: Sendable>(
        to committer: any BatchCommitter,
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result {
        let outcome = await withCheckedContinuation { continuation in
            let outcome = CommandResult<Result>()
            submit(
                Command(
                    perform: { transaction in outcome.keep(from: transaction, body) },
                    finish: { failure in continuation.resume(returning: outcome.value(unless: failure)) }),
                to: committer)
        }
        return try outcome.get()
    }

    /// Enqueues a command, and starts draining if the queue is idle.
    private func submit(_ command: Command, to committer: any BatchCommitter) {
        enum Next { case wake, wait, refuse }
        let next = waiting.withLock { waiting -> Next in
            guard waiting.commands.count < Self.maximumWaiting else { return .refuse }
            waiting.commands.append(command)
            defer { waiting.isDraining = true }
            return waiting.isDraining ? .wait : .wake
        }
        switch next {
        case .wake: queue.async { self.drain(to: committer) }
        case .wait: break
        case .refuse: command.finish(.storage(.busy))
        }
    }

    private func drain(to committer: any BatchCommitter) {
        while let batch = nextBatch() { committer.commit(batch) }
    }

    private func nextBatch() -> [Command]? {
        waiting.withLock { waiting in
            guard !waiting.commands.isEmpty else {
                waiting.isDraining = false
                return nil
            }
            let batch = Array(waiting.commands.prefix(commandsPerCommit))
            waiting.commands.removeFirst(batch.count)
            return batch
        }
    }

    // MARK: Observers and figures

    /// Adds an observer of all commits.
    public func observe(_ observer: @escaping Observer) {
        observers.withLock { $0.append(observer) }
    }

    /// Publishes events to the observers, before the writers are answered.
    public func publish(_ events: [StoreEvent]) {
        guard !events.isEmpty else { return }
        for observer in observers.withLock({ $0 }) { observer(events) }
    }

    /// Counts a commit of this many writes in the statistics.
    public func note(_ writes: Int, failed: Bool, took time: Duration) {
        let seconds = time / .seconds(1)
        figures.withLock { figures in
            figures.commitSeconds += seconds
            figures.commits += failed ? 0 : 1
            figures.committedWrites += failed ? 0 : writes
            figures.failedCommits += failed ? 1 : 0
        }
    }

    /// The statistics so far. Thread-safe.
    public var statistics: StoreStatistics {
        var statistics = figures.withLock { $0 }
        statistics.waitingWrites = waiting.withLock { $0.commands.count }
        return statistics
    }
}

/// A write by one caller.
public struct Command: Sendable {
    /// Runs the command; returns whether it succeeded. May be called again after a rollback.
    public let perform: @Sendable (Transaction) -> Bool
    /// Delivers the outcome after the transaction; the error is that of a failed transaction.
    public let finish: @Sendable (StoryError?) -> Void
}

/// An engine's writer, which commits batches of commands.
public protocol BatchCommitter: AnyObject, Sendable {
    /// Runs the commands in one transaction, rolls back those that fail, and finishes each. Called on ``CommandQueue/queue``.
    func commit(_ batch: [Command])
}
