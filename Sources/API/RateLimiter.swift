// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories
internal import Synchronization

/// A rate limit for one client, as a token bucket: its capacity and how fast it is refilled.
public struct RateLimit: Sendable {
    /// Capacity of the bucket: requests at once after a pause.
    public var burst: Int
    /// Tokens refilled per minute: the sustained rate. 0 switches the limit off.
    public var perMinute: Int

    /// Creates a limit; with `perMinute` 0 there is none.
    public init(burst: Int, perMinute: Int) {
        self.burst = burst
        self.perMinute = perMinute
    }
}

/// Token bucket per client network. Buckets are refilled lazily, when their client is seen again.
final class RateLimiter: Sendable {
    private let limit: RateLimit
    private let buckets = Mutex<[AddressRange?: Bucket]>([:])

    private struct Bucket {
        var tokens: Double
        var filledAt: Instant
    }

    /// Bound on buckets in memory. An evicted bucket counts as a full one.
    private static let maximumBuckets = 65_536

    init(_ limit: RateLimit) {
        self.limit = limit
    }

    /// The outcome for a request.
    struct Decision {
        let isAllowed: Bool
        let remaining: Int
        /// Seconds until there is another token, where there is none; otherwise until the bucket is full.
        let resetSeconds: Int
        let limit: Int

        /// The separate `RateLimit-*` fields of earlier IETF drafts, which clients support.
        var headers: Headers {
            [
                "RateLimit-Limit": "\(limit)", "RateLimit-Remaining": "\(remaining)",
                "RateLimit-Reset": "\(resetSeconds)",
            ]
        }
    }

    /// Takes a token from the client's bucket, or without a client from the one that all share; `nil` if there is no limit.
    func take(_ client: AddressRange?, at now: Instant = .now) -> Decision? {
        guard limit.perMinute > 0 else { return nil }
        let rate = Double(limit.perMinute) / 60
        let tokens = buckets.withLock { buckets in
            if buckets.count >= Self.maximumBuckets { makeRoom(in: &buckets, at: now) }
            var bucket = buckets[client] ?? Bucket(tokens: Double(limit.burst), filledAt: now)
            fill(&bucket, at: now)
            let tokens = bucket.tokens
            if tokens >= 1 { bucket.tokens -= 1 }
            buckets[client] = bucket
            return tokens
        }
        guard tokens >= 1 else {
            return Decision(
                isAllowed: false, remaining: 0, resetSeconds: Int(((1 - tokens) / rate).rounded(.up)),
                limit: limit.burst)
        }
        return Decision(
            isAllowed: true, remaining: Int(tokens - 1),
            resetSeconds: Int(((Double(limit.burst) - tokens + 1) / rate).rounded(.up)), limit: limit.burst)
    }

    private func fill(_ bucket: inout Bucket, at now: Instant) {
        let gained = now.seconds(since: bucket.filledAt) * Double(limit.perMinute) / 60
        bucket = Bucket(tokens: min(bucket.tokens + max(gained, 0), Double(limit.burst)), filledAt: now)
    }

    /// Evicts the buckets that are full by now, and all of them if that is not enough.
    private func makeRoom(in buckets: inout [AddressRange?: Bucket], at now: Instant) {
        for client in Array(buckets.keys) {
            guard var bucket = buckets[client] else { continue }
            fill(&bucket, at: now)
            if bucket.tokens >= Double(limit.burst) { buckets[client] = nil }
        }
        if buckets.count > Self.maximumBuckets / 2 { buckets = [:] }
    }
}

extension Call {
    /// Applies the rate limit to a client without a key.
    func limited(
        by limiter: RateLimiter, _ forwarded: ForwardedBy, _ handle: () async throws -> Response
    ) async throws -> Response {
        if case .holder = access { return try await handle() }
        guard let decision = limiter.take(request.client(forwarded).network) else {
            return try await handle()
        }
        guard decision.isAllowed else {
            metrics.countLimited()
            throw Problem.tooMany(decision)
        }
        var response = try await handle()
        response.headers.add(decision.headers)
        return response
    }

    /// Throws 429 for a client without a key that searches more often than it may.
    func requireSearch(within limiter: RateLimiter) throws(Problem) {
        if case .holder = access { return }
        guard let decision = limiter.take(clientNetwork), !decision.isAllowed else { return }
        metrics.countLimited()
        throw Problem.tooMany(decision)
    }
}

extension Problem {
    static func tooMany(_ decision: RateLimiter.Decision) -> Problem {
        var problem = Problem(
            .tooManyRequests, "too many of these from one client; try again in \(decision.resetSeconds) s")
        problem.headers = decision.headers
        problem.headers[.retryAfter] = "\(decision.resetSeconds)"
        return problem
    }
}
