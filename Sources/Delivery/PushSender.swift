// SPDX-License-Identifier: Apache-2.0
internal import Crypto
public import HTTP
public import Outbound
public import Stories

/// What is sent to the subscribers of a story.
public struct PushMessage: Hashable, Sendable {
    /// The plaintext.
    public var full: [UInt8]
    /// The plaintext for push services that take less.
    public var short: [UInt8]

    /// Memberwise.
    public init(full: [UInt8], short: [UInt8]) { (self.full, self.short) = (full, short) }
}

/// Sends batches of a notification to push services (RFC 8030), encrypted for each subscriber (RFC 8291).
public struct PushSender: Sendable {
    private let fetcher: HTTPFetcher
    private let vapid: VAPID
    private let limits: PushLimits
    private let limiter: PushServiceLimiter
    private let now: @Sendable () -> Timestamp
    private let message: @Sendable (ClaimedPush) async throws(StoryError) -> PushMessage?

    /// - Parameters:
    ///   - now: dates attempts.
    ///   - message: what readers see at present; `nil` if there is nothing any more to notify of.
    public init(
        _ fetcher: HTTPFetcher, _ vapid: VAPID, limits: PushLimits = PushLimits(),
        now: @escaping @Sendable () -> Timestamp,
        message: @escaping @Sendable (ClaimedPush) async throws(StoryError) -> PushMessage?
    ) {
        (self.fetcher, self.vapid, self.limits) = (fetcher, vapid, limits)
        (self.now, self.message) = (now, message)
        limiter = PushServiceLimiter(limits)
    }

    /// The settings of a fetcher for push messages.
    public static func settings(allowing ranges: [AddressRange], userAgent: String) -> HTTPFetcher.Settings {
        HTTPFetcher.Settings(
            .publicOnly(allowing: ranges), userAgent: userAgent, timeout: .seconds(10), concurrency: 16)
    }

    /// Limits of the dispatcher. The lease is longer than four batches of 64 of which each message takes all of its time.
    public static var deliveryLimits: DeliveryLimits {
        var limits = DeliveryLimits()
        (limits.atOnce, limits.perTarget, limits.leaseMilliseconds) = (4, 1, 180_000)
        return limits
    }

    /// Sends a batch. `nil` if the store does not say what to send.
    public func send(_ batch: ClaimedPush) async -> PushOutcome? {
        let message: PushMessage?
        do throws(StoryError) { message = try await self.message(batch) } catch { return nil }
        guard let message else { return .cancelled }
        return await withTaskGroup(of: (Int, PushResult).self) { group in
            for (index, recipient) in batch.recipients.enumerated() {
                group.addTask { (index, await send(message, of: batch, to: recipient)) }
            }
            var results = [PushResult](repeating: .failed, count: batch.recipients.count)
            for await (index, result) in group { results[index] = result }
            return .sent(results)
        }
    }

    private func send(
        _ message: PushMessage, of batch: ClaimedPush, to recipient: PushRecipient
    ) async -> PushResult {
        guard let origin = Self.origin(of: recipient.subscription.endpoint) else { return .failed }
        switch limiter.permission(for: origin, at: now()) {
        case .notBefore(let time): return .retry(at: time, counts: false)
        case .after(0): break
        case .after(let wait):
            do { try await Task.sleep(for: .milliseconds(wait)) } catch {
                return .retry(at: now(), counts: false)
            }
        }
        for plaintext in [message.full, message.short] {
            guard let request = request(plaintext, of: batch, to: recipient, origin) else { return .failed }
            let result = await result(of: request, of: batch, recipient, origin)
            if let result { return result }
        }
        return .failed
    }

    /// Makes one attempt. `nil`: the message is too long for the push service.
    private func result(
        of request: OutboundRequest, of batch: ClaimedPush, _ recipient: PushRecipient, _ origin: String
    ) async -> PushResult? {
        do throws(OutboundError) {
            let response = try await fetcher.fetch(request)
            limiter.note(origin, hasAnswered: true, at: now())
            return result(of: response, of: batch, recipient, origin)
        } catch .busy {
            return .retry(at: Timestamp(milliseconds: now().milliseconds + 1_000), counts: false)
        } catch {
            limiter.note(origin, hasAnswered: false, at: now())
            return again(recipient, batch, code: nil, after: nil)
        }
    }

    private func result(
        of response: OutboundResponse, of batch: ClaimedPush, _ recipient: PushRecipient, _ origin: String
    ) -> PushResult? {
        let (code, now) = (response.status.code, now())
        let asked = response.headers[.retryAfter].flatMap { RetryTime.parse($0, at: now) }
        switch code {
        case 200...299: return .sent
        case 404, 410: return .gone
        case 413: return nil
        case 408, 429, 500...599:
            if let asked, code == 429 || code == 503 {
                // Whatever was asked: by then all that waits for the host is out of date.
                let latest = Timestamp(milliseconds: now.milliseconds + Limits.pushLifetimeMilliseconds)
                limiter.pause(origin, until: min(asked, latest))
            }
            return again(recipient, batch, code: code, after: asked)
        default: return .failed
        }
    }

    private func again(
        _ recipient: PushRecipient, _ batch: ClaimedPush, code: Int?, after asked: Timestamp?
    ) -> PushResult {
        let failure = AttemptResult.failed(code: code, error: "", retryAfter: asked)
        let outcome = limits.retry.outcome(
            of: failure, attempts: recipient.attempts + 1, since: batch.at, at: now())
        return if case .retry(let time, _, _) = outcome { .retry(at: time, counts: true) } else { .failed }
    }
}

// MARK: Requests

extension PushSender {
    private func request(
        _ plaintext: [UInt8], of batch: ClaimedPush, to recipient: PushRecipient, _ origin: String
    ) -> OutboundRequest? {
        let (subscription, now) = (recipient.subscription, now())
        let rest = batch.at.milliseconds + Limits.pushLifetimeMilliseconds - now.milliseconds
        guard let authorization = vapid.authorization(for: origin, at: now),
            let body = WebPush.encrypt(
                plaintext, to: subscription.publicKey, authentication: subscription.authentication)
        else { return nil }
        let headers: Headers = [
            .authorization: authorization, .contentType: "application/octet-stream",
            .contentEncoding: "aes128gcm",
            // RFC 8030 §5.2 to §5.4: for so many seconds it is news; it may wake the device, as an editor has asked for it; and one that the
            // device has not fetched is replaced by the next of the story.
            "TTL": "\(max(rest, 0) / 1_000)", "Urgency": "high",
            "Topic": Self.topic(batch.story, subscription),
        ]
        return OutboundRequest(.post, subscription.endpoint, headers: headers, body: body, reading: .head)
    }

    /// At most 32 characters of base64 for URLs (RFC 8030 §5.4). Different for each subscriber, so that push services do not learn from it
    /// who follows the same story.
    static func topic(_ story: Identifier, _ subscription: PushSubscription) -> String {
        let digest = sha256(Array(story.description.utf8) + subscription.authentication)
        return base64URL(Array(digest.prefix(24)))
    }

    /// Scheme, host and port of an endpoint; `nil` for what is no http or https URL.
    static func origin(of endpoint: String) -> String? {
        let bytes = Array(endpoint.utf8)
        guard let scheme = ["https://", "http://"].first(where: { bytes.starts(with: $0.utf8) }) else {
            return nil
        }
        let host = bytes.dropFirst(scheme.utf8.count).prefix { !"/?#".utf8.contains($0) }
        // Normalized as browsers do it (lower case): other clients may have registered the endpoint.
        let lower = host.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }
        return lower.isEmpty ? nil : scheme + String(decoding: lower, as: UTF8.self)
    }
}
