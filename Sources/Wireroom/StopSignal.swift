// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Glibc

/// Waits for SIGTERM or SIGINT.
struct StopSignal {
    private let sources: [any DispatchSourceSignal]
    private let signals: AsyncStream<String>

    /// Disables the default action of these signals and of SIGPIPE, which a closed log pipe raises. The process exits at the latest
    /// `limit` seconds after the first signal.
    init(limit: Int) {
        signal(SIGPIPE, SIG_IGN)
        let (signals, continuation) = AsyncStream.makeStream(of: String.self)
        self.signals = signals
        sources = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")].map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in
                continuation.yield(name)
                // The last resort after the graceful stop; needs no thread of the cooperative pool.
                DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(limit)) { @Sendable in _exit(1)
                }
            }
            source.resume()
            return source
        }
    }

    /// Waits for the first signal and returns its name.
    func wait() async -> String {
        for await signal in signals { return signal }
        return "the end of all signals"
    }
}
