// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Glibc
internal import Stories
internal import StoryTables
internal import Synchronization

/// A row of the commit log.
struct CommitRecord {
    let number: Int64
    let token: String
    let changes: CommitChanges
}

/// This node's place in the commit log. Both the writer and the follower publish through it, so that observers hear of every commit once
/// and in the order of the commits.
final class CommitLog: Sendable {
    private let queue: CommandQueue
    private let state: Mutex<State>
    private let lastRead = Atomic<UInt64>(0)

    private struct State {
        /// Number of the last commit that was published.
        var known: Int64
        /// Tokens of own commits that the writer has not published yet.
        var own: Set<String> = []
    }

    init(queue: CommandQueue, known: Int64) {
        self.queue = queue
        state = Mutex(State(known: known))
        noteRead()
    }

    /// Number of the last commit that was published.
    var known: Int64 { state.withLock { $0.known } }

    // MARK: Lag

    /// Notes that the log was read to its end just now.
    func noteRead() { lastRead.store(Self.uptimeNanoseconds, ordering: .relaxed) }

    /// Seconds since the log was last read to its end: at most so old is what this node knows of other nodes' commits.
    var lagSeconds: Double {
        let now = Self.uptimeNanoseconds
        return Double(now - min(now, lastRead.load(ordering: .relaxed))) / 1e9
    }

    private static var uptimeNanoseconds: UInt64 { clock_gettime_nsec(CLOCK_MONOTONIC) }

    private static func clock_gettime_nsec(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    // MARK: Publishing

    /// Announces a commit of the writer, whose events it will publish itself.
    func expect(_ token: String) { state.withLock { _ = $0.own.insert(token) } }

    /// Withdraws the announcement: the commit was not done.
    func abandon(_ token: String) { state.withLock { _ = $0.own.remove(token) } }

    /// Publishes records that were read from the log at or after ``known``. Stops at a commit of this node, which its writer publishes.
    /// A record that is missing tells that commits were lost in a fail-over, or that the log was trimmed meanwhile: anything may have
    /// changed.
    func follow(_ records: [CommitRecord]) {
        state.withLock { state in
            var events: [StoreEvent] = []
            if let first = records.first, first.number > state.known + 1 { events = [.externalWrite] }
            if (records.last?.number ?? 0) < state.known {
                events = [.externalWrite]
                state.known = records.last?.number ?? 0
            }
            for record in records where record.number > state.known {
                guard !state.own.contains(record.token) else { break }
                events += record.changes.events
                state.known = record.number
            }
            queue.publish(events)
        }
    }

    /// Publishes a commit of the writer. `earlier` are the records that it read under the lock, all before its own.
    func publish(
        _ events: [StoreEvent], number: Int64, token: String, after earlier: [CommitRecord], wereLost: Bool
    ) {
        state.withLock { state in
            state.own.remove(token)
            var all: [StoreEvent] = wereLost ? [.externalWrite] : []
            all += earlier.filter { $0.number > state.known }.flatMap(\.changes.events)
            queue.publish(all + events)
            state.known = number
        }
    }
}

extension Database {
    /// Reads the log from a number on, in its order.
    func commitRecords(from number: Int64, limit: Int) throws(DatabaseError) -> [CommitRecord] {
        try rows(
            "SELECT number, token, changes FROM commits WHERE number >= ? ORDER BY number LIMIT ?", number,
            limit
        ) { CommitRecord(number: $0.integer(), token: $0.text(), changes: CommitChanges($0.text())) }
    }
}
