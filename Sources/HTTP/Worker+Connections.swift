import Glibc

extension Worker {
    /// Connections accepted at one event: others are served in between.
    private static let acceptsPerEvent = 64
    /// Pauses between two looks for an idle connection of one client, so that a client who goes on to connect does not cost a look at
    /// all of its connections each time.
    private static let pauseAfterLook = Duration.milliseconds(1)
    /// Connections of one client that a look chooses: as many as may come in a burst.
    private static let evictionsPerLook = 64
    private static let pauseWhereAllAreBusy = Duration.milliseconds(250)

    func acceptConnections(from listener: Int32) {
        for _ in 0..<Self.acceptsPerEvent {
            switch Socket.accept(listener) {
            case .connection(let descriptor, let peer): open(descriptor, peer)
            case .skipped: continue
            case .nothingNow: return
            case .failed(let code):
                // The event would come back at once, and for nothing; the next tick tries again.
                pauseListeners()
                return context.configuration.onEvent(.acceptFailed(reason: String(cString: strerror(code))))
            }
        }
    }

    private func open(_ descriptor: Int32, _ peer: SocketAddress) {
        context.counters.acceptedConnections.count()
        let client = countedClient(peer)
        let lease = client.flatMap(leaseConnection)
        if client != nil, lease == nil, refusals >= context.limits.refusedConnections {
            noteRefusal(.shareTaken(client: peer))
            // Before anything is made for it: a client that goes on to connect is to cost next to nothing.
            close(descriptor)
            return
        }
        let connection = table.add {
            Connection(worker: self, id: $0, descriptor: descriptor, peer: peer, lease: lease)
        }
        guard epoll.addConnection(descriptor, token: connection.id.token) else { return remove(connection) }
        if lease != nil, let client { clients.add(connection.id, of: client) }
        let count = connection.settleLoad()
        if client != nil, lease == nil {
            guard refuse(connection, .shareTaken(.connection), .shareTaken(client: peer)) else { return }
        } else if count > context.limits.connections {
            guard refuse(connection, .tooManyConnections, .connectionRefused(peer: peer)) else { return }
        }
        connection.advance()
    }

    /// The client network that a connection counts for; nil for those of a trusted proxy, which are those of all its clients.
    private func countedClient(_ peer: SocketAddress) -> AddressRange? {
        context.configuration.forwarded.trusted.contains { $0.contains(peer) } ? nil : peer.network
    }

    /// A place in the client's share, for which its connection is closed that has been idle for the longest.
    private func leaseConnection(_ client: AddressRange) -> ClientShares.Lease? {
        if let lease = context.shares.lease(.connection, for: client) { return lease }
        if !clients.hasCandidates(of: client) { lookForIdle(of: client) }
        while let id = clients.nextCandidate(of: client) {
            guard let oldest = table[id], oldest.canBeEvicted else { continue }
            remove(oldest)
            return context.shares.lease(.connection, for: client)
        }
        return nil
    }

    /// Chooses which connections of a client are closed next for new ones: those that have been idle for the longest.
    private func lookForIdle(of client: AddressRange) {
        let idle = clients.members(of: client, at: now).compactMap { id in
            table[id]?.idleDeadline.map { (id: id, deadline: $0) }
        }
        let pause = idle.isEmpty ? Self.pauseWhereAllAreBusy : Self.pauseAfterLook
        clients.pauseLooks(at: client, until: now + pause, now: now)
        let oldest = idle.sorted { $0.deadline < $1.deadline }.prefix(Self.evictionsPerLook)
        clients.setCandidates(oldest.map(\.id), of: client)
    }

    /// Has a connection answered that it is too many; where more wait for that than may, it is just closed.
    ///
    /// - Returns: whether it is still there.
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

    /// Closes the socket and forgets the connection.
    func remove(_ connection: Connection) {
        guard table.remove(connection.id) else { return }
        if connection.isRefused { refusals -= 1 }
        clients.remove(connection.id, of: connection.peer.network)
        close(connection.descriptor)
        connection.wasClosed()
        if table.isEmpty { becameEmpty() }
    }

    /// Goes on with a connection after the others had their turn.
    func continueLater(_ id: ConnectionID) {
        perform(on: id) { $0.advance() }
    }
}

extension RequestFailure {
    /// The server has as many connections as it takes.
    fileprivate static let tooManyConnections = RequestFailure(
        .serviceUnavailable, "the server has too many connections")
}

/// The connections of each client network on one worker, in the order in which they came.
struct ClientIndex {
    private struct Members {
        var ids: [ConnectionID] = []
        /// Those to be closed for new ones, the longest idle last.
        var candidates: [ConnectionID] = []
        /// Until then it is not looked for an idle one.
        var nextLook = Instant(nanoseconds: 0)
    }

    private var clients: [AddressRange: Members] = [:]

    mutating func add(_ id: ConnectionID, of client: AddressRange) {
        clients[client, default: Members()].ids.append(id)
    }

    mutating func remove(_ id: ConnectionID, of client: AddressRange) {
        guard let place = clients[client]?.ids.firstIndex(of: id) else { return }
        clients[client]?.ids.remove(at: place)
        if clients[client]?.ids.isEmpty == true { clients[client] = nil }
    }

    /// Whether it was chosen what is closed next.
    func hasCandidates(of client: AddressRange) -> Bool { clients[client]?.candidates.isEmpty == false }

    /// The next that was chosen; it may have become busy, or be gone.
    mutating func nextCandidate(of client: AddressRange) -> ConnectionID? {
        clients[client]?.candidates.popLast()
    }

    /// Chooses what is closed next, the first first.
    mutating func setCandidates(_ ids: [ConnectionID], of client: AddressRange) {
        clients[client]?.candidates = ids.reversed()
    }

    /// The connections of a client; none while it is too early to look at them again.
    func members(of client: AddressRange, at now: Instant) -> [ConnectionID] {
        guard let members = clients[client], members.nextLook <= now else { return [] }
        return members.ids
    }

    /// The connections of a client are not looked at again for a while, where a look took place now.
    mutating func pauseLooks(at client: AddressRange, until end: Instant, now: Instant) {
        guard let members = clients[client], members.nextLook <= now else { return }
        clients[client]?.nextLook = end
    }
}
