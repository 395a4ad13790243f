internal import Dispatch
internal import Glibc

/// Waits for SIGTERM or SIGINT.
struct StopSignal {
    private let sources: [any DispatchSourceSignal]
    private let signals: AsyncStream<String>

    /// From now on the signals no longer end the process by themselves, and neither does a reader of the log that goes
    /// away. Whatever else runs, the process ends `limit` seconds after the first signal.
    init(limit: Int) {
        signal(SIGPIPE, SIG_IGN)
        let (signals, continuation) = AsyncStream.makeStream(of: String.self)
        self.signals = signals
        sources = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")].map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in
                continuation.yield(name)
                // A graceful stop is over by then. This is for the other kind, and needs no thread of the pool.
                DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(limit)) { @Sendable in _exit(1)
                }
            }
            source.resume()
            return source
        }
    }

    /// The name of the first signal that comes.
    func wait() async -> String {
        for await signal in signals { return signal }
        return "the end of all signals"
    }
}
