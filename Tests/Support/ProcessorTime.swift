// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Synchronization

// Costs are measured as CPU time of the working thread: on a busy machine, wall-clock time is meaningless.

/// CPU time of `work` on this thread, in nanoseconds.
public func processorTime(of work: () throws -> Void) rethrows -> Int {
    let start = threadTime()
    try work()
    return threadTime() - start
}

/// CPU time of `work` in nanoseconds, on any threads; work that it dispatches to other queues is not included.
public func processorTime(of work: @escaping @Sendable () async throws -> Void) async throws -> Int {
    let meter = MeteringExecutor()
    try await Task(executorPreference: meter) { try await work() }.value
    return meter.nanoseconds
}

private func threadTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Runs the jobs of a task serially, and sums their CPU time.
private final class MeteringExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "metering")
    private let sum = Mutex(0)

    /// The total. Synchronizes with the queue, since the last job may have resumed the task before its time was added.
    var nanoseconds: Int { queue.sync { sum.withLock { $0 } } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            let start = threadTime()
            job.runSynchronously(on: self.asUnownedTaskExecutor())
            self.sum.withLock { $0 += threadTime() - start }
        }
    }
}

/// The cost of work on inputs of 1, 4 and 16 times a size: the minimum of several rounds.
///
/// Load on the machine increases measured costs, also CPU time, and never decreases them. So more rounds are run until the
/// cost is linear, or a maximum is reached.
public struct Growth: CustomStringConvertible, Sendable {
    private var microseconds = [Int](repeating: .max, count: Self.factors.count)

    /// The largest accepted growth: 16 times the input costs 16 times as much if linear, 256 times if quadratic.
    private static let mostGrowth = 40
    /// Costs below this are too small to measure, and harmless.
    private static let leastMicroseconds = 40
    private static let factors = [1, 4, 16]
    private static let mostRounds = 8

    /// Whether the cost grows at most linearly.
    public var isLinear: Bool {
        microseconds[2] / Self.mostGrowth <= max(microseconds[0], Self.leastMicroseconds)
    }

    /// The three costs.
    public var description: String { microseconds.map { "\($0) µs" }.joined(separator: ", ") }

    /// Measures work on this thread; `prepare` makes the input of a size, and is not measured.
    public init<Input>(
        from size: Int, prepare: (Int) throws -> Input, work: (Input) throws -> Void
    ) rethrows {
        let inputs = try Self.factors.map { try prepare(size * $0) }
        for _ in 0..<Self.mostRounds {
            for (index, input) in inputs.enumerated() {
                note(try processorTime { try work(input) }, at: index)
            }
            if isLinear { break }
        }
    }

    /// The same for work that may change threads.
    public init<Input: Sendable>(
        from size: Int, prepare: (Int) throws -> Input,
        work: @escaping @Sendable (Input) async throws -> Void
    ) async throws {
        let inputs = try Self.factors.map { try prepare(size * $0) }
        for _ in 0..<Self.mostRounds {
            for (index, input) in inputs.enumerated() {
                note(try await processorTime { try await work(input) }, at: index)
            }
            if isLinear { break }
        }
    }

    private mutating func note(_ nanoseconds: Int, at index: Int) {
        microseconds[index] = min(microseconds[index], nanoseconds / 1_000)
    }
}

/// Text that is cheap to send and expensive to process.
public enum HostileText: String, CaseIterable, Sendable {
    /// A letter with many combining marks: normalization takes quadratic time.
    case marks
    /// A letter with combining marks that are alphabetic.
    case alphabeticMarks
    /// A long emoji ZWJ sequence: finding its grapheme boundary backwards scans all of it.
    case joinedPictures
    /// Letters only.
    case letters
    /// Combining marks, each after a comma.
    case commas
    /// Opening and closing quotes.
    case quotes
    /// Delimiters of many grammars.
    case signs

    /// Returns a text of this kind, of at most `bytes` bytes.
    public func text(bytes: Int) -> String {
        let (head, part) = parts
        return head + String(repeating: part, count: max(0, bytes - head.utf8.count) / part.utf8.count)
    }

    private var parts: (head: String, part: String) {
        switch self {
        case .marks: ("a", "\u{301}\u{316}")
        case .alphabeticMarks: ("a", "\u{345}\u{5B0}")
        case .joinedPictures: ("👩", "\u{200D}👩")
        case .letters: ("", "a")
        case .commas: ("", ",")
        case .quotes: ("", "\"\",")
        case .signs: ("", "a-b_c.d/e;q=1:")
        }
    }
}
