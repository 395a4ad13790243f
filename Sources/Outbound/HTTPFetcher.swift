// SPDX-License-Identifier: Apache-2.0
internal import CCurl
internal import HTTP
internal import Threads

/// Sends requests to other servers by libcurl, which is loaded at the first of them.
///
/// Only http and https. TLS 1.2 or newer, with the certificate and its name verified by the system's authorities. No proxy, cookies or
/// credentials of the environment. Each request has a connection of its own, and blocks one thread of the fetcher's.
public final class HTTPFetcher: Sendable {
    private let settings: Settings
    private let queue: BoundedQueue

    /// How a fetcher sends requests.
    public struct Settings: Sendable {
        /// The addresses that requests may go to.
        public var policy: AddressPolicy
        /// The field `User-Agent`, such as `Wireroom/1.0.0`.
        public var userAgent: String
        /// For each connection: looking up the name, connecting and negotiating TLS.
        public var connectTimeout: Duration
        /// For the whole of a request with all its redirects, once it has its turn.
        public var timeout: Duration
        /// Requests at a time.
        public var concurrency: Int
        /// A file of certificate authorities (PEM) in place of the system's.
        package var certificateFile: String?
        /// The addresses of a host in place of those of the resolver; asked again for each connection.
        package var resolve: (@Sendable (String) -> [String])?

        /// Settings; by default 5 seconds for a connection, 10 for a request, four at a time.
        public init(
            _ policy: AddressPolicy, userAgent: String, connectTimeout: Duration = .seconds(5),
            timeout: Duration = .seconds(10), concurrency: Int = 4
        ) {
            (self.policy, self.userAgent, self.concurrency) = (policy, userAgent, concurrency)
            (self.connectTimeout, self.timeout) = (connectTimeout, timeout)
        }
    }

    /// Requests that wait for their turn, at most.
    package static let maximumWaiting = 1_024

    /// A fetcher with threads of its own.
    public init(_ settings: Settings) {
        self.settings = settings
        queue = BoundedQueue("wireroom.outbound", settings.concurrency, waiting: Self.maximumWaiting)
    }

    /// Loads libcurl, if it is not loaded: to learn early that it is missing.
    public static func load() throws(OutboundError) {
        if let reason = ccurl_load() { throw .missingLibrary(String(cString: reason)) }
    }

    /// Sends the request, and follows redirects as it allows. Any status is a response.
    public func fetch(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let result = await withCheckedContinuation { continuation in
            let isTaken = queue.add { continuation.resume(returning: self.result(of: request)) }
            if !isTaken { continuation.resume(returning: .failure(OutboundError.busy)) }
        }
        return try result.get()
    }

    private func result(of request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        do throws(OutboundError) { return .success(try response(to: request)) } catch {
            return .failure(error)
        }
    }

    /// libcurl would follow redirects itself, but send all fields on; here each is a request of its own, with its own checks.
    private func response(to first: OutboundRequest) throws(OutboundError) -> OutboundResponse {
        try Self.load()
        var (request, url) = (first, try OutboundURL(first.url))
        let end = ContinuousClock.now + settings.timeout
        for _ in 0...max(first.redirects, 0) {
            let rest = end - .now
            guard rest > .zero else { throw .timedOut(host: url.host) }
            let response = try Transfer(
                request: request, url: url, settings: settings, timeout: rest,
                followsRedirects: first.redirects > 0
            ).run()
            guard first.redirects > 0, let location = response.redirect else { return response }
            let next = try target(location, of: url)
            request = request.redirected(by: response.status, isSameOrigin: next.isSameOrigin(as: url))
            url = next
        }
        throw .tooManyRedirects(limit: first.redirects)
    }

    private func target(_ location: String, of url: OutboundURL) throws(OutboundError) -> OutboundURL {
        do throws(OutboundError) {
            let next = try url.resolving(location)
            if url.isSecure, !next.isSecure {
                throw OutboundError.refusedRedirect("it leads from https to http")
            }
            return next
        } catch .malformedURL(let reason) {
            throw .refusedRedirect(reason)
        }
    }
}
