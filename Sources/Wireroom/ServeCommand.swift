// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Delivery
internal import Dispatch
internal import Glibc
internal import HTTP
internal import Images
internal import Live
internal import Markdown
internal import MediaFiles
internal import ObjectStorage
internal import Stories
internal import StoryTables

/// `wireroom serve`: runs the server.
struct ServeCommand: Command {
    static let name = "serve"
    static let summary = "Runs the server until SIGTERM or SIGINT."
    static let details = """
        WIREROOM_ADMIN_KEY can hold an API key with the role admin: at least 20 characters, without spaces. A server without
        any key creates one and writes it to its log, once.
        """
    /// How long requests in flight may take to finish in a graceful stop.
    static let gracePeriod: Duration = .seconds(9)
    /// After this many seconds the process exits, even if the graceful stop has not finished.
    static let lastResortSeconds = 10

    /// Files that are open besides those of ``FileDescriptorLimit/reserve``: pictures for readers, and two for each upload; at most a quarter
    /// of all.
    private static func mediaDescriptors(of descriptors: Int) -> Int {
        min(API.MediaSettings.openFiles + 2 * HTTP.Limits().spooledBodies, descriptors / 4)
    }

    let database: DatabaseLocation
    private let commandsPerCommit: Int
    private let connectionsWanted: Int?
    private let connectionLimit: ConnectionLimit
    private var server: ServerConfiguration
    private var api = API.Configuration()
    let outboundAllowed: [AddressRange]
    /// `nil`: nobody is notified.
    let pushOptions: PushOptions?
    let log: Log
    let site: Site

    init(_ arguments: Arguments) throws(CommandError) {
        try arguments.noOperands()
        log = Log(
            format: try arguments.choice("log-format") ?? .text,
            leastLevel: try arguments.choice("log-level") ?? .info)
        site = try Site(arguments)
        database = try arguments.database
        outboundAllowed = try arguments.ranges("outbound-allow")
        pushOptions = try arguments.pushOptions
        commandsPerCommit =
            try arguments.integer("commands-per-commit", in: 1...100_000)
            ?? CommandQueue.defaultCommandsPerCommit
        server = ServerConfiguration(
            host: arguments.value("host") ?? Option.defaultHost,
            port: UInt16(try arguments.integer("port", in: 0...65_535) ?? Option.defaultPort),
            workers: try arguments.integer("workers", in: 1...256))
        connectionsWanted = try arguments.integer("connections", in: 1...ConnectionLimit.maximum)
        let descriptors = FileDescriptorLimit.raise()
        connectionLimit = ConnectionLimit(
            wanted: connectionsWanted, descriptors: descriptors - Self.mediaDescriptors(of: descriptors),
            memory: MachineMemory.available,
            workers: server.workerCount)
        server.limits.connections = connectionLimit.connections
        api.media = try arguments.mediaSettings(of: database, workers: server.workerCount, log: log)
        api.social = try arguments.socialSettings(log: log)
        server.limits.refusedConnections = connectionLimit.refused
        if let bytes = try arguments.integer("max-body-bytes", in: 1_024...(1 << 30)) {
            server.limits.bodyBytes = bytes
        }
        if let bytes = try arguments.integer("buffer-bytes", in: (1 << 20)...(1 << 40)) {
            server.limits.heldBytes = bytes
        }
        try arguments.setShares(of: &server.limits)
        guard server.limits.bodyBytes <= server.limits.heldBytes else {
            throw .usage(
                "wireroom: --max-body-bytes must not exceed --buffer-bytes, the memory that bodies are held in"
            )
        }
        api.cacheBytes = try arguments.integer("cache-bytes", in: 0...(1 << 40)) ?? api.cacheBytes
        api.pollInterval = try arguments.pollInterval
        api.keepDeletedDays = try arguments.integer("keep-deleted", in: 0...36_500) ?? api.keepDeletedDays
        api.processors = server.workerCount
        if let rate = try arguments.integer("reaction-rate", in: 0...1_000_000) {
            api.reactionLimit = RateLimit(burst: max(rate, 1), perMinute: rate)
        }
        api.forwarded = try arguments.forwarded
        server.forwarded = api.forwarded
        let addresses: LoggedAddresses = try arguments.choice("log-addresses") ?? .short
        server.onEvent = { [log] in log.note($0, addresses) }
        server.onExchange =
            AccessLog(
                log: log, share: try arguments.accessShare, forwarded: api.forwarded, addresses: addresses
            ).note
        api.site = { [site] in site.origin }
        let publicOrigin = site.named ?? ""
        api.html = { Markdown.html($0, origin: publicOrigin) }
        // At most half of the processors, but at least two threads.
        api.jobs = JobQueue(threads: max(2, server.workerCount / 2))
        api.version = Wireroom.version
        api.origins = try arguments.origins
        api.reactionKinds = try arguments.reactionKinds
        api.embeds = try arguments.choice("embeds") ?? api.embeds
        api.adminKey = try arguments.adminKey
        api.purge = try PurgeHook(arguments, log: log)?.purge
    }

    func run() async throws(CommandError) {
        let memory = Memory.keep()
        defer { memory.cancel() }
        let stop = StopSignal(limit: Self.lastResortSeconds)
        defer { log.flush() }
        let store = try TableStore.open(
            database, as: .server, commandsPerCommit: commandsPerCommit, jobs: api.jobs,
            origin: site.named ?? "")
        try prepareMedia()
        try await rerenderBodies(in: store)
        for warning in store.warnings { log.write(.warning, warning) }
        let deliveries = try await startDeliveries(from: store)
        let cards = try await startLookups(for: store, media: api.media)
        let push = try await startPush(from: store)
        let (running, addresses) = try start(store, deliveries, cards, push)
        try await makeFirstKey(in: store)
        for address in addresses {
            log.write(
                .info, "wireroom \(Wireroom.version) is ready at http://\(address) with \(database)")
        }
        let looked = Task {
            await warnOfMissingDecoder()
            await warnOfMissingBucket()
        }
        defer { looked.cancel() }
        if let warning = connectionLimit.warning(wanted: connectionsWanted) { log.write(.warning, warning) }
        let signal = await stop.wait()
        log.write(.info, "stopping on \(signal): requests in flight may finish")
        async let sent: Void = deliveries.stop(within: Self.gracePeriod)
        async let lookedUp: Void = cards.stop(within: Self.gracePeriod)
        async let notified: Void? = push?.dispatcher.stop(within: Self.gracePeriod)
        await running.stop(within: Self.gracePeriod)
        await sent
        await lookedUp
        _ = await notified
        log.write(.info, "stopped")
    }

    private func start(
        _ store: TableStore, _ deliveries: Deliveries, _ cards: Lookups, _ push: RunningPush?
    ) throws(CommandError) -> (Server, [SocketAddress]) {
        let figures = ServerFigures()
        var api = api
        api.statistics = { figures.statistics }
        api.process = { ProcessFigures.current }
        api.deliveries = { deliveries.figures }
        api.cards = { cards.figures }
        api.checkLink = linkCheck()
        api.push = push?.settings
        if let dispatcher = push?.dispatcher { api.pushes = { dispatcher.figures } }
        api.onTrouble = { [log] trouble in log.note(trouble) }
        let server = Server(
            configuration: server, responder: API(store: store, keys: store, configuration: api))
        figures.watch(server)
        do throws(ServerError) {
            let addresses = try server.start()
            if let address = addresses.first { site.listens(at: address) }
            return (server, addresses)
        } catch {
            throw .failure(error.description)
        }
    }

    /// Renders outdated bodies again, before the server listens, so that no cache stores outdated HTML.
    private func rerenderBodies(in store: TableStore) async throws(CommandError) {
        let count = try await domain { () async throws(StoryError) in try await store.rerenderBodies() }
        if count > 0 { log.write(.info, "rendered \(count) bodies again, for this version and --public-url") }
    }

    /// Creates the folder of pictures. On a full disk the server starts without it: reads go on.
    private func prepareMedia() throws(CommandError) {
        guard let media = api.media else { return }
        do throws(FileError) {
            try media.storage.prepare()
        } catch {
            let message = "the folder of pictures, \(media.spoolFolder), cannot be used: \(error)"
            guard error.isFull else { throw .failure(message) }
            log.write(.warning, message + "; restart the server when there is room")
        }
    }

    /// Says early that pictures will be refused, rather than at the first upload.
    private func warnOfMissingDecoder() async {
        guard let images = api.media?.images as? ImageProcessor else { return }
        do throws(ImageError) {
            try await images.check()
        } catch {
            if case .failed(let why) = error { log.write(.warning, "pictures cannot be processed: \(why)") }
        }
    }

    /// Says early that pictures cannot be stored at present. The feed does not wait for it.
    private func warnOfMissingBucket() async {
        guard let storage = api.media?.storage as? BucketStorage else { return }
        do throws(FileError) { try await storage.check() } catch {
            log.write(.warning, "pictures cannot be stored at present: \(error)")
        }
    }

    private func makeFirstKey(in store: TableStore) async throws(CommandError) {
        guard api.adminKey == nil else { return }
        let keys = try await domain { () async throws(StoryError) in try await store.keys() }
        guard keys.isEmpty else { return }
        let key = APIKey(name: "first", grant: Grant(role: .admin), createdAt: .now)
        // Another node may start on the same empty database.
        let isFirst = try await domain { () async throws(StoryError) in
            try await store.addFirstKey(key.record)
        }
        guard isFirst else { return }
        log.write(
            .info,
            "created a key with the role admin, because there was none; it is shown only once: \(key.text)")
    }

}

extension Log {
    /// Logs a failure of the storage, throttled.
    func note(_ trouble: StoryError.StorageTrouble) {
        throttled(
            .error, kind: "\(trouble)", trouble.message + "; reads or writes fail until that is fixed")
    }

    /// Logs an event, throttled, because clients determine how often they occur.
    fileprivate func note(_ event: ServerEvent, _ addresses: LoggedAddresses) {
        switch event {
        case .acceptFailed(let reason):
            throttled(.warning, kind: "accept", "cannot accept connections: \(reason)")
        case .connectionRefused(let peer):
            note(
                .warning, kind: "refuse", "refused a connection: too many are open",
                peer, addresses)
        case .quotaExceeded(let client):
            note(
                .warning, kind: "share",
                "refused a client network that has reached its limit of connections, streams or polls; if it is a proxy, name it in --trusted-proxies",
                client, addresses)
        case .readerDropped(let peer):
            note(.info, kind: "drop", "disconnected a reader that did not keep up", peer, addresses)
        case .writeStalled(let peer):
            note(.info, kind: "stall", "disconnected a client that accepted no data", peer, addresses)
        case .spoolFailed(let reason):
            throttled(.error, kind: "spool", "cannot write an upload to disk: \(reason)")
        case .fileFailed(let reason):
            throttled(.error, kind: "file", "a file could not be sent to its end: \(reason)")
        case .gaugesRepaired(let detail):
            throttled(
                .error, kind: "gauges",
                "internal error: gauges were wrong and have been corrected: \(detail)")
        }
    }

    private func note(
        _ level: LogLine.Level, kind: String, _ message: String, _ peer: SocketAddress,
        _ addresses: LoggedAddresses
    ) {
        throttled(level, kind: kind, message, addresses.text(peer).map { [("client", .text($0))] } ?? [])
    }
}
