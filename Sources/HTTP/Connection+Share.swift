extension Connection {
    /// A place in the share of the client that asks, which behind a trusted proxy is not the peer.
    func lease(_ place: ClientShares.Place) -> ClientShares.Lease? {
        worker.context.shares.lease(place, for: client.network)
    }

    private var client: SocketAddress { request?.client(worker.context.configuration.forwarded) ?? peer }

    /// The answer to a request for which its client's share has no place left.
    func refusal(of place: ClientShares.Place) -> Response {
        worker.context.counters.refusedShares.count()
        worker.context.configuration.onEvent(.shareTaken(client: client))
        return worker.context.responder.respond(
            to: .shareTaken(place), request: request, id: exchange?.id ?? RequestID())
    }

    /// The head of the request at hand, as a request without its body.
    private var request: Request? {
        exchange.flatMap { open in
            open.head.map { Request(head: $0, body: [], peer: peer, id: open.id) }
        }
    }

    /// When the connection will be closed for being idle; nil where it is not: something of a request or an answer is on its way.
    var idleDeadline: Instant? {
        output.isEmpty && !isRefused && !isReadable ? state.idleDeadline : nil
    }

    /// Whether it is idle, and no request lies in its socket, which closing would reset.
    var canBeEvicted: Bool { idleDeadline != nil && !Socket.hasInput(descriptor) }
}
