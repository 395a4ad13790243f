// SPDX-License-Identifier: Apache-2.0
/// The configuration of a server.
public struct ServerConfiguration: Sendable {
    /// An IPv4 or IPv6 literal, or a name, all of whose addresses are bound. `::` accepts IPv4 as well.
    public var host: String
    /// The port; 0 lets the system choose one, which all workers share.
    public var port: UInt16
    /// The number of workers, each on its own queue; `nil` for one per usable processor.
    public var workers: Int?
    /// The limits that hold.
    public var limits: Limits
    /// The trusted proxies. They determine which client a connection, stream or long poll is charged to.
    public var forwarded = ForwardedBy()
    /// Called for notable events on workers' queues; must not block.
    public var onEvent: @Sendable (ServerEvent) -> Void
    /// Called for every request once it is answered or its client disconnected, on workers' queues. On the hot path; must not
    /// block.
    public var onExchange: (@Sendable (Exchange) -> Void)?

    /// A configuration; by default it serves the loopback interface on port 8080.
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
    /// The effective number of workers.
    public var workerCount: Int { max(1, workers ?? Processors.available) }
}

/// An event of interest to an operator that no request shows.
public enum ServerEvent: Sendable, Hashable {
    /// `accept` failed, usually for lack of descriptors. Listeners are paused until the next tick.
    case acceptFailed(reason: String)
    /// A connection over the server's limit was refused.
    case connectionRefused(peer: SocketAddress)
    /// A connection, a stream or a long poll was refused because its client network has used up its quota.
    case quotaExceeded(client: SocketAddress)
    /// Gauges differed from the connections' state and were repaired: a bug in the server. `detail` has the old values.
    case gaugesRepaired(detail: String)
    /// A stream was closed because its reader fell too far behind.
    case readerDropped(peer: SocketAddress)
    /// A request body could not be written to disk.
    case spoolFailed(reason: String)
    /// A file could not be read to the end while it was sent; its connection was closed.
    case fileFailed(reason: String)
    /// A client read nothing of its response for `stalledWriteTime`, and was closed.
    case writeStalled(peer: SocketAddress)
}

/// Counters and gauges of a server: sums over its workers.
public struct ServerStatistics: Sendable, Hashable {
    /// Gauge: open connections.
    public var openConnections = 0
    /// The most connections that are served at a time.
    public var connectionLimit = 0
    /// Gauge: bytes held for clients, of bodies being received and responses not yet sent.
    public var heldBytes = 0
    /// Gauge: request bodies on disk, complete or not.
    public var spooledBodies = 0
    /// Gauge: open streams.
    public var openStreams = 0
    /// Gauge: parked long polls.
    public var parkedRequests = 0
    /// Connections accepted since the start.
    public var acceptedConnections = 0
    /// Connections refused by the server's limit or a client's quota.
    public var refusedConnections = 0
    /// Streams and long polls refused by a client's quota.
    public var quotaRefusals = 0
    /// How often the gauges were repaired.
    public var gaugeRepairs = 0
    /// Requests passed to the responder.
    public var requests = 0
    /// Requests rejected by the HTTP layer.
    public var failures = 0
    /// Requests whose clients disconnected before they were answered.
    public var abandonedRequests = 0
    /// Responses of no route.
    public var unrouted = RouteFigures()
    /// Streams closed because their readers fell behind.
    public var droppedReaders = 0
    /// Bytes accepted by the kernel.
    public var bytesSent = 0

    /// All zero.
    public init() {}
}
