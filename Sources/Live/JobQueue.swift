// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Synchronization

/// A bulkhead for slow work on behalf of clients (rendering, compressing, reading documents): a fixed number of threads and a bounded
/// queue, which refuses jobs when full, so that slow work cannot starve the rest of the server.
public final class JobQueue: Sendable {
    private let threads: Int
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "wireroom.jobs", attributes: .concurrent)

    private struct State {
        var running = 0
        var waiting: [Job] = []
        var lastID = 0
    }

    private struct Job: Sendable {
        let id: Int
        /// Does the work, and returns a closure that delivers the result.
        let work: @Sendable () -> @Sendable () -> Void
        /// Delivers the refusal to the caller.
        let refuse: @Sendable () -> Void
    }

    /// The queue was full, or the caller was cancelled before its turn: the job did not run.
    package struct Refused: Error {}

    /// Bound of the queue. A job usually takes at most 25 ms, so that the last one waits for about a second.
    package static let maximumWaiting = 64

    /// Bound for compressions, beyond which responses are sent uncompressed: a queued one holds memory, and is optional.
    package static let maximumWaitingCompressions = 8

    /// Creates a queue that runs at most `threads` jobs at a time.
    public init(threads: Int = 2) { self.threads = threads }

    /// Runs `work` on a thread of the queue, and returns its result. Refuses it if `limit` jobs are already waiting.
    package func run<Result: Sendable>(
        behind limit: Int = maximumWaiting, _ work: @escaping @Sendable () -> Result
    ) async throws(Refused) -> Result {
        let id = newID()
        let result: Result? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = Job(id: id) {
                    let result = work()
                    return { continuation.resume(returning: result) }
                } refuse: {
                    continuation.resume(returning: nil)
                }
                submit(job, behind: limit) { Task.isCancelled }
            }
        } onCancel: {
            withdraw(id)
        }
        guard let result else { throw Refused() }
        return result
    }

    /// Runs short work on the caller's thread in place of an idle thread of the queue, as switching threads would cost more than the
    /// work. Returns `nil` if no thread is idle.
    package func runAtOnce<Result>(_ work: () -> Result) -> Result? {
        let isFree = state.withLock { state in
            guard state.running < threads else { return false }
            state.running += 1
            return true
        }
        guard isFree else { return nil }
        let result = work()
        if let next = nextJob() { queue.async { self.work(from: next) } }
        return result
    }

    /// Like ``run(behind:_:)``, for work that outlives its caller. The completion is called on the thread of the work, or at once
    /// with `nil` if the queue is full.
    func submit<Result: Sendable>(
        behind limit: Int, _ work: @escaping @Sendable () -> Result,
        completion: @escaping @Sendable (Result?) -> Void
    ) {
        let job = Job(id: newID()) {
            let result = work()
            return { completion(result) }
        } refuse: {
            completion(nil)
        }
        submit(job, behind: limit)
    }

    private func newID() -> Int {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    private func submit(_ job: Job, behind limit: Int, unless isCancelled: () -> Bool = { false }) {
        enum Next { case run, wait, refuse }
        let next = state.withLock { state -> Next in
            if state.running < threads {
                state.running += 1
                return .run
            }
            // If cancelled before it is enqueued, `withdraw` has already run and would not remove it.
            guard state.waiting.count < limit, !isCancelled() else { return .refuse }
            state.waiting.append(job)
            return .wait
        }
        switch next {
        case .run: queue.async { self.work(from: job) }
        case .wait: break
        case .refuse: job.refuse()
        }
    }

    /// Runs the job, then waiting jobs until there are none.
    private func work(from first: Job) {
        var job = first
        while true {
            let handOver = job.work()
            let next = nextJob()
            // Delivered only now, so that a caller never sees its own job in `figures`.
            handOver()
            guard let next else { return }
            job = next
        }
    }

    /// Dequeues the next job, or marks the thread as idle and returns `nil`.
    private func nextJob() -> Job? {
        state.withLock { state in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.running -= 1
            return nil
        }
    }

    private func withdraw(_ id: Int) {
        let job = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
        }
        job?.refuse()
    }

    /// Numbers of running and of waiting jobs.
    package var figures: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.waiting.count) } }
}
