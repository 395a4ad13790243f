import Synchronization

/// What a connection holds at this moment: the unit in which the server's gauges move.
///
/// It is worked out from what the connection is (`Connection.load`) and never counted up and down by hand, so that nothing that
/// happens to a connection after it was closed can count.
struct ClientLoad: Equatable, Sendable {
    /// Connections that are served; one that is refused for being too many does not count.
    var connections = 0
    /// Bytes of request bodies on their way in, and of answers that the client has not taken.
    var heldBytes = 0
    /// Event streams.
    var streams = 0
    /// Long polls that wait for a change.
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

/// The gauges that limits of the whole server look at, over all workers.
final class ServerGauges: Sendable {
    private let memoryLimit: Int
    fileprivate let connectionCount = Atomic<Int>(0)
    fileprivate let heldByteCount = Atomic<Int>(0)

    /// - Parameter memoryLimit: bytes that may be held for clients.
    init(memoryLimit: Int) { self.memoryLimit = memoryLimit }

    /// Connections that are served now.
    var connections: Int { connectionCount.load(ordering: .relaxed) }

    /// Bytes held for clients now.
    var heldBytes: Int { heldByteCount.load(ordering: .relaxed) }

    /// Whether nothing more is to be held: load is shed.
    var isMemoryExceeded: Bool { heldBytes >= memoryLimit }

    /// Whether there is little room still, after the limit was exceeded.
    var isMemoryScarce: Bool { heldBytes >= memoryLimit / 4 * 3 }
}

/// The gauges of one worker: the sum of the loads of its connections. The one place where a gauge moves.
///
/// Moved on the worker's queue, read from any thread. Each worker has its own, so that processors do not contend for a cache line
/// where no limit needs the sum.
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

    /// How often the gauges were found to differ from what connections hold.
    var repairs: Int { repairCount.load(ordering: .relaxed) }

    /// The load of a connection has changed.
    ///
    /// - Returns: the connections of the whole server after that.
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

    /// Holds the gauges against what the worker's connections really hold, and puts them right, so that a leak of any kind heals.
    ///
    /// - Returns: what the gauges were where they were wrong.
    func repair(to sum: ClientLoad) -> ClientLoad? {
        let found = load
        guard found != sum else { return nil }
        move(from: found, to: sum)
        repairCount.count()
        return found
    }
}
