internal import API
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
            name: "workers", value: "NUMBER", variable: "WIREROOM_WORKERS",
            help: "threads that serve; default one a processor"),
        Option(
            name: "max-body-bytes", value: "NUMBER", variable: "WIREROOM_MAX_BODY_BYTES",
            help: "the largest request body; default 1048576"),
    ]

    /// How long requests in flight may take when the server stops.
    static let gracePeriod: Duration = .seconds(9)

    private let databasePath: String
    private var server: ServerConfiguration
    private var api = API.Configuration()

    init(_ arguments: Arguments) throws(CommandError) {
        try arguments.noOperands()
        databasePath = arguments.databasePath
        server = ServerConfiguration(
            host: arguments.value("host") ?? "127.0.0.1",
            port: UInt16(try arguments.integer("port", in: 0...65_535) ?? 8080),
            workers: try arguments.integer("workers", in: 1...256), onEvent: Self.log)
        if let bytes = try arguments.integer("max-body-bytes", in: 1_024...(1 << 30)) {
            server.limits.bodyBytes = bytes
        }
        api.version = Wireroom.version
        api.origins = arguments.origins
        api.reactionKinds = try arguments.reactionKinds
        api.adminKey = try arguments.adminKey
    }

    func run() async throws(CommandError) {
        let stop = StopSignal()
        let store = try SQLiteStore.open(databasePath, as: .server)
        try await makeFirstKey(in: store)
        let (server, addresses) = try start(store)
        for address in addresses {
            Log.write(
                .info, "wireroom \(Wireroom.version) is ready at http://\(address) with \(databasePath)")
        }
        let signal = await stop.wait()
        Log.write(.info, "stopping on \(signal): requests in flight may finish")
        await server.stop(within: Self.gracePeriod)
        Log.write(.info, "stopped")
    }

    private func start(_ store: SQLiteStore) throws(CommandError) -> (Server, [SocketAddress]) {
        let figures = ServerFigures()
        var api = api
        api.statistics = { figures.statistics }
        let troubles = TroubleLog()
        api.onTrouble = { troubles.note($0) }
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
        Log.write(.info, "there was no key, so here is one of the role admin, shown only now: \(key.text)")
    }

    private static func log(_ event: ServerEvent) {
        switch event {
        case .acceptFailed(let reason): Log.write(.warning, "cannot accept connections: \(reason)")
        case .connectionRefused(let peer): Log.write(.warning, "too many connections: refused \(peer)")
        case .readerDropped(let peer): Log.write(.info, "dropped a reader that did not keep up: \(peer)")
        case .writeStalled(let peer): Log.write(.info, "closed a client that took nothing: \(peer)")
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
            return kinds
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
