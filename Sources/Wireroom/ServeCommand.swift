internal import API
internal import CMalloc
internal import Dispatch
internal import Glibc
internal import HTTP
internal import SQLiteStore
internal import Stories

/// `wireroom serve`: the server.
struct ServeCommand: Command {
    static let name = "serve"
    static let summary = "Serves the database over HTTP until it is told to stop (SIGTERM, SIGINT)."
    static let details = """
        WIREROOM_ADMIN_KEY may hold a key with the role admin: at least 20 characters, without spaces. A server that has
        no key at all makes one and prints it once.
        """
    static let options: [Option] = [
        .database, .host, .port,
        Option(
            name: "origins", value: "LIST", variable: "WIREROOM_ORIGINS",
            help: "origins whose pages may read, by commas; default * for all"),
        Option(
            name: "reactions", value: "LIST", variable: "WIREROOM_REACTIONS",
            help: "kinds of reaction, by commas; default veryGood"),
        Option(
            name: "reaction-rate", value: "NUMBER", variable: "WIREROOM_REACTION_RATE",
            help: "reactions of one client in a minute; default 120, 0 for no limit"),
        Option(
            name: "trusted-proxies", value: "LIST", variable: "WIREROOM_TRUSTED_PROXIES",
            help: "proxies that say who the client is: addresses and ranges (10.0.0.0/8), by commas"),
        Option(
            name: "forwarded-field", value: "NAME", variable: "WIREROOM_FORWARDED_FIELD",
            help: "where they say it: x-forwarded-for (default) or forwarded"),
        Option(
            name: "purge-url", value: "URL", variable: "WIREROOM_PURGE_URL",
            help: "the cache to tell of takedowns, such as http://127.0.0.1:6081; default none"),
        Option(
            name: "purge-method", value: "METHOD", variable: "WIREROOM_PURGE_METHOD",
            help: "the method of those requests; default PURGE"),
        Option(
            name: "purge-host", value: "NAME", variable: "WIREROOM_PURGE_HOST",
            help: "what the cache knows the site as; default the host of --purge-url"),
        Option(
            name: "workers", value: "NUMBER", variable: "WIREROOM_WORKERS",
            help: "threads that serve; default one a processor"),
        Option(
            name: "cache-bytes", value: "NUMBER", variable: "WIREROOM_CACHE_BYTES",
            help: "memory for answers that are ready to send; default 67108864, 0 keeps none"),
        Option(
            name: "poll-interval", value: "LEAST-MOST", variable: "WIREROOM_POLL_INTERVAL",
            help: "seconds that pollers are told to wait, by pace and load; default 5-60"),
        Option(
            name: "commands-per-commit", value: "NUMBER", variable: "WIREROOM_COMMANDS_PER_COMMIT",
            help: "writes that may share a commit; default 256, 1 commits each alone"),
        Option(
            name: "max-body-bytes", value: "NUMBER", variable: "WIREROOM_MAX_BODY_BYTES",
            help: "the largest request body; default 1048576"),
    ]

    /// How long requests in flight may take when the server stops.
    static let gracePeriod: Duration = .seconds(9)
    /// When it ends whatever is still going on.
    static let lastResortSeconds = 10

    private let databasePath: String
    private let commandsPerCommit: Int
    private var server: ServerConfiguration
    private var api = API.Configuration()
    private let log = Log()

    init(_ arguments: Arguments) throws(CommandError) {
        try arguments.noOperands()
        databasePath = try arguments.databasePath
        commandsPerCommit =
            try arguments.integer("commands-per-commit", in: 1...100_000)
            ?? SQLiteStore.defaultCommandsPerCommit
        server = ServerConfiguration(
            host: arguments.value("host") ?? "127.0.0.1",
            port: UInt16(try arguments.integer("port", in: 0...65_535) ?? 8080),
            workers: try arguments.integer("workers", in: 1...256), onEvent: { [log] in log.note($0) })
        server.limits.connections = Descriptors.connections(atMost: server.limits.connections)
        if let bytes = try arguments.integer("max-body-bytes", in: 1_024...(1 << 30)) {
            server.limits.bodyBytes = bytes
        }
        api.cacheBytes = try arguments.integer("cache-bytes", in: 0...(1 << 40)) ?? api.cacheBytes
        api.pollInterval = try arguments.pollInterval
        api.processors = server.workerCount
        if let rate = try arguments.integer("reaction-rate", in: 0...1_000_000) {
            api.reactionLimit = RateLimit(burst: max(rate, 1), perMinute: rate)
        }
        api.forwarded = try arguments.forwarded
        api.version = Wireroom.version
        api.origins = arguments.origins
        api.reactionKinds = try arguments.reactionKinds
        api.adminKey = try arguments.adminKey
        api.purge = try PurgeHook(arguments, log: log)?.purge
    }

    func run() async throws(CommandError) {
        Self.keepMemory()
        let stop = StopSignal(limit: Self.lastResortSeconds)
        defer { log.flush() }
        let store = try SQLiteStore.open(
            databasePath, as: .server, commandsPerCommit: commandsPerCommit)
        let (running, addresses) = try start(store)
        try await makeFirstKey(in: store)
        for address in addresses {
            log.write(
                .info, "wireroom \(Wireroom.version) is ready at http://\(address) with \(databasePath)")
        }
        if server.limits.connections < Limits().connections {
            log.write(
                .warning,
                "the limit on open files allows \(server.limits.connections) connections; raise it (ulimit -n)"
            )
        }
        let signal = await stop.wait()
        log.write(.info, "stopping on \(signal): requests in flight may finish")
        await running.stop(within: Self.gracePeriod)
        log.write(.info, "stopped")
    }

    /// Lets freed memory stay with the process for the next answer, up to a bound for each thread: to give back and take again
    /// what a page needs costs as much as the page.
    private static func keepMemory() {
        mallopt(M_MMAP_THRESHOLD, 4 << 20)
        mallopt(M_TRIM_THRESHOLD, 8 << 20)
    }

    private func start(_ store: SQLiteStore) throws(CommandError) -> (Server, [SocketAddress]) {
        let figures = ServerFigures()
        var api = api
        api.statistics = { figures.statistics }
        api.onTrouble = { [log] trouble in
            log.paced(
                .error, kind: "\(trouble)", trouble.message + "; writes or reads fail until that is mended")
        }
        let server = Server(
            configuration: server, responder: API(store: store, keys: store, configuration: api))
        figures.watch(server)
        do throws(ServerError) {
            return (server, try server.start())
        } catch {
            throw .failure(error.description)
        }
    }

    private func makeFirstKey(in store: SQLiteStore) async throws(CommandError) {
        guard api.adminKey == nil else { return }
        let keys = try await domain { () async throws(StoryError) in try await store.keys() }
        guard keys.isEmpty else { return }
        let key = APIKey(name: "first", grant: Grant(role: .admin), createdAt: .now)
        try await domain { () async throws(StoryError) in try await store.addKey(key.record) }
        log.write(.info, "there was no key, so here is one of the role admin, shown only now: \(key.text)")
    }

}

extension Log {
    /// How often these come is for clients to choose.
    fileprivate func note(_ event: ServerEvent) {
        switch event {
        case .acceptFailed(let reason):
            paced(.warning, kind: "accept", "cannot accept connections: \(reason)")
        case .connectionRefused(let peer):
            paced(.warning, kind: "refuse", "too many connections: refused \(peer)")
        case .readerDropped(let peer):
            paced(.info, kind: "drop", "dropped a reader that did not keep up: \(peer)")
        case .writeStalled(let peer):
            paced(.info, kind: "stall", "closed a client that took nothing: \(peer)")
        }
    }
}

extension Arguments {
    fileprivate var origins: CORS.Configuration.Origins {
        let list = (value("origins") ?? "*").split(separator: ",").map { String($0).trimmingSpaces }
        return list.contains("*") ? .any : .list(Set(list))
    }

    fileprivate var reactionKinds: Set<ReactionKind> {
        get throws(CommandError) {
            var kinds: Set<ReactionKind> = []
            for name in (value("reactions") ?? ReactionKind.veryGood.name).split(separator: ",") {
                guard let kind = ReactionKind(String(name).trimmingSpaces) else {
                    throw .usage(
                        "wireroom: \"\(name)\" cannot name a reaction: letters and digits, at most 32")
                }
                kinds.insert(kind)
            }
            guard !kinds.isEmpty else { throw .usage("wireroom: --reactions names no kind") }
            return kinds
        }
    }

    fileprivate var forwarded: ForwardedBy {
        get throws(CommandError) {
            var forwarded = ForwardedBy()
            for text in (value("trusted-proxies") ?? "").split(separator: ",") {
                guard let range = AddressRange(String(text).trimmingSpaces) else {
                    throw .usage("wireroom: --trusted-proxies takes addresses and ranges, not \"\(text)\"")
                }
                forwarded.trusted.append(range)
            }
            if let name = value("forwarded-field") {
                guard let field = ForwardedBy.Field(rawValue: name.lowercased()) else {
                    throw .usage(
                        "wireroom: --forwarded-field takes x-forwarded-for or forwarded, not \"\(name)\"")
                }
                forwarded.field = field
            }
            return forwarded
        }
    }

    fileprivate var pollInterval: PollInterval {
        get throws(CommandError) {
            guard let text = value("poll-interval") else { return PollInterval() }
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard ends.count == 2, let least = ends[0], let most = ends[1], 1 <= least, least <= most,
                most <= 3_600
            else {
                throw .usage(
                    "wireroom: --poll-interval takes two numbers of seconds from 1 to 3600, such as 5-60, not \"\(text)\""
                )
            }
            return PollInterval(bounds: least...most)
        }
    }

    fileprivate var adminKey: String? {
        get throws(CommandError) {
            guard let key = secret("WIREROOM_ADMIN_KEY") else { return nil }
            guard key.count >= 20, !key.contains(where: \.isWhitespace) else {
                throw .usage("wireroom: WIREROOM_ADMIN_KEY must have at least 20 characters and no spaces")
            }
            return key
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
