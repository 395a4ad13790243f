// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Synchronization

/// A value made of many stories, kept until the next commit (single flight: on a miss one request makes it, the others wait).
final class CommitCache<Value: Sendable>: Sendable {
    private let hub: ChannelHub
    /// Maximum age of the value; `nil` if it does not depend on the time.
    private let longest: Duration?
    private let latest = Mutex<Made?>(nil)

    private struct Made {
        var commits: ChannelHub.CommitGeneration
        var at: Instant
        var value: Promise<Result<Value, any Error>>
    }

    /// Creates an empty cache, whose value is kept for `longest` at most.
    init(hub: ChannelHub, keptFor longest: Duration? = nil) {
        (self.hub, self.longest) = (hub, longest)
    }

    /// The value, if it is made and current. Does not block.
    var present: Value? {
        let (commits, now) = (hub.commitGeneration, Instant.now)
        return try? latest.withLock { current($0, commits, now) }?.fulfilled?.get()
    }

    /// Returns the current value, made by `make` on a miss. Errors are not kept.
    func value(_ make: () async throws -> Value) async throws -> Value {
        let own = Promise<Result<Value, any Error>>()
        // Noted before the store is read, so that a later write makes the value stale.
        let (commits, now) = (hub.commitGeneration, Instant.now)
        let value = latest.withLock { latest in
            if let kept = current(latest, commits, now) { return kept }
            latest = Made(commits: commits, at: now, value: own)
            return own
        }
        if value === own {
            do {
                own.fulfill(.success(try await make()))
            } catch {
                latest.withLock { if $0?.value === own { $0 = nil } }
                own.fulfill(.failure(error))
            }
        }
        return try await value.value.get()
    }

    private func current(
        _ latest: Made?, _ commits: ChannelHub.CommitGeneration, _ now: Instant
    ) -> Promise<Result<Value, any Error>>? {
        guard let latest, latest.commits == commits else { return nil }
        let isOver = longest.map { latest.at + $0 <= now } ?? false
        return isOver ? nil : latest.value
    }
}
