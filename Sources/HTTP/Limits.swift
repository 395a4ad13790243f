/// Every limit of the HTTP layer, with the reason for its default. Nothing a client sends is without one.
public struct Limits: Sendable {
    /// Bytes of a whole request head (431): twice what browsers with many cookies send.
    public var headBytes = 16 * 1024
    /// Bytes of a request target (414): what proxies and browsers commonly take (RFC 9112 §3 asks for 8,000).
    public var targetBytes = 8 * 1024
    /// Field lines in a head, and again in trailers (431): an honest client sends twenty.
    public var headerCount = 100
    /// Bytes of a decoded body (413): a batch of updates, or a whole story to import.
    public var bodyBytes = 1024 * 1024
    /// Bytes of a body that is read before anybody has asked whether it is wanted (see `Responder.admit`): a reader's largest.
    public var freeBodyBytes = 16 * 1024
    /// Bytes held for all clients together: bodies on their way in, and answers that are not taken (503 for what would add to them).
    /// Other memory has bounds of its own.
    public var heldBytes = 128 * 1024 * 1024
    /// Bytes of an answer that is given all the same when that much is held.
    public var freeAnswerBytes = 64 * 1024
    /// Seconds that a client may hold things up when that much is held: the slowest give way to the others.
    public var patienceWhenFull: Duration = .seconds(3)
    /// Bytes of a method (501, RFC 9112 §3): no registered one is longer than 17.
    public var methodBytes = 32
    /// Empty lines before a request line (400): RFC 9112 §2.2 asks for at least one.
    public var leadingEmptyLines = 4
    /// Bytes of one chunk-size line with its extensions (400): nobody uses extensions, some sign their
    /// chunks.
    public var chunkLineBytes = 512
    /// Bytes of all chunk-size lines of a body that are not needed for the size (400, RFC 9112 §7.1.1):
    /// otherwise a small body could cost endless reading.
    public var chunkExtensionBytes = 16 * 1024
    /// Seconds from the first byte of a head to its last (408): more is a client that holds the line.
    public var headerTime: Duration = .seconds(10)
    /// Seconds from the end of the head to the end of the body (408): 1 MiB over a slow mobile link.
    public var bodyTime: Duration = .seconds(30)
    /// Seconds between two requests (closed in silence): longer than the pause between two polls.
    public var idleTime: Duration = .seconds(60)
    /// Seconds in which a client takes none of the bytes that wait for it (closed): it is gone or stuck.
    public var stalledWriteTime: Duration = .seconds(30)
    /// Seconds for which what still arrives after a last answer is read and thrown away, so that the client
    /// gets to see the answer rather than a reset (RFC 9112 §9.6).
    public var lingerTime: Duration = .seconds(2)
    /// The same while the server stops, which an upgrade waits for.
    public var lingerTimeAtStop: Duration = .milliseconds(300)
    /// Bytes thrown away in that time: the rest of a body that was just too large.
    public var lingerBytes = 1024 * 1024
    /// Open connections over all workers (503): descriptors and memory for that many fit a small machine.
    public var connections = 10_000
    /// Connections over that limit that may wait to be told so, for each worker; those beyond are just
    /// closed.
    public var refusedConnections = 64
    /// Open connections of one client network, an IPv4 address or the /64 of an IPv6 address (503 to that client, unless its oldest
    /// idle connection on the same worker can be closed for the new one; 0: no limit): the readers behind the address of a carrier
    /// or an office, but a tenth of all places. Trusted proxies are not counted: theirs are the connections of all.
    public var connectionsPerClient = 1_000
    /// Open streams of one client network (503 to that client; 0: no limit). Behind a trusted proxy the network is the reader's.
    public var streamsPerClient = 500
    /// Polls of one client network that wait (503 to that client; 0: no limit), counted like streams.
    public var parkedPollsPerClient = 500
    /// Connections that the kernel keeps ready for each worker to accept: a burst of reconnecting readers.
    public var listenBacklog: Int32 = 4096

    /// The defaults.
    public init() {}
}
