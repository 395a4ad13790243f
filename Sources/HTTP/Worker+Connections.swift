// SPDX-License-Identifier: Apache-2.0
import Glibc

extension Worker {
    /// Connections accepted per event, so that others are served in between.
    private static let acceptsPerEvent = 64
    /// Minimum time between two scans of one client's connections for an idle one, so that a client that keeps connecting
    /// does not cost a scan each time.
    private static let pauseAfterScan = Duration.milliseconds(1)
    /// Eviction candidates chosen per scan: as many as may arrive in a burst.
    private static let evictionsPerScan = 64
    private static let pauseWhenAllBusy = Duration.milliseconds(250)
    /// Connections over their client's quota that are kept open to send them a 503, per worker. Fewer than of those over the server's
    /// limit, which affects many clients.
    private static let refusedByQuota = 64

    func acceptConnections(from listener: Int32) {
        for _ in 0..<Self.acceptsPerEvent {
            switch Socket.accept(listener) {
            case .connection(let descriptor, let peer): open(descriptor, peer)
            case .skipped: continue
            case .nothingNow: return
            case .failed(let code):
                // The level-triggered event would return at once; the next tick retries.
                pauseListeners()
                return context.configuration.onEvent(.acceptFailed(reason: String(cString: strerror(code))))
            }
        }
    }

    private func open(_ descriptor: Int32, _ peer: SocketAddress) {
        context.counters.acceptedConnections.count()
        let client = countedClient(peer)
        let lease = client.flatMap(leaseConnection)
        let mostRefused = min(context.limits.refusedConnections, Self.refusedByQuota)
        if client != nil, lease == nil, refusals >= mostRefused {
            noteRefusal(.quotaExceeded(client: peer))
            // Before anything is allocated: a client that keeps connecting must cost next to nothing.
            close(descriptor)
            return
        }
        let connection = table.add {
            Connection(worker: self, id: $0, descriptor: descriptor, peer: peer, lease: lease)
        }
        guard epoll.addConnection(descriptor, token: connection.id.token) else { return remove(connection) }
        // Without a quota no connection is ever evicted for another.
        if lease != nil, let client, context.limits.connectionsPerClient > 0 {
            clients.add(connection.id, of: client)
        }
        let count = connection.updateGauges()
        if client != nil, lease == nil {
            guard refuse(connection, .quotaExceeded(.connection), .quotaExceeded(client: peer)) else {
                return
            }
        } else if count > context.limits.connections {
            guard refuse(connection, .tooManyConnections, .connectionRefused(peer: peer)) else { return }
        }
        connection.advance()
    }

    /// The client network that a connection is charged to; `nil` for a trusted proxy, whose connections serve all its clients.
    private func countedClient(_ peer: SocketAddress) -> AddressRange? {
        context.configuration.forwarded.trusted.contains { $0.contains(peer) } ? nil : peer.network
    }

    /// Takes a unit of the client's quota; if it is used up, evicts the client's least recently used idle connection (LRU).
    private func leaseConnection(_ client: AddressRange) -> ClientQuotas.Lease? {
        if let lease = context.quotas.lease(.connection, for: client) { return lease }
        if !clients.hasCandidates(of: client) { findIdle(of: client) }
        while let id = clients.nextCandidate(of: client) {
            guard let oldest = table[id], oldest.canBeEvicted else { continue }
            remove(oldest)
            return context.quotas.lease(.connection, for: client)
        }
        return nil
    }

    /// Chooses which idle connections of a client are evicted next: the least recently used first.
    private func findIdle(of client: AddressRange) {
        let idle = clients.members(of: client, at: now).compactMap { id in
            table[id]?.idleDeadline.map { (id: id, deadline: $0) }
        }
        let pause = idle.isEmpty ? Self.pauseWhenAllBusy : Self.pauseAfterScan
        clients.pauseScans(at: client, until: now + pause, now: now)
        let oldest = idle.sorted { $0.deadline < $1.deadline }.prefix(Self.evictionsPerScan)
        clients.setCandidates(oldest.map(\.id), of: client)
    }

    /// Refuses a connection: its first request is answered with the failure. Beyond `Limits.refusedConnections` it is closed
    /// at once.
    ///
    /// - Returns: whether it is still open.
    private func refuse(_ connection: Connection, _ failure: RequestFailure, _ event: ServerEvent) -> Bool {
        noteRefusal(event)
        connection.refuse(failure)
        refusals += 1
        guard refusals > context.limits.refusedConnections else { return true }
        remove(connection)
        return false
    }

    private func noteRefusal(_ event: ServerEvent) {
        context.counters.refusedConnections.count()
        context.configuration.onEvent(event)
    }

    /// Closes the socket and removes the connection.
    func remove(_ connection: Connection) {
        guard table.remove(connection.id) else { return }
        if connection.isRefused { refusals -= 1 }
        clients.remove(connection.id, of: connection.peer.network)
        close(connection.descriptor)
        connection.wasClosed()
        if table.isEmpty { becameEmpty() }
    }

    /// Continues with a connection after the others' turns.
    func continueLater(_ id: ConnectionID) {
        perform(on: id) { $0.advance() }
    }
}

extension RequestFailure {
    /// The connection limit of the server is reached (503).
    fileprivate static let tooManyConnections = RequestFailure(
        .serviceUnavailable, "the server has too many connections", retryAfterSeconds: 5)
}

/// The connections of each client network on one worker, in order of arrival.
struct ClientIndex {
    private struct Members {
        var ids: [ConnectionID] = []
        /// Eviction candidates, the least recently used last.
        var candidates: [ConnectionID] = []
        /// No scan for idle connections before this.
        var nextScan = Instant(nanoseconds: 0)
    }

    private var clients: [AddressRange: Members] = [:]

    mutating func add(_ id: ConnectionID, of client: AddressRange) {
        clients[client, default: Members()].ids.append(id)
    }

    mutating func remove(_ id: ConnectionID, of client: AddressRange) {
        guard let index = clients[client]?.ids.firstIndex(of: id) else { return }
        clients[client]?.ids.remove(at: index)
        if clients[client]?.ids.isEmpty == true { clients[client] = nil }
    }

    /// Whether eviction candidates are left.
    func hasCandidates(of client: AddressRange) -> Bool { clients[client]?.candidates.isEmpty == false }

    /// Removes the next candidate; it may have become busy, or closed.
    mutating func nextCandidate(of client: AddressRange) -> ConnectionID? {
        clients[client]?.candidates.popLast()
    }

    /// Sets the eviction candidates, the first to be evicted first.
    mutating func setCandidates(_ ids: [ConnectionID], of client: AddressRange) {
        clients[client]?.candidates = ids.reversed()
    }

    /// The connections of a client; empty while scans are paused.
    func members(of client: AddressRange, at now: Instant) -> [ConnectionID] {
        guard let members = clients[client], members.nextScan <= now else { return [] }
        return members.ids
    }

    /// Pauses scans of a client's connections until `end`, if they are not paused already.
    mutating func pauseScans(at client: AddressRange, until end: Instant, now: Instant) {
        guard let members = clients[client], members.nextScan <= now else { return }
        clients[client]?.nextScan = end
    }
}
