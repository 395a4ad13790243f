// SPDX-License-Identifier: Apache-2.0
public import Stories

/// The result of a delivery attempt.
public enum AttemptResult: Hashable, Sendable {
    /// The receiver acknowledged it (2xx).
    case delivered(code: Int)
    /// It failed. `retryAfter`: when the receiver asks for the next attempt.
    case failed(code: Int?, error: String, retryAfter: Timestamp? = nil)
    /// It failed, and would fail again.
    case refused(code: Int?, error: String)
    /// The receiver wants no more deliveries (410).
    case gone(code: Int)
}

/// When a delivery that has failed is tried again: exponential back-off with full jitter, so that receivers which fail together are not
/// tried again together.
public struct RetryPolicy: Hashable, Sendable {
    /// Maximum delay after the first failure, in milliseconds; doubled after each further one.
    public var baseMilliseconds: Int64 = 5_000
    /// Maximum delay, in milliseconds.
    public var longestMilliseconds: Int64 = 6 * 3_600_000
    /// Minimum delay, in milliseconds: full jitter alone could retry at once.
    public var leastMilliseconds: Int64 = 1_000
    /// Retry window from the first attempt on, in milliseconds: three days.
    public var retryWindowMilliseconds: Int64 = 3 * 86_400_000
    /// Maximum `Retry-After` that is honoured, in milliseconds: a day.
    public var longestRetryAfterMilliseconds: Int64 = 86_400_000
    /// Attempts at most; `nil`: as many as the retry window has room for.
    public var mostAttempts: Int?

    /// The default policy.
    public init() {}

    /// A policy with these delays and this window, in milliseconds.
    public init(baseMilliseconds: Int64, longestMilliseconds: Int64, windowMilliseconds: Int64) {
        (self.baseMilliseconds, self.longestMilliseconds) = (baseMilliseconds, longestMilliseconds)
        (retryWindowMilliseconds, longestRetryAfterMilliseconds) = (windowMilliseconds, windowMilliseconds)
    }

    /// The delay in milliseconds after this number of attempts. `chance` is uniformly distributed from 0 to 1.
    public func delay(afterAttempt attempts: Int, chance: Double) -> Int64 {
        let doublings = min(max(attempts, 1) - 1, 30)
        let most = min(baseMilliseconds << doublings, longestMilliseconds)
        return max(leastMilliseconds, Int64(Double(most) * chance))
    }

    /// How an attempt is recorded. The last one is made when the retry window ends.
    ///
    /// - Parameters:
    ///   - attempts: number of attempts, this one included.
    ///   - since: when the first was made.
    public func outcome(
        of result: AttemptResult, attempts: Int, since: Timestamp, at now: Timestamp,
        chance: Double = .random(in: 0...1)
    ) -> DeliveryOutcome {
        switch result {
        case .delivered(let code): return .delivered(code: code)
        case .gone(let code): return .gone(code: code)
        case .refused(let code, let error): return .abandoned(code: code, error: error)
        case .failed(let code, let error, let retryAfter):
            let end = since.milliseconds + retryWindowMilliseconds
            guard now.milliseconds < end, attempts < mostAttempts ?? .max else {
                return .abandoned(code: code, error: error)
            }
            let asked = (retryAfter?.milliseconds ?? 0) - now.milliseconds
            let wait = max(
                delay(afterAttempt: attempts, chance: chance), min(asked, longestRetryAfterMilliseconds))
            let next = Timestamp(milliseconds: min(now.milliseconds + wait, end))
            return .retry(at: next, code: code, error: error)
        }
    }
}
