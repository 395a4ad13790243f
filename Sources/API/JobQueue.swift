internal import Dispatch
internal import Stories
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
        /// Does the work; what it gives hands the result over.
        let work: @Sendable () -> @Sendable () -> Void
        /// Tells the caller that it is not done.
        let refuse: @Sendable () -> Void
    }

    /// The queue is full, or the caller was cancelled before its turn: nothing was done.
    struct Refused: Error {}

    /// Each takes 25 ms at most as a rule, so that the last of them waits for a second.
    static let maximumWaiting = 64

    /// - Parameter threads: how many jobs run at a time.
    public init(threads: Int = 2) { self.threads = threads }

    /// Does the work on a thread of the queue, behind at most `limit` others that wait.
    func run<Result: Sendable>(
        behind limit: Int = maximumWaiting, _ work: @escaping @Sendable () -> Result
    ) async throws(Refused) -> Result {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let result: Result? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = Job(id: id) {
                    let result = work()
                    return { continuation.resume(returning: result) }
                } refuse: {
                    continuation.resume(returning: nil)
                }
                submit(job, behind: limit)
            }
        } onCancel: {
            withdraw(id)
        }
        guard let result else { throw Refused() }
        return result
    }

    /// Does short work on the caller's thread, if a thread of the queue is free in its stead: a change of threads would cost more than the
    /// work. `nil` where none is free.
    func runAtOnce<Result>(_ work: () -> Result) -> Result? {
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

    private func submit(_ job: Job, behind limit: Int) {
        enum Next { case run, wait, refuse }
        let next = state.withLock { state -> Next in
            if state.running < threads {
                state.running += 1
                return .run
            }
            // Cancelled before it stood in the queue, it would not be withdrawn from there.
            guard state.waiting.count < limit, !Task.isCancelled else { return .refuse }
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
    var figures: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.waiting.count) } }
}

extension JobQueue {
    /// The HTML of texts, in their order; the longest text at most is one job, so that a batch takes turns with others.
    func render(
        _ texts: [String], _ html: @escaping @Sendable (String) -> String
    ) async throws(StoryError) -> [String] {
        let size = texts.reduce(0) { $0 + $1.utf8.count }
        if size <= Self.shortBytes, let rendered = runAtOnce({ texts.map(html) }) { return rendered }
        var rendered: [String] = []
        rendered.reserveCapacity(texts.count)
        while rendered.count < texts.count {
            let group = texts[rendered.count...].prefix(ofBytes: Limits.updateBodyBytes)
            do throws(Refused) {
                rendered += try await run { group.map(html) }
            } catch {
                throw .overloaded
            }
        }
        return rendered
    }

    /// Texts that are rendered in some 100 µs, whatever is in them.
    private static let shortBytes = 2 * 1_024
}

extension ArraySlice<String> {
    /// As many texts as have so many bytes together, and at least one.
    fileprivate func prefix(ofBytes limit: Int) -> Self {
        var size = 0
        let end = indices.first { index in
            size += self[index].utf8.count
            return size > limit && index > startIndex
        }
        return self[..<(end ?? endIndex)]
    }
}
