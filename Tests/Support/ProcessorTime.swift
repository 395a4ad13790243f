import Dispatch
import Glibc
import Synchronization

// Cost is measured in processor time of the thread that works: on a machine that does other things besides, wall time says
// nothing.

/// Nanoseconds of processor time that the work takes on this thread.
public func processorTime(of work: () throws -> Void) rethrows -> Int {
    let start = threadTime()
    try work()
    return threadTime() - start
}

/// Nanoseconds of processor time that the work takes, on whatever threads; what it hands to queues of others is not counted.
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

/// Runs the parts of a task one after another, and adds up what each of them takes.
private final class MeteringExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "metering")
    private let sum = Mutex(0)

    /// The time of all parts; the last of them may have ended its task a moment before it was added.
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

/// What work costs that is given texts of 1, 4 and 16 times a size: the least of several rounds.
///
/// A machine that is busy makes work dearer than it is, also in processor time, and never cheaper: so there are more rounds until
/// the cost is seen to be linear, or is not after many.
public struct Growth: CustomStringConvertible, Sendable {
    private var microseconds = [Int](repeating: .max, count: Self.factors.count)

    /// Sixteen times the text costs sixteen times as much where the work is linear, and 256 times where it is quadratic.
    private static let mostGrowth = 40
    /// Work that takes no longer than this cannot be measured, and is no matter.
    private static let leastMicroseconds = 40
    private static let factors = [1, 4, 16]
    private static let mostRounds = 8

    /// Whether the cost grows with the size and no faster.
    public var isLinear: Bool {
        microseconds[2] / Self.mostGrowth <= max(microseconds[0], Self.leastMicroseconds)
    }

    /// The three costs.
    public var description: String { microseconds.map { "\($0) µs" }.joined(separator: ", ") }

    /// Measures work on this thread; `prepare` makes of a size what the work is about, and is not measured.
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

/// Texts that are cheap to send and dear to look at.
public enum HostileText: String, CaseIterable, Sendable {
    /// One letter under marks: to normalize them takes time in the square of their number.
    case marks
    /// Marks that count as letters, upon a letter.
    case alphabeticMarks
    /// One picture of many: to find its end from behind takes all of it.
    case joinedPictures
    /// Letters and nothing else.
    case letters
    /// Marks, each after a separator of lists.
    case commas
    /// Quotes that open and close.
    case quotes
    /// Signs of every grammar.
    case signs

    /// Some text of that sort, of so many bytes at most.
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
