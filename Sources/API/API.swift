// SPDX-License-Identifier: Apache-2.0
internal import Crypto
public import Delivery
public import HTTP
public import Live
internal import Resources
public import Stories
internal import Synchronization

/// Wireroom's HTTP JSON API: the responder that a server passes its requests to.
public struct API: Responder {
    private let responder: any Responder
    /// Held so that it runs for the lifetime of the API.
    private let publicationScheduler: PublicationScheduler
    private let mediaSweeper: MediaSweeper?
    /// Method and path template of every route.
    public let routes: [(method: Method, template: String)]

    /// Purges paths from a cache; returns whether all of them were purged.
    public typealias Purge = @Sendable (_ paths: [String], _ trace: TraceParent?) async -> Bool

    /// The options of the API.
    public struct Configuration: Sendable {
        /// Program version, reported in `/metrics`.
        public var version = "0"
        /// Kinds of reaction that readers can give.
        public var reactionKinds: Set<ReactionKind> = [.veryGood]
        /// Rate limit for reactions without a key, per client network.
        public var reactionLimit = RateLimit(burst: 120, perMinute: 120)
        /// How trusted proxies report the client's address.
        public var forwarded = ForwardedBy()
        /// Origins whose pages may read and react (CORS).
        public var origins = CORS.Configuration.Origins.any
        /// A key with the role admin that is not in the store.
        public var adminKey: String?
        /// Capacity of the response cache in bytes; 0 disables it.
        public var cacheBytes = 64 * 1024 * 1024
        /// Days for which a deleted update can be restored; with 0 it is erased at once.
        public var keepDeletedDays = 30
        /// Bounds of the poll interval that clients are asked to keep.
        public var pollInterval = PollInterval()
        /// Number of processors available, for measuring the load; `nil` disables the measurement.
        public var processors: Int?
        /// Returns the public origin, such as `https://live.example.org`, for absolute addresses in feeds, canonical links and
        /// structured data.
        public var site: @Sendable () -> String = { "http://localhost" }
        /// Renders CommonMark to HTML that is safe to embed in a page.
        public var html: @Sendable (String) -> String = { _ in "" }
        /// Queue for slow work, to be shared with the store's renderer.
        public var jobs = JobQueue()
        /// Returns the server's statistics, for `/metrics`.
        public var statistics: @Sendable () -> ServerStatistics = { ServerStatistics() }
        /// What Web Push takes; `nil` switches it off.
        public var push: PushSettings?
        /// Rate limit for push subscriptions without a key, per client network.
        public var pushLimit = RateLimit(burst: 30, perMinute: 30)
        /// Returns the figures of push messages, for `/metrics`.
        public var pushes: @Sendable () -> DeliveryFigures = { DeliveryFigures() }
        /// Returns the figures of deliveries to webhooks, for `/metrics`.
        public var deliveries: @Sendable () -> DeliveryFigures = { DeliveryFigures() }
        /// Returns the figures of look-ups of cards, for `/metrics`.
        public var cards: @Sendable () -> DeliveryFigures = { DeliveryFigures() }
        /// Checks whether an address answers, within seconds; `nil`: every address is unknown.
        public var checkLink: (@Sendable (_ url: String) async -> LinkState)?
        /// Time-out for all checks of a request: returns when it is over, or at once when cancelled. What has not answered by then is
        /// unknown.
        public var linkCheckPatience: @Sendable () async -> Void = { try? await Task.sleep(for: .seconds(5)) }
        /// Rate limit for searches of the index, and as much for those of stories, per client network: each reads much of a story, or many
        /// stories.
        public var searchLimit = RateLimit(burst: 30, perMinute: 60)
        /// Rate limit for checks of addresses, per client network.
        public var linkCheckLimit = RateLimit(burst: 30, perMinute: 30)
        /// Whether readers are shown content of third parties.
        public var embeds = EmbedPolicy.ask
        /// Returns the operating system's figures of the process, for `/metrics`; `nil` where there are none.
        public var process: @Sendable () -> ProcessFigures? = { nil }
        /// How media assets are kept; `nil`: uploads are refused (501).
        public var media: MediaSettings?
        /// How social images are drawn; `nil`: none are.
        public var social: SocialSettings?
        /// Purges paths from the cache in front, as part of the request's trace; returns whether all were purged.
        /// `nil`: no such cache is configured.
        public var purge: Purge?
        /// Called for each storage failure; must not block.
        public var onTrouble: @Sendable (StoryError.StorageTrouble) -> Void = { _ in }

        /// Creates the default configuration.
        public init() {}
    }

    /// Creates the API on top of a store.
    public init(store: any StoryStore, keys: any KeyStore, configuration: Configuration = Configuration()) {
        let metrics = Metrics()
        let authenticator = Authenticator(
            keys: keys, adminKeyHash: configuration.adminKey.map { sha256($0.utf8) })
        let cors = Self.cors(configuration)
        let cache = ResponseCache(
            capacity: configuration.cacheBytes, sharedLines: Response.lines(of: cors.sharedHeaders))
        let site = CurrentSite(store: store, cache: cache)
        let hub = ChannelHub(
            store: store, encoder: JSONFeedEncoder(), interval: configuration.pollInterval,
            processors: configuration.processors)
        let binTime = BinTime(days: configuration.keepDeletedDays)
        var endpoints = Endpoints(
            hub: hub, cache: cache,
            shared: .init(
                authenticator: authenticator, metrics: metrics, onTrouble: configuration.onTrouble,
                forwarded: configuration.forwarded, purge: configuration.purge, site: site,
                executor: store.executor,
                jobs: configuration.jobs))
        let media = configuration.media.map { MediaLibrary(store: store, settings: $0, meter: metrics.media) }
        let social = configuration.social.map { SocialImages($0, media) }
        endpoints.addFeed()
        endpoints.addStream()
        endpoints.addEditing(configuration, binTime, media, social)
        endpoints.addReactions(
            kinds: configuration.reactionKinds, limit: configuration.reactionLimit,
            forwarded: configuration.forwarded)
        endpoints.addPush(
            configuration.push, limit: configuration.pushLimit, forwarded: configuration.forwarded)
        endpoints.addDocuments()
        let pages = OverviewRenderer(
            kinds: configuration.reactionKinds.sorted(), embeds: configuration.embeds,
            pushKey: configuration.push?.keyText, framers: configuration.origins, social: social,
            site: configuration.site)
        endpoints.addPages(pages, searchLimit: configuration.searchLimit)
        endpoints.addSite(pages)
        endpoints.addFonts()
        let renderer = Self.renderer(on: configuration.jobs, html: configuration.html)
        endpoints.addDesk(renderer, mediaBytes: configuration.media?.maximumBytes)
        endpoints.addPreviews(renderer, pages)
        endpoints.addPreviewAddresses(pages)
        endpoints.addOverviews(pages, searchLimit: configuration.searchLimit)
        endpoints.addIncidents(site: configuration.site)
        endpoints.addSharing(site: configuration.site, social)
        endpoints.addSocialImages(social, at: configuration.site)
        endpoints.addOperations(
            metrics: metrics, version: configuration.version, openAPI: Self.openAPI,
            statistics: configuration.statistics, deliveries: configuration.deliveries,
            cards: configuration.cards, pushes: configuration.pushes, process: configuration.process)
        let router = endpoints.builder.build()
        routes = router.routes
        publicationScheduler = PublicationScheduler(
            store: store, binTime: binTime, onTrouble: configuration.onTrouble)
        mediaSweeper = media.map {
            MediaSweeper(
                $0, store: store, purge: configuration.purge, onTrouble: configuration.onTrouble)
        }
        mediaSweeper?.start()
        social?.start { site.retirePages() }
        // Warms the cache for error pages, which do not wait. After an error, the first page that reads the settings reports it.
        Task { try? await site.current() }
        responder = ResponseCacheMiddleware(cache: cache, cors: CORS(cors, next: router))
    }

    /// Removes media assets that are due for it: at start and hourly it is done without this.
    public func sweepMedia() async { await mediaSweeper?.sweep() }

    /// Answers a request.
    public func respond(to request: Request) -> Answer {
        responder.respond(to: request)
    }

    /// Decides whether a large body is read: only with a valid key, on routes that require one.
    public func admit(_ request: Request) -> Admission { responder.admit(request) }

    /// Responds to a request that the HTTP layer rejected, with a problem document or an error page.
    public func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        responder.respond(to: failure, request: request, id: id)
    }

    /// The bytes of `openapi.yaml`, embedded at build time.
    public static let openAPI = Array(Resource.bytes(of: "openapi.yaml"))

    /// Pages of other origins may read and react; writes require an API key, which no page of another origin should hold.
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
            // Sent by EventSource polyfills, tracing libraries (W3C Trace Context, Baggage) and older HTTP libraries.
            .cacheControl, "Pragma", "traceparent", "tracestate", "baggage", "X-Requested-With",
        ]
        return cors
    }

    /// Whether a path is `/stories/{story}/reactions/{kind}` or the same of an update. Segments are counted, since
    /// `reactions` is a valid slug.
    private static func isReaction(_ path: String) -> Bool {
        let segments = path.utf8.split(separator: UInt8(ascii: "/"))
        return [4, 6].contains(segments.count)
            && segments[segments.count - 2].elementsEqual("reactions".utf8)
    }
}

extension Endpoints {
    /// What editors write with, and look at while they do.
    fileprivate mutating func addEditing(
        _ configuration: API.Configuration, _ binTime: BinTime, _ media: MediaLibrary?,
        _ social: SocialImages?
    ) {
        addStories(kinds: configuration.reactionKinds)
        addUpdates(deletingIntoBin: binTime.isUsed, notifying: configuration.push != nil)
        addMoves(configuration.reactionKinds)
        addCorrections()
        addTakedowns(media, social, at: configuration.site)
        addDrafts()
        addSearch()
        addBin(keptFor: binTime)
        addSlugs()
        addAudit()
        addWebhooks()
        addMedia(media)
        addLinks()
        addNotes()
        addAutosaves()
        addPresences()
        addSnippets()
        addLinkCheck(
            configuration.checkLink, patience: configuration.linkCheckPatience,
            limit: configuration.linkCheckLimit)
    }
}
