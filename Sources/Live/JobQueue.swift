// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Synchronization

/// A bulkhead for what is slow and asked for by clients (rendering, compressing, reading documents): a fixed number of threads, a
/// bounded queue, and refusal once that is full, so that nothing else waits for it.
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
        /// Does the work; what it returns hands the result over.
        let work: @Sendable () -> @Sendable () -> Void
        /// Tells the caller that it is not done.
        let refuse: @Sendable () -> Void
    }

    /// The queue is full, or the caller was cancelled before its turn: nothing was done.
    package struct Refused: Error {}

    /// Each takes 25 ms at most as a rule, so that the last of them waits for a second.
    package static let maximumWaiting = 64

    /// Compressions that may wait before a further response is sent as it is: it holds memory, and is as good uncompressed.
    package static let maximumWaitingCompressions = 8

    /// - Parameter threads: how many jobs run at a time.
    public init(threads: Int = 2) { self.threads = threads }

    /// Does the work on a thread of the queue, behind at most `limit` others that wait.
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

    /// Does short work on the caller's thread, if a thread of the queue is free in its stead: a change of threads would cost more than the
    /// work. `nil` where none is free.
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

    /// Like ``run(behind:_:)``, for work that goes on when who asked for it goes away. The completion is called on the thread of the work, or at once
    /// with `nil` where the queue is full.
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
            // Cancelled before it stood in the queue, it would not be withdrawn from there.
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

    /// Does the job, then whatever waits.
    private func work(from first: Job) {
        var job = first
        while true {
            let handOver = job.work()
            let next = nextJob()
            // Only now, so that a caller never sees its own job among those that run.
            handOver()
            guard let next else { return }
            job = next
        }
    }

    /// What a thread does next; where nothing waits it is free.
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

    /// How many jobs there are now.
    package var figures: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.waiting.count) } }
}
