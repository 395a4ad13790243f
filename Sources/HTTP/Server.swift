// SPDX-License-Identifier: Apache-2.0
import CEpoll
import Dispatch
import Glibc
import Synchronization

/// An HTTP/1.1 server: workers that share a port, and a responder.
///
/// Deallocating the server stops it at once; keep a reference for as long as it must serve.
public final class Server: Sendable {
    private enum State {
        case ready
        case running([Worker])
        case stopped
    }

    private let configuration: ServerConfiguration
    private let sharedLimits: SharedLimits
    private let responder: any Responder
    private let counters: [Counters]
    private let gauges: ServerGauges
    private let workerGauges: [WorkerGauges]
    private let quotas: ClientQuotas
    private let spoolSlots: SpoolSlots
    private let unrouted = RouteMeter("none", "none")
    private let state = Mutex(State.ready)

    /// A server that does not listen yet.
    public init(configuration: ServerConfiguration, responder: any Responder) {
        self.configuration = configuration
        sharedLimits = SharedLimits(configuration.limits)
        self.responder = responder
        let gauges = ServerGauges(memoryLimit: configuration.limits.heldBytes)
        self.gauges = gauges
        workerGauges = (0..<configuration.workerCount).map { _ in WorkerGauges(gauges) }
        quotas = ClientQuotas(limits: configuration.limits)
        spoolSlots = SpoolSlots(limit: configuration.limits.spooledBodies)
        counters = (0..<configuration.workerCount).map { _ in Counters() }
    }

    deinit {
        guard case .running(let workers) = state.withLock({ $0 }) else { return }
        for worker in workers { worker.stop(until: .now()) {} }
    }

    /// Binds, listens and serves.
    ///
    /// From then on SIGPIPE does not end the process, unless the program has set a disposition of its own: `sendfile` to a connection
    /// that the client has closed raises it.
    ///
    /// - Returns: the bound addresses, with the port that the system chose for port 0.
    /// - Throws: why it cannot listen; no socket is left open then.
    @discardableResult
    public func start() throws(ServerError) -> [SocketAddress] {
        let (host, port) = (configuration.host, configuration.port)
        guard case .ready = state.withLock({ $0 }) else { throw .alreadyStarted(host: host, port: port) }
        let listeners = try Listener.open(
            host: host, port: port, copies: counters.count, limits: configuration.limits)
        let workers = listeners.indices.compactMap { worker($0, listeners[$0]) }
        guard workers.count == listeners.count else {
            for listener in listeners.joined() { close(listener.descriptor) }
            throw .system(
                host: host, port: port, call: "epoll_create1", reason: String(cString: strerror(errno)))
        }
        cepoll_survive_sigpipe()
        state.withLock { $0 = .running(workers) }
        for worker in workers { worker.start() }
        return listeners.first?.map(\.address) ?? []
    }

    private func worker(_ index: Int, _ listeners: [Listener]) -> Worker? {
        let context = WorkerContext(
            configuration: configuration, sharedLimits: sharedLimits, responder: responder,
            counters: counters[index],
            server: gauges, gauges: workerGauges[index], quotas: quotas, spoolSlots: spoolSlots,
            unrouted: unrouted)
        return Worker(context: context, listeners: listeners, index: index)
    }

    /// Graceful shutdown: accepts no connections, closes idle ones, ends streams, answers requests in flight with
    /// `Connection: close`. Connections still open after `bound` are closed. Returns when all are closed.
    public func stop(within bound: Duration) async {
        let running = state.withLock { state in
            defer { state = .stopped }
            return state
        }
        guard case .running(let workers) = running else { return }
        let deadline = DispatchTime.now() + .milliseconds(bound.wholeMilliseconds)
        // A dispatch group rather than tasks: those would have to wait if handlers occupy the cooperative pool.
        let stopping = DispatchGroup()
        for worker in workers {
            stopping.enter()
            worker.stop(until: deadline) { stopping.leave() }
        }
        await withCheckedContinuation { continuation in
            stopping.notify(queue: .global()) { @Sendable in continuation.resume() }
        }
    }

    /// The counters and gauges of all workers.
    public var statistics: ServerStatistics {
        var statistics = counters.reduce(into: ServerStatistics()) { $1.add(to: &$0) }
        statistics.openConnections = gauges.connections
        statistics.connectionLimit = configuration.limits.connections
        statistics.heldBytes = gauges.heldBytes
        statistics.spooledBodies = spoolSlots.count
        for worker in workerGauges {
            statistics.openStreams += worker.load.streams
            statistics.parkedRequests += worker.load.parkedRequests
            statistics.gaugeRepairs += worker.repairs
        }
        statistics.unrouted = unrouted.figures
        return statistics
    }
}

extension Duration {
    /// Rounded up, and clamped to 0…86,400 s so that a deadline cannot overflow.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let bounded = min(max(seconds, 0), 86_400)
        return Int(bounded) * 1000 + Int((max(attoseconds, 0) + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
