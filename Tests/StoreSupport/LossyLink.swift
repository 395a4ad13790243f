// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import Glibc
internal import Synchronization

/// A link to a PostgreSQL server that loses some answers to COMMIT, with the connection: the client cannot know whether the commit was
/// done. A Unix socket in a folder of the server's, whose connections are passed on.
public final class LossyLink: Sendable {
    /// The server, as it is reached by this link.
    public let server: PostgresServer
    private let target: String
    private let probability = Atomic<UInt64>(0)
    private let lost = Atomic<Int>(0)

    /// Answers that were lost so far.
    public var losses: Int { lost.load(ordering: .relaxed) }

    /// Opens a link that loses nothing yet.
    public init(to server: PostgresServer) throws {
        let folder = server.folder + "/link"
        mkdir(folder, 0o755)
        (self.server, target) = (PostgresServer(folder: folder), server.folder + Self.name)
        let listener = try Self.socket(folder + Self.name) { bind($0, $1, $2) }
        guard listen(listener, 64) == 0 else { throw PostgresServer.Failure(description: "listen failed") }
        Self.thread {
            while case let client = accept(listener, nil, nil), client >= 0 {
                Self.thread { self.pass(client) }
            }
        }
    }

    /// From now on, loses this share of the answers to COMMIT.
    public func lose(percent: UInt64) { probability.store(percent, ordering: .relaxed) }

    private static let name = "/.s.PGSQL.5432"
    /// What the server's answer to COMMIT ends with: the tag of CommandComplete.
    private static let committed = Array("COMMIT\0".utf8)

    /// Passes on what either side sends, until one of them ends or an answer is lost.
    private func pass(_ client: Int32) {
        guard let server = try? Self.socket(target, { connect($0, $1, $2) }) else {
            close(client)
            return
        }
        var ends = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        loop: while poll(&ends, 2, -1) >= 0 {
            for (index, end) in ends.enumerated() where end.revents != 0 {
                let count = recv(end.fd, &buffer, buffer.count, 0)
                guard count > 0 else { break loop }
                if index == 1, isLost(buffer[..<count]) { break loop }
                guard send(ends[1 - index].fd, buffer, count, Int32(MSG_NOSIGNAL)) == count
                else { break loop }
            }
        }
        for end in [client, server] {
            // Programs that other tests have started may hold it open.
            shutdown(end, Int32(SHUT_RDWR))
            close(end)
        }
    }

    private func isLost(_ answer: ArraySlice<UInt8>) -> Bool {
        let percent = probability.load(ordering: .relaxed)
        guard UInt64.random(in: 0..<100) < percent,
            answer.indices.contains(where: { answer[$0...].starts(with: Self.committed) })
        else { return false }
        lost.add(1, ordering: .relaxed)
        return true
    }

    /// Makes a Unix socket, and binds or connects it.
    private static func socket(
        _ path: String, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        let made = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { use(made, $0, size) }
        }
        guard result == 0 else { throw PostgresServer.Failure(description: "no socket at \(path)") }
        return made
    }

    private static func thread(_ body: @escaping @Sendable () -> Void) {
        Thread.detachNewThread(body)
    }
}
