// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What one connection holds at this moment, as a delta for the server's gauges.
///
/// Derived from the connection's state (`Connection.load`), never incremented and decremented by hand, so nothing that happens
/// after a connection closed can be counted.
struct ClientLoad: Equatable, Sendable {
    /// Connections in service; one that is only there to be refused does not count.
    var connections = 0
    /// Bytes of request bodies being received, and of responses not yet sent.
    var heldBytes = 0
    /// Event streams.
    var streams = 0
    /// Parked long polls.
    var parkedRequests = 0

    /// What a closed connection holds.
    static let none = ClientLoad()

    static func += (sum: inout ClientLoad, load: ClientLoad) {
        sum.connections += load.connections
        sum.heldBytes += load.heldBytes
        sum.streams += load.streams
        sum.parkedRequests += load.parkedRequests
    }
}

/// Gauges over all workers, read by the server-wide limits.
final class ServerGauges: Sendable {
    private let memoryLimit: Int
    fileprivate let connectionCount = Atomic<Int>(0)
    fileprivate let heldByteCount = Atomic<Int>(0)

    /// - Parameter memoryLimit: bytes that may be held for all clients together.
    init(memoryLimit: Int) { self.memoryLimit = memoryLimit }

    /// Connections in service.
    var connections: Int { connectionCount.load(ordering: .relaxed) }

    /// Bytes held for clients.
    var heldBytes: Int { heldByteCount.load(ordering: .relaxed) }

    /// Whether the memory limit is reached: admission control refuses, and load is shed.
    var isMemoryExceeded: Bool { heldBytes >= memoryLimit }

    /// Whether usage is still above three quarters of the limit: the low watermark at which shedding stops.
    var isMemoryScarce: Bool { heldBytes >= memoryLimit / 4 * 3 }
}

/// Gauges of one worker: the sum of its connections' loads. All changes go through `move`.
///
/// Written on the worker's queue, read from any thread. One set per worker avoids contention for a cache line where no limit
/// needs the sum.
final class WorkerGauges: Sendable {
    private let server: ServerGauges
    private let connections = Atomic<Int>(0)
    private let heldBytes = Atomic<Int>(0)
    private let streams = Atomic<Int>(0)
    private let parkedRequests = Atomic<Int>(0)
    private let repairCount = Atomic<Int>(0)

    init(_ server: ServerGauges) { self.server = server }

    /// The sum of the loads.
    var load: ClientLoad {
        ClientLoad(
            connections: connections.load(ordering: .relaxed), heldBytes: heldBytes.load(ordering: .relaxed),
            streams: streams.load(ordering: .relaxed),
            parkedRequests: parkedRequests.load(ordering: .relaxed))
    }

    /// How often the gauges had to be repaired.
    var repairs: Int { repairCount.load(ordering: .relaxed) }

    /// Applies the change of a connection's load.
    ///
    /// - Returns: the server's number of connections afterwards.
    @discardableResult
    func move(from old: ClientLoad, to new: ClientLoad) -> Int {
        streams.count(new.streams - old.streams)
        parkedRequests.count(new.parkedRequests - old.parkedRequests)
        let bytes = new.heldBytes - old.heldBytes
        if bytes != 0 {
            heldBytes.count(bytes)
            server.heldByteCount.add(bytes, ordering: .relaxed)
        }
        guard new.connections != old.connections else { return server.connections }
        connections.count(new.connections - old.connections)
        return server.connectionCount.add(new.connections - old.connections, ordering: .relaxed).newValue
    }

    /// Reconciles the gauges with the sum of the connections' loads, so that a leak of any kind heals.
    ///
    /// - Returns: the previous values if they were wrong.
    func repair(to sum: ClientLoad) -> ClientLoad? {
        let found = load
        guard found != sum else { return nil }
        move(from: found, to: sum)
        repairCount.count()
        return found
    }
}
