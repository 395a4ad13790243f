// SPDX-License-Identifier: Apache-2.0
/// All limits of the HTTP layer, with the reason for each default. No input of a client is unbounded.
public struct Limits: Sendable {
    /// Bytes of a request head (431): twice what browsers with many cookies send.
    public var headBytes = 16 * 1024
    /// Bytes of a request target (414): common among proxies and browsers (RFC 9112 §3 recommends 8,000).
    public var targetBytes = 8 * 1024
    /// Field lines in a head, and again in trailers (431): legitimate clients send about twenty.
    public var headerCount = 100
    /// Bytes of a decoded body (413): a batch of updates, or a whole story to import.
    public var bodyBytes = 1024 * 1024
    /// Request bodies on disk at a time, being received or waiting to be handled (503): they bound the room that is needed there, and
    /// the memory, of 96 KiB each while they are received.
    public var spooledBodies = 64
    /// Largest body that is read without admission control (`Responder.admit`): the largest that a reader sends.
    public var freeBodyBytes = 16 * 1024
    /// Bytes held for all clients together: bodies being received and responses not yet sent. Above it, new ones are refused
    /// (503) and load is shed. Other memory has its own limits.
    public var heldBytes = 128 * 1024 * 1024
    /// Largest response that is sent even while `heldBytes` is exceeded.
    public var freeAnswerBytes = 64 * 1024
    /// How long a client may stall while `heldBytes` is exceeded, before it is shed in favour of the others.
    public var stallTimeUnderPressure: Duration = .seconds(3)
    /// Bytes of a method (501, RFC 9112 §3): the longest registered one has 17.
    public var methodBytes = 32
    /// Empty lines before a request line (400): RFC 9112 §2.2 requires tolerating at least one.
    public var leadingEmptyLines = 4
    /// Bytes of a chunk-size line with its extensions (400): extensions are not used in practice, except for
    /// signed chunks.
    public var chunkLineBytes = 512
    /// Overhead of all chunk-size lines of a body, beyond the digits that the size needs (400, RFC 9112 §7.1.1): otherwise a
    /// small body could cost unbounded parsing.
    public var chunkExtensionBytes = 16 * 1024
    /// Time for a head, from its first byte to its last (408): against slowloris.
    public var headerTime: Duration = .seconds(10)
    /// Time for a body, from the end of the head (408): 1 MiB over a slow mobile link. A body that is spooled, which may be much
    /// larger, has that time for every 64 KiB: a phone with 20 kbit/s gets it through, one that has stalled does not.
    public var bodyTime: Duration = .seconds(30)
    /// Keep-alive timeout between two requests (closed without a response): longer than the poll interval.
    public var idleTime: Duration = .seconds(60)
    /// How long a client may read nothing of its pending output (closed).
    public var stalledWriteTime: Duration = .seconds(30)
    /// Lingering close: how long input is read and discarded after the last response, so that the client
    /// reads it before it gets a reset (RFC 9112 §9.6).
    public var lingerTime: Duration = .seconds(2)
    /// The same during shutdown, which an upgrade waits for.
    public var lingerTimeAtStop: Duration = .milliseconds(300)
    /// Bytes discarded in a lingering close: the rest of a body that is slightly too large.
    public var lingerBytes = 1024 * 1024
    /// Open connections over all workers (503): descriptors and memory for them fit a small machine. `wireroom serve` sets it by those
    /// that there are.
    public var connections = 10_000
    /// Connections beyond that limit that are kept to be sent the 503, per worker; those beyond are closed at
    /// once.
    public var refusedConnections = 64
    /// Quota of connections of one client network, an IPv4 address or the /64 of an IPv6 address (503, unless the client's least
    /// recently used idle connection on the same worker can be evicted; 0: no limit): enough for readers behind the address of a
    /// carrier or an office, and a tenth of all connections. Trusted proxies are exempt: their connections serve all clients.
    public var connectionsPerClient = 1_000
    /// Quota of streams of one client network (503; 0: no limit). Behind a trusted proxy, the forwarded client's network.
    public var streamsPerClient = 500
    /// Quota of parked long polls of one client network (503; 0: no limit), counted like streams.
    public var parkedPollsPerClient = 500
    /// Listen backlog per worker: a burst of reconnecting readers.
    public var listenBacklog: Int32 = 4096

    /// The defaults.
    public init() {}
}

/// The limits of a server, shared by its connections: a copy in each would be most of an idle connection's memory.
final class SharedLimits: Sendable {
    let values: Limits

    init(_ values: Limits) { self.values = values }
}
