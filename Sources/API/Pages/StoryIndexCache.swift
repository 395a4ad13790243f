// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories
internal import Synchronization

/// Pages of the story index. The first is cached until the next commit (single flight: on a miss one request reads, the others wait);
/// further pages are made for each request.
final class StoryIndexCache: Sendable {
    private let hub: ChannelHub
    private let jobs: JobQueue
    /// Returns the origin of all addresses.
    private let site: @Sendable () -> String
    private let latest = Mutex<Made?>(nil)

    private struct Made {
        var commits: ChannelHub.CommitGeneration
        var at: Instant
        var page: Promise<Result<Asset, any Error>>
    }

    /// Maximum age of the cached page, because of its counts of the last hour.
    private static let longest: Duration = .seconds(10)

    init(hub: ChannelHub, jobs: JobQueue, site: @escaping @Sendable () -> String) {
        (self.hub, self.jobs, self.site) = (hub, jobs, site)
    }

    func page(before: StoryPosition?) async throws -> Asset {
        if before != nil { return try await make(before) }
        let own = Promise<Result<Asset, any Error>>()
        // Noted before the store is read, so that a later write makes the page stale.
        let (commits, now) = (hub.commitGeneration, Instant.now)
        let page = latest.withLock { latest in
            if let latest, latest.commits == commits, latest.at + Self.longest > now { return latest.page }
            latest = Made(commits: commits, at: now, page: own)
            return own
        }
        if page === own {
            do {
                own.fulfill(.success(try await make(nil)))
            } catch {
                latest.withLock { if $0?.page === own { $0 = nil } }
                own.fulfill(.failure(error))
            }
        }
        return try await page.value.get()
    }

    private func make(_ before: StoryPosition?) async throws -> Asset {
        let page = try await hub.store.storyIndex(before: before)
        let bytes = IndexPage(page: page, site: site(), isFirst: before == nil).bytes()
        do throws(JobQueue.Refused) {
            return try await jobs.run(behind: JobQueue.maximumWaitingCompressions) {
                Asset("index.html", HTMLPage.format, bytes)
            }
        } catch {
            return Asset("index.html", HTMLPage.format, bytes, isPacked: false)
        }
    }
}
