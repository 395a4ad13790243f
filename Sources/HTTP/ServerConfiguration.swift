/// What a server needs to know before it starts.
public struct ServerConfiguration: Sendable {
    /// An IPv4 or IPv6 literal, or a name; a name with several addresses is served on all of them.
    /// `::` serves IPv4 as well.
    public var host: String
    /// The port; 0 lets the system choose one, which all workers then share.
    public var port: UInt16
    /// How many workers serve, each on a queue of its own; nil for as many as there are processors to run on.
    public var workers: Int?
    /// The limits that hold.
    public var limits: Limits
    /// The proxies that say who the client is: by them a client's share of connections, streams and waiting polls is told.
    public var forwarded = ForwardedBy()
    /// Told of notable events, from the workers' queues; must not block.
    public var onEvent: @Sendable (ServerEvent) -> Void
    /// Told of every request once it is answered, or its client gone, from the workers' queues: what it costs, every answer costs.
    /// Must not block.
    public var onExchange: (@Sendable (Exchange) -> Void)?

    /// A configuration; the defaults serve the own machine on port 8080.
    public init(
        host: String = "127.0.0.1", port: UInt16 = 8080, workers: Int? = nil, limits: Limits = Limits(),
        onEvent: @escaping @Sendable (ServerEvent) -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.workers = workers
        self.limits = limits
        self.onEvent = onEvent
    }
}

extension ServerConfiguration {
    /// How many workers there will be: those asked for, or one a processor.
    public var workerCount: Int { max(1, workers ?? Processors.available) }
}

/// Something an operator may want to know, and that no request will tell.
public enum ServerEvent: Sendable, Hashable {
    /// Accepting failed, mostly for want of descriptors; the listener rests for a moment.
    case acceptFailed(reason: String)
    /// A connection over the limit was refused.
    case connectionRefused(peer: SocketAddress)
    /// A connection, a stream or a waiting poll was refused, because its client network has its share of them.
    case shareTaken(client: SocketAddress)
    /// Gauges differed from what connections held, and were put right: a fault of the server's own. `detail` says what they were.
    case gaugesRepaired(detail: String)
    /// A reader of a stream did not keep up and was dropped.
    case readerDropped(peer: SocketAddress)
    /// A client took nothing of its answer for too long and was closed.
    case writeStalled(peer: SocketAddress)
}

/// What a server has done so far: sums over its workers at one moment.
public struct ServerStatistics: Sendable, Hashable {
    /// Connections open now.
    public var openConnections = 0
    /// Bytes held for clients now: of bodies on their way in, and of answers that are not taken.
    public var heldBytes = 0
    /// Streams open now.
    public var openStreams = 0
    /// Requests parked now.
    public var parkedRequests = 0
    /// Connections accepted since the start.
    public var acceptedConnections = 0
    /// Connections refused for being over the limit, or over their client's share.
    public var refusedConnections = 0
    /// Streams and waiting polls refused for being over their client's share.
    public var refusedShares = 0
    /// How often gauges were found to differ from what connections held.
    public var gaugeRepairs = 0
    /// Requests handed to the responder.
    public var requests = 0
    /// Requests that HTTP itself refused.
    public var failures = 0
    /// Requests whose clients went away before there was an answer.
    public var abandonedRequests = 0
    /// Answers of no route.
    public var unrouted = RouteFigures()
    /// Readers dropped because they did not keep up.
    public var droppedReaders = 0
    /// Bytes taken by the kernel for clients.
    public var bytesSent = 0

    /// The figures of a server that has done nothing yet.
    public init() {}
}
