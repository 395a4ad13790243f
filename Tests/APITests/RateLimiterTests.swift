// SPDX-License-Identifier: Apache-2.0
import HTTP
import JSON
import Support
import Testing

@testable import API

@Suite("Rate limits")
struct RateLimiterTests {
    private let start = Instant.now

    private func client(_ number: Int) throws -> AddressRange {
        try #require(SocketAddress(host: "203.0.113.\(number)")).network
    }

    @Test("A bucket allows its burst at once, then the refill rate, and never more than its burst")
    func bucket() throws {
        let (limiter, client) = (RateLimiter(RateLimit(burst: 3, perMinute: 60)), try client(1))
        for left in [2, 1, 0] {
            let decision = try #require(limiter.take(client, at: start))
            #expect(decision.isAllowed && decision.remaining == left)
        }
        let refused = try #require(limiter.take(client, at: start))
        #expect(!refused.isAllowed && refused.resetSeconds == 1)
        #expect(limiter.take(client, at: start + .milliseconds(900))?.isAllowed == false)
        #expect(limiter.take(client, at: start + .milliseconds(1_100))?.isAllowed == true)
        for left in [2, 1, 0] {
            #expect(limiter.take(client, at: start + .seconds(1_000))?.remaining == left)
        }
    }

    @Test("Each client has its own bucket, and a rate of 0 disables the limit")
    func apart() throws {
        let limiter = RateLimiter(RateLimit(burst: 1, perMinute: 1))
        for number in 1...3 { #expect(limiter.take(try client(number), at: start)?.isAllowed == true) }
        #expect(limiter.take(try client(1), at: start)?.isAllowed == false)
        #expect(RateLimiter(RateLimit(burst: 1, perMinute: 0)).take(try client(1)) == nil)
    }

    @Test(
        "Reactions over the limit get 429 with Retry-After and are not counted; key holders are exempt"
    )
    func reactions() async throws {
        let desk = try await TestDesk()
        // So slow that no token is refilled during the test.
        let api = desk.api { $0.reactionLimit = RateLimit(burst: 5, perMinute: 1) }
        let call = Call("POST /stories/harbour/reactions/veryGood", key: "")
        for left in (0..<5).reversed() {
            let reply = try await desk.send(call, to: api)
            #expect(reply.status == .ok && reply.headers["RateLimit-Remaining"] == "\(left)")
        }
        let refused = try await desk.send(call, to: api)
        #expect(refused.status == .tooManyRequests)
        let seconds = try #require(refused.headers[.retryAfter].flatMap { Int($0) })
        #expect((1...60).contains(seconds) && refused.headers["RateLimit-Reset"] == "\(seconds)")
        #expect(refused.headers["RateLimit-Limit"] == "5" && refused.headers["RateLimit-Remaining"] == "0")
        #expect(try JSONValue(parsing: refused.body).text("type") == "/problems/too-many-requests")
        let reactions = try await desk.send(Call("GET /stories/harbour/reactions", key: ""), to: api)
        #expect(try JSONValue(parsing: reactions.body)["story"]?["veryGood"]?.integer == 5)
        let holder = Call("POST /stories/harbour/reactions/veryGood", key: "editor")
        #expect(try await desk.send(holder, to: api).status == .ok)
    }
}
