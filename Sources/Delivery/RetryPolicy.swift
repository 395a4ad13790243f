// SPDX-License-Identifier: Apache-2.0
public import Stories

/// What became of an attempt to deliver.
public enum AttemptResult: Hashable, Sendable {
    /// The receiver has taken it.
    case delivered(code: Int)
    /// It has not. `retryAfter`: when the receiver wants the next attempt.
    case failed(code: Int?, error: String, retryAfter: Timestamp? = nil)
    /// The receiver wants no more of them.
    case gone(code: Int)
}

/// When a delivery that has failed is tried again: exponential back-off with full jitter, so that receivers which fail together are not
/// tried again together.
public struct RetryPolicy: Hashable, Sendable {
    /// The most that is waited after the first failure, in milliseconds; after each further one twice as much.
    public var baseMilliseconds: Int64 = 5_000
    /// The most that is waited at all.
    public var longestMilliseconds: Int64 = 6 * 3_600_000
    /// The least, so that chance does not make two attempts of one.
    public var leastMilliseconds: Int64 = 1_000
    /// For so long it is tried, from the first attempt on: three days.
    public var patienceMilliseconds: Int64 = 3 * 86_400_000
    /// The longest wait that a receiver may ask for: a day.
    public var longestRetryAfterMilliseconds: Int64 = 86_400_000

    /// The default policy.
    public init() {}

    /// The wait after so many attempts. `chance` is evenly distributed from 0 to 1.
    public func delay(afterAttempt attempts: Int, chance: Double) -> Int64 {
        let doublings = min(max(attempts, 1) - 1, 30)
        let most = min(baseMilliseconds << doublings, longestMilliseconds)
        return max(leastMilliseconds, Int64(Double(most) * chance))
    }

    /// How an attempt is recorded. The last one is made when the patience ends.
    ///
    /// - Parameters:
    ///   - attempts: so many were made, this one included.
    ///   - since: when the first was made.
    public func ending(
        of result: AttemptResult, attempts: Int, since: Timestamp, at now: Timestamp,
        chance: Double = .random(in: 0...1)
    ) -> DeliveryEnding {
        switch result {
        case .delivered(let code): return .delivered(code: code)
        case .gone(let code): return .gone(code: code)
        case .failed(let code, let error, let retryAfter):
            let end = since.milliseconds + patienceMilliseconds
            guard now.milliseconds < end else { return .abandoned(code: code, error: error) }
            let asked = (retryAfter?.milliseconds ?? 0) - now.milliseconds
            let wait = max(
                delay(afterAttempt: attempts, chance: chance), min(asked, longestRetryAfterMilliseconds))
            let next = Timestamp(milliseconds: min(now.milliseconds + wait, end))
            return .again(at: next, code: code, error: error)
        }
    }
}
