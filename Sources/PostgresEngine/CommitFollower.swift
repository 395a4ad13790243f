// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Dispatch
internal import Glibc
internal import Postgres
internal import StoryTables
internal import Synchronization

/// Follows the commit log, and publishes the commits of other nodes. The log is polled, which alone is enough; a notification only wakes
/// the follower earlier. Whether notifications arrive is not taken for granted: a pooler that gives each transaction another session
/// accepts LISTEN, but delivers nothing. So the first one that is heard, also of this node's own writer, lets polls be rarer.
final class CommitFollower: Sendable {
    private let address: PostgresAddress
    private let log: CommitLog
    private let isStopped = Atomic<Bool>(false)
    private let hearsNotifications = Atomic<Bool>(false)

    /// Time between polls: without notifications, and with them.
    private static let (pollInterval, relaxedInterval) = (
        Duration.milliseconds(50), Duration.milliseconds(100)
    )
    private static let recordsPerRead = 1_000

    init(_ address: PostgresAddress, log: CommitLog) {
        (self.address, self.log) = (address, log)
    }

    /// Starts following, on a thread of its own, until ``stop()``.
    func start() {
        DispatchQueue(label: "wireroom.follower").async { @Sendable in self.run() }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Whether notifications are heard.
    var isNotified: Bool { hearsNotifications.load(ordering: .relaxed) }

    private func run() {
        let connection = PostgresConnection(address)
        connection.preparesStatements = false
        while !isStopped.load(ordering: .relaxed) {
            do throws(DatabaseError) {
                if !connection.isConnected {
                    hearsNotifications.store(false, ordering: .relaxed)
                    try connection.run("LISTEN wireroom")
                }
                try read(connection)
                try wait(connection)
            } catch {
                connection.close()
                usleep(Self.retryMicroseconds)
            }
        }
    }

    private static let retryMicroseconds: UInt32 = 50_000

    /// Reads the log to its end.
    private func read(_ connection: PostgresConnection) throws(DatabaseError) {
        while true {
            let began = CommitLog.uptimeNanoseconds
            // From the last known one on, so that it is noticed if that one is gone.
            let records = try connection.commitRecords(from: log.known.number, limit: Self.recordsPerRead)
            log.follow(records)
            guard records.count < Self.recordsPerRead else { continue }
            return log.noteRead(begunAt: began)
        }
    }

    /// Waits until another node notifies of a commit, or the next poll is due. Own commits are published by the writer.
    private func wait(_ connection: PostgresConnection) throws(DatabaseError) {
        let began = ContinuousClock.now
        while let socket = connection.socket {
            let interval = isNotified ? Self.relaxedInterval : Self.pollInterval
            let left = (interval - began.duration(to: .now)) / .milliseconds(1)
            var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&descriptor, 1, Int32(left.rounded(.up))) > 0 else { return }
            let tokens = try connection.takeNotifications()
            if !tokens.isEmpty { hearsNotifications.store(true, ordering: .relaxed) }
            if tokens.contains(where: { !log.isOwn($0) }) { return }
        }
    }
}
