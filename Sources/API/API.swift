// SPDX-License-Identifier: Apache-2.0
internal import Crypto
public import HTTP
public import Live
internal import Resources
public import Stories
internal import Synchronization

/// Wireroom's HTTP JSON API: what a server hands its requests to.
public struct API: Responder {
    private let responder: any Responder
    /// Lives as long as the API.
    private let publicationScheduler: PublicationScheduler
    /// Method and template of every route.
    public let routes: [(method: Method, template: String)]

    /// Has a cache forget paths.
    public typealias Purge = @Sendable (_ paths: [String], _ trace: TraceParent?) async -> Bool

    /// What can be chosen about the API.
    public struct Configuration: Sendable {
        /// The version of the program, for `/metrics`.
        public var version = "0"
        /// The reactions that readers can give.
        public var reactionKinds: Set<ReactionKind> = [.veryGood]
        /// How often a client may react.
        public var reactionLimit = RateLimit(burst: 120, perMinute: 120)
        /// The proxies that say who the client is.
        public var forwarded = ForwardedBy()
        /// The origins whose pages may read, and react.
        public var origins = CORS.Configuration.Origins.any
        /// A key that has the role admin without being in the store.
        public var adminKey: String?
        /// Bytes of answers kept in memory; 0 keeps none.
        public var cacheBytes = 64 * 1024 * 1024
        /// For how many days a deleted update can be restored; with 0 it is erased at once.
        public var keepDeletedDays = 30
        /// The bounds of the server's word to its pollers.
        public var pollInterval = PollInterval()
        /// The processors that the server may use, by which it knows how loaded it is; `nil`: it does not look.
        public var processors: Int?
        /// The origin under which readers know the server, such as `https://live.example.org`, for addresses that leave it: those
        /// of feeds, and for search engines.
        public var site: @Sendable () -> String = { "http://localhost" }
        /// CommonMark as HTML that is safe to show.
        public var html: @Sendable (String) -> String = { _ in "" }
        /// Where slow work is done: the store's renderer should share it.
        public var jobs = JobQueue()
        /// The figures of the server, for `/metrics`.
        public var statistics: @Sendable () -> ServerStatistics = { ServerStatistics() }
        /// What the operating system says of the process, for `/metrics`; nil where it says nothing.
        public var process: @Sendable () -> ProcessFigures? = { nil }
        /// Has a cache forget what it holds under these paths, as a part of the request's trace; says whether it did all of it.
        /// `nil` where there is no cache to tell.
        public var purge: Purge?
        /// Told of every request that failed because the storage did; must not block.
        public var onTrouble: @Sendable (StoryError.StorageTrouble) -> Void = { _ in }

        /// The defaults.
        public init() {}
    }

    /// The API over a store.
    public init(store: any StoryStore, keys: any KeyStore, configuration: Configuration = Configuration()) {
        let metrics = Metrics()
        let authenticator = Authenticator(
            keys: keys, adminKeyHash: configuration.adminKey.map { sha256($0.utf8) })
        let cors = Self.cors(configuration)
        let cache = ResponseCache(
            capacity: configuration.cacheBytes, sharedLines: Response.lines(of: cors.sharedHeaders))
        let hub = ChannelHub(
            store: store, encoder: JSONFeedEncoder(), interval: configuration.pollInterval,
            processors: configuration.processors)
        let binTime = BinTime(days: configuration.keepDeletedDays)
        var endpoints = Endpoints(
            hub: hub, cache: cache,
            shared: .init(
                authenticator: authenticator, metrics: metrics, onTrouble: configuration.onTrouble,
                forwarded: configuration.forwarded, purge: configuration.purge, executor: store.executor,
                jobs: configuration.jobs))
        endpoints.addStories()
        endpoints.addFeed()
        endpoints.addStream()
        endpoints.addUpdates(deletingIntoBin: binTime.isUsed)
        endpoints.addCorrections()
        endpoints.addTakedowns()
        endpoints.addDrafts()
        endpoints.addBin(keptFor: binTime)
        endpoints.addSlugs()
        endpoints.addAudit()
        endpoints.addLinks()
        endpoints.addReactions(
            kinds: configuration.reactionKinds, limit: configuration.reactionLimit,
            forwarded: configuration.forwarded)
        endpoints.addDocuments()
        let pages = OverviewRenderer(
            kinds: configuration.reactionKinds.sorted(), site: configuration.site)
        endpoints.addPages(pages)
        let renderer = Self.renderer(on: configuration.jobs, html: configuration.html)
        endpoints.addDesk(renderer)
        endpoints.addPreviews(renderer, pages)
        endpoints.addOverviews(pages)
        endpoints.addOperations(
            metrics: metrics, version: configuration.version, openAPI: Self.openAPI,
            statistics: configuration.statistics, process: configuration.process)
        let router = endpoints.builder.build()
        routes = router.routes
        publicationScheduler = PublicationScheduler(
            store: store, binTime: binTime, onTrouble: configuration.onTrouble)
        responder = ResponseCacheMiddleware(cache: cache, cors: CORS(cors, next: router))
    }

    /// Answers a request.
    public func respond(to request: Request) -> Answer {
        responder.respond(to: request)
    }

    /// Whether to read a large body: only from the holder of a valid key.
    public func admit(_ request: Request) -> Admission { responder.admit(request) }

    /// Answers what HTTP itself refuses, as a problem.
    public func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        responder.respond(to: failure, request: request, id: id)
    }

    /// `openapi.yaml`, as this program was built with.
    public static let openAPI = Array(Resource.bytes(of: "openapi.yaml"))

    /// Reads and reactions are open to pages of other origins; writing takes a key, which no page of another origin
    /// should hold.
    private static func cors(_ configuration: Configuration) -> CORS.Configuration {
        var cors = CORS.Configuration { request, method in
            method == .get || method == .head || isReaction(request.path)
        }
        cors.origins = configuration.origins
        cors.exposedHeaders = [
            .etag, .link, .date, "Age", "X-Poll-Interval", .retryAfter, .location, .requestID,
            "Idempotency-Replayed", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
        ]
        cors.requestHeaders = [
            .contentType, .ifNoneMatch, .lastEventID, .requestID, .idempotencyKey,
            // Sent by polyfills of EventSource, by libraries that trace requests (W3C Trace Context, Baggage), and by older ones.
            .cacheControl, "Pragma", "traceparent", "tracestate", "baggage", "X-Requested-With",
        ]
        return cors
    }

    /// Whether a path is `/stories/{story}/reactions/{kind}` or the same of an update; a story may have the slug
    /// `reactions`.
    private static func isReaction(_ path: String) -> Bool {
        let segments = path.utf8.split(separator: UInt8(ascii: "/"))
        return [4, 6].contains(segments.count)
            && segments[segments.count - 2].elementsEqual("reactions".utf8)
    }
}
