// SPDX-License-Identifier: Apache-2.0
internal import Stories
internal import Synchronization

/// How fast messages go to one push service: a token bucket for each host, pauses that a service asks for, and a circuit breaker for
/// those that do not answer.
final class PushServiceLimiter: Sendable {
    private let limits: PushLimits
    private let hosts = Mutex<[String: Host]>([:])

    private struct Host {
        var tokens: Double
        var filledAt: Timestamp
        var pausedUntil: Timestamp?
        /// Attempts in a row without a response.
        var failures = 0
    }

    /// Hosts that are remembered.
    private static let maximumHosts = 10_000

    init(_ limits: PushLimits) { self.limits = limits }

    /// When a message may be sent.
    enum Permission: Equatable {
        /// After so many milliseconds; its token is taken.
        case after(milliseconds: Int64)
        /// Not before this time; no token is taken.
        case notBefore(Timestamp)
    }

    /// Takes a token for a host.
    func permission(for host: String, at now: Timestamp) -> Permission {
        hosts.withLock { hosts in
            if hosts.count >= Self.maximumHosts, hosts[host] == nil { hosts = [:] }
            var state = hosts[host] ?? Host(tokens: Double(limits.burst), filledAt: now)
            defer { hosts[host] = state }
            if let paused = state.pausedUntil, now < paused { return .notBefore(paused) }
            let passed = Double(max(now.milliseconds - state.filledAt.milliseconds, 0))
            let rate = limits.perSecond / 1_000
            state.tokens = min(state.tokens + passed * rate, Double(limits.burst))
            (state.filledAt, state.pausedUntil) = (now, nil)
            // Below zero, tokens are promised to those who wait.
            let wait = Int64((max(1 - state.tokens, 0) / rate).rounded(.up))
            guard wait <= limits.longestWaitMilliseconds else {
                return .notBefore(Timestamp(milliseconds: now.milliseconds + wait))
            }
            state.tokens -= 1
            return .after(milliseconds: wait)
        }
    }

    /// Nothing is sent to a host before this time.
    func pause(_ host: String, until time: Timestamp) {
        hosts.withLock { hosts in
            let paused = hosts[host]?.pausedUntil
            hosts[host]?.pausedUntil = paused.map { max($0, time) } ?? time
        }
    }

    /// Notes whether a host has answered.
    func note(_ host: String, hasAnswered: Bool, at now: Timestamp) {
        hosts.withLock { hosts in
            let failures = hasAnswered ? 0 : (hosts[host]?.failures ?? 0) + 1
            hosts[host]?.failures = failures
            guard failures >= limits.failuresToPause else { return }
            hosts[host]?.pausedUntil = Timestamp(milliseconds: now.milliseconds + limits.pauseMilliseconds)
        }
    }
}

/// How messages are sent to push services.
public struct PushLimits: Hashable, Sendable {
    /// Messages a second to one host.
    public var perSecond = 100.0
    /// Messages at once after a pause.
    public var burst = 100
    /// A message that had to wait longer for its turn is put off.
    public var longestWaitMilliseconds: Int64 = 5_000
    /// Attempts in a row without a response, after which a host is left alone for a while.
    public var failuresToPause = 3
    /// For how long.
    public var pauseMilliseconds: Int64 = 60_000
    /// When a message that has failed is sent again; for the last time a minute before the notification ends.
    public var retry = RetryPolicy(
        baseMilliseconds: 30_000, longestMilliseconds: 30 * 60_000,
        windowMilliseconds: Limits.pushLifetimeMilliseconds - 60_000)

    /// The default limits.
    public init() {}
}
