// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Glibc
internal import Stories
internal import StoryTables
internal import Synchronization

/// A row of the commit log.
struct CommitRecord {
    let mark: LogMark
    let changes: CommitChanges
}

/// A commit: its number, and the token that its writer drew. After a fail-over that has lost commits, numbers are given again, but with
/// other tokens.
struct LogMark: Equatable {
    let number: Int64
    let token: String

    /// Before the first commit.
    static let none = LogMark(number: 0, token: "")
}

/// This node's place in the commit log. Both the writer and the follower publish through it, so that observers hear of every commit once
/// and in the order of the commits.
final class CommitLog: Sendable {
    private let queue: CommandQueue
    private let state: Mutex<State>
    private let lastRead = Atomic<UInt64>(0)

    private struct State {
        /// The last commit that was published.
        var known: LogMark
        /// Tokens of own commits that the writer has not published yet.
        var own: Set<String> = []
        /// Tokens drawn so far.
        var tokens = 0
    }

    /// What the tokens of this node begin with.
    private let node = String(UInt64.random(in: 0 ... .max), radix: 16) + "-"

    init(queue: CommandQueue, known: LogMark) {
        self.queue = queue
        state = Mutex(State(known: known))
        noteRead(begunAt: Self.uptimeNanoseconds)
    }

    /// The last commit that was published.
    var known: LogMark { state.withLock { $0.known } }

    // MARK: Lag

    /// Notes that the log was read to its end, by a query that was sent at this time: commits since then may be missing.
    func noteRead(begunAt time: UInt64) { lastRead.store(time, ordering: .relaxed) }

    /// Seconds since the log began to be read to its end: at most so old is what this node knows of other nodes' commits.
    var lagSeconds: Double {
        let now = Self.uptimeNanoseconds
        return Double(now - min(now, lastRead.load(ordering: .relaxed))) / 1e9
    }

    /// The monotonic clock.
    static var uptimeNanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    // MARK: Publishing

    /// Draws the token of a commit of the writer, whose events it will publish itself.
    func drawToken() -> String {
        state.withLock { state in
            state.tokens += 1
            let token = node + String(state.tokens)
            state.own.insert(token)
            return token
        }
    }

    /// Whether a commit is one of this node's writer.
    func isOwn(_ token: String) -> Bool { token.hasPrefix(node) }  // ascii: a token of this program

    /// Withdraws the announcement: the commit was not done.
    func abandon(_ token: String) { state.withLock { _ = $0.own.remove(token) } }

    /// Publishes records that were read from the log, from the number of ``known`` on. Stops at a commit of this node, which its writer
    /// publishes. If the history is not the one that was followed, anything may have changed.
    func follow(_ records: [CommitRecord]) {
        state.withLock { state in
            var events: [StoreEvent] = []
            if !records.continue(state.known) {
                // Read meanwhile by the writer, which has gone on.
                if let first = records.first, first.mark.number < state.known.number { return }
                events = [.externalWrite]
                state.known = .none
            }
            for record in records where record.mark.number > state.known.number {
                guard !state.own.contains(record.mark.token) else { break }
                events += record.changes.events
                state.known = record.mark
            }
            queue.publish(events)
        }
    }

    /// Publishes a commit of the writer. `earlier` are the records that it read under the lock, all before its own.
    func publish(
        _ events: [StoreEvent], mark: LogMark, after earlier: [CommitRecord], wereLost: Bool
    ) {
        state.withLock { state in
            state.own.remove(mark.token)
            var all: [StoreEvent] = wereLost ? [.externalWrite] : []
            all += earlier.filter { $0.mark.number > state.known.number }.flatMap(\.changes.events)
            queue.publish(all + events)
            state.known = mark
        }
    }
}

extension [CommitRecord] {
    /// Whether records that were read from the number of a known commit on are of the history that it belongs to. The log keeps its last
    /// row, so the known one is there unless it was lost, or trimmed while this node was cut off.
    func `continue`(_ known: LogMark) -> Bool {
        known == .none ? first.map { $0.mark.number == 1 } ?? true : first?.mark == known
    }
}

extension Database {
    /// Reads the log from a number on, in its order.
    func commitRecords(from number: Int64, limit: Int) throws(DatabaseError) -> [CommitRecord] {
        try rows(
            "SELECT number, token, changes FROM commits WHERE number >= ? ORDER BY number LIMIT ?", number,
            limit
        ) {
            CommitRecord(
                mark: LogMark(number: $0.integer(), token: $0.text()), changes: CommitChanges($0.text()))
        }
    }
}
