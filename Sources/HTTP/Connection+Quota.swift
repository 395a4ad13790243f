// SPDX-License-Identifier: Apache-2.0
extension Connection {
    /// Takes one unit of the client's quota. Behind a trusted proxy the client is the forwarded address, not the peer.
    func lease(_ resource: ClientQuotas.Resource) -> ClientQuotas.Lease? {
        worker.context.quotas.lease(resource, for: client.network)
    }

    private var client: SocketAddress { request?.client(worker.context.configuration.forwarded) ?? peer }

    /// The response (503) to a request whose client has used up its quota.
    func refusal(of resource: ClientQuotas.Resource) -> Response {
        worker.context.counters.quotaRefusals.count()
        worker.context.configuration.onEvent(.quotaExceeded(client: client))
        return worker.context.responder.respond(
            to: .quotaExceeded(resource), request: request, id: exchange?.id ?? RequestID())
    }

    /// The current request, without its body.
    private var request: Request? {
        exchange.flatMap { open in
            open.head.map { Request(head: $0, body: [], peer: peer, id: open.id) }
        }
    }

    /// When the connection closes for idleness; `nil` while part of a request or response is in flight.
    var idleDeadline: Instant? {
        output.isEmpty && !isRefused && !isReadable ? state.idleDeadline : nil
    }

    /// Whether it is idle and its receive buffer empty: closing a socket with unread input sends a reset.
    var canBeEvicted: Bool { idleDeadline != nil && !Socket.hasInput(descriptor) }
}
