// SPDX-License-Identifier: Apache-2.0
public import Dispatch
public import Stories
internal import Synchronization

/// The line before the one who writes. Commands that wait are drained in batches, so that they share a commit (group commit), each
/// batch on `queue`.
public final class CommandQueue: Sendable {
    /// Where batches are committed, and whatever else touches the connection that writes.
    public let queue = DispatchQueue(label: "wireroom.writer")
    private let commandsPerCommit: Int
    private let waiting = Mutex(Waiting())
    private let observers = Mutex<[Observer]>([])
    private let figures = Mutex(StoreStatistics())

    /// Gets the events of each commit.
    public typealias Observer = @Sendable ([StoreEvent]) -> Void

    /// More than this in one commit would make the first of them wait for the last.
    public static let defaultCommandsPerCommit = 256

    /// More than this waiting means that the disk does not keep up; callers get 503 and retry.
    static let maximumWaiting = 4_096

    private struct Waiting {
        var commands: [Command] = []
        var isDraining = false
    }

    /// A line that is empty. At most `commandsPerCommit` commands that wait share a commit.
    public init(commandsPerCommit: Int) {
        self.commandsPerCommit = commandsPerCommit
    }

    /// Puts a command into the line, which the committer commits with others; its result is on disk when this returns.
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

    /// Wakes the queue if it is idle.
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

    /// Publishes every commit to the observer.
    public func observe(_ observer: @escaping Observer) {
        observers.withLock { $0.append(observer) }
    }

    /// Tells the observers, before the writers are answered.
    public func publish(_ events: [StoreEvent]) {
        guard !events.isEmpty else { return }
        for observer in observers.withLock({ $0 }) { observer(events) }
    }

    /// Counts a commit of so many writes.
    public func note(_ writes: Int, failed: Bool, took time: Duration) {
        let seconds = time / .seconds(1)
        figures.withLock { figures in
            figures.commitSeconds += seconds
            figures.commits += failed ? 0 : 1
            figures.committedWrites += failed ? 0 : writes
            figures.failedCommits += failed ? 1 : 0
        }
    }

    /// What was done so far. From any thread.
    public var statistics: StoreStatistics {
        var statistics = figures.withLock { $0 }
        statistics.waitingWrites = waiting.withLock { $0.commands.count }
        return statistics
    }
}

/// What a caller wants done.
public struct Command: Sendable {
    /// Says whether it went well. May be called again, after a rollback.
    public let perform: @Sendable (Transaction) -> Bool
    /// Hands the outcome over once it is certain, an error where the transaction failed.
    public let finish: @Sendable (StoryError?) -> Void
}

/// An engine's writer: commits commands together.
public protocol BatchCommitter: AnyObject, Sendable {
    /// Runs the commands in one transaction, those that are refused aside, and finishes each. On the line's queue.
    func commit(_ batch: [Command])
}
