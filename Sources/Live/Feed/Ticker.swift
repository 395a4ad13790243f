// SPDX-License-Identifier: Apache-2.0
package import Dispatch

/// Calls something at even times for as long as it lives.
///
/// `@unchecked Sendable`: a timer of Dispatch may be used from any thread, which its type does not say.
package final class Ticker: @unchecked Sendable {
    private let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "wireroom.ticker"))

    /// A timer that is not started yet.
    package init() {}

    deinit {
        timer.cancel()
    }

    /// `body` runs on a queue of its own, one call at a time, and must be short. To be called once.
    package func start(
        every interval: DispatchTimeInterval = .seconds(1), _ body: @escaping @Sendable () -> Void
    ) {
        timer.setEventHandler { @Sendable in body() }
        timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .milliseconds(100))
        timer.activate()
    }
}
