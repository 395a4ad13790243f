// SPDX-License-Identifier: Apache-2.0
package import Dispatch

/// A repeating timer that runs until it is deallocated.
///
/// `@unchecked Sendable`: Dispatch timers are thread-safe, but their type is not marked `Sendable`.
package final class Ticker: @unchecked Sendable {
    private let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "wireroom.ticker"))

    /// Creates a timer that is not started yet.
    package init() {}

    deinit {
        timer.cancel()
    }

    /// Starts calling `body` on a private serial queue; it must be short. Call this once.
    package func start(
        every interval: DispatchTimeInterval = .seconds(1), _ body: @escaping @Sendable () -> Void
    ) {
        timer.setEventHandler { @Sendable in body() }
        timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .milliseconds(100))
        timer.activate()
    }
}
