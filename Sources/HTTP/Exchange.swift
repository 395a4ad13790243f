/// A request and what became of it, for whoever keeps a log.
public struct Exchange: Sendable {
    private let head: RequestHead?
    /// The other end of the connection.
    public let peer: SocketAddress
    /// By what the request is found again.
    public let id: RequestID
    /// As which of its worker's requests it was taken up, for whoever wants to see one in so many.
    public var number: UInt64 { id.number }
    /// The method, where the head could be read.
    public var method: Method? { head?.line.method }
    /// The route that answered, if one did.
    public let meter: RouteMeter?
    /// The status of the answer; nil where the client went away before there was one.
    public let status: Status?
    /// Bytes of the answer's body; 0 for a stream, which has only begun.
    public let bodyBytes: Int
    /// From the moment that the whole request was seen to the answer's being handed to the kernel, without the time that it waited
    /// for a change.
    public let seconds: Double
    /// How long it waited for a change, as long polls do.
    public let waitedSeconds: Double

    /// The request, without its body; nil where not even its head could be read.
    public var request: Request? {
        head.map { Request(head: $0, body: [], peer: peer, id: id) }
    }

    init(_ open: OpenExchange, _ status: Status?, bodyBytes: Int, meter: RouteMeter?, at now: Instant) {
        (head, peer, id) = (open.head, open.peer, open.id)
        (self.status, self.bodyBytes, self.meter) = (status, bodyBytes, meter)
        seconds = now.seconds(since: open.began)
        waitedSeconds = open.waitedSeconds
    }
}

/// A request that is being answered.
struct OpenExchange {
    let head: RequestHead?
    let peer: SocketAddress
    let id: RequestID
    /// When there was something to do for it: at first when it was there, then whenever it was looked at again.
    private(set) var began: Instant
    private(set) var waitedSeconds = 0.0

    init(_ head: RequestHead?, peer: SocketAddress, id: RequestID, at now: Instant) {
        (self.head, self.peer, self.id, began) = (head, peer, id, now)
    }

    /// It has waited for a change until now.
    mutating func hasWaited(until now: Instant) {
        waitedSeconds += now.seconds(since: began)
        began = now
    }
}
