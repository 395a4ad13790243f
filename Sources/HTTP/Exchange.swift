// SPDX-License-Identifier: Apache-2.0
/// A request and its outcome, for an access log.
public struct Exchange: Sendable {
    private let head: RequestHead?
    /// The other end of the connection.
    public let peer: SocketAddress
    /// The request id, as sent in `X-Request-Id`.
    public let id: RequestID
    /// Sequence number among its worker's requests, for sampling.
    public var number: UInt64 { id.number }
    /// The method; `nil` if the head could not be parsed.
    public var method: Method? { head?.line.method }
    /// The route that answered, if any.
    public let meter: RouteMeter?
    /// The status of the response; `nil` if the client disconnected first.
    public let status: Status?
    /// Size of the response body; 0 for a stream, which has only begun.
    public let bodyBytes: Int
    /// Latency: from the complete request to the response's being passed to the kernel, without the time spent waiting for a
    /// change.
    public let seconds: Double
    /// How long it waited for a change, as long polls do.
    public let waitedSeconds: Double

    /// The request, without its body; `nil` if its head could not be parsed.
    public var request: Request? {
        head.map { Request(head: $0, body: [], peer: peer, id: id) }
    }

    init(
        _ open: consuming OpenExchange, _ status: Status?, bodyBytes: Int, meter: RouteMeter?, at now: Instant
    ) {
        (head, peer, id) = (open.head, open.peer, open.id)
        (self.status, self.bodyBytes, self.meter) = (status, bodyBytes, meter)
        seconds = now.seconds(since: open.began)
        waitedSeconds = open.waitedSeconds
    }
}

/// A request in flight.
struct OpenExchange {
    let head: RequestHead?
    let peer: SocketAddress
    let id: RequestID
    /// When work on it last began: on arrival, then each time it is evaluated again.
    private(set) var began: Instant
    private(set) var waitedSeconds = 0.0

    init(_ head: RequestHead?, peer: SocketAddress, id: RequestID, at now: Instant) {
        (self.head, self.peer, self.id, began) = (head, peer, id, now)
    }

    /// Adds the time since `began` as waiting time.
    mutating func hasWaited(until now: Instant) {
        waitedSeconds += now.seconds(since: began)
        began = now
    }
}
