// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories
internal import Synchronization

/// The documents of the status page, cached until the next commit. Incidents that it did not change are not read again.
final class StatusPageCache: Sendable {
    private let hub: ChannelHub
    private let jobs: JobQueue
    /// Returns the origin of all addresses.
    private let site: @Sendable () -> String
    private let latest: CommitCache<StatusPageDocuments>
    private let known = Mutex(Known())

    /// The incidents of the latest page, by the ids of their stories.
    private struct Known {
        var site = ""
        var incidents: [Identifier: RenderedIncident] = [:]
    }

    init(hub: ChannelHub, jobs: JobQueue, site: @escaping @Sendable () -> String) {
        (self.hub, self.jobs, self.site) = (hub, jobs, site)
        latest = CommitCache(hub: hub)
    }

    /// The documents, if they are made and current. Does not block.
    var present: StatusPageDocuments? { latest.present }

    func documents() async throws -> StatusPageDocuments { try await latest.value(make) }

    private func make() async throws -> StatusPageDocuments {
        let page = try await page()
        return StatusPageDocuments(
            summary: await document(.summary, of: page), status: await document(.status, of: page),
            incidents: await document(.incidents, of: page))
    }

    private func document(_ format: StatusPageFormat, of page: StatusPage) async -> Asset {
        await Asset.packed(format.name, .json, page.bytes(of: format), on: jobs)
    }

    private func page() async throws -> StatusPage {
        let identity = StatusPageIdentity(site: site())
        let known = known.withLock { $0.site.hasSameBytes(as: identity.site) ? $0.incidents : [:] }
        let list = try await hub.store.incidents(knowing: known.mapValues(\.version))
        let found = list.incidents.compactMap { incident in
            let rendered = incident.history.map { RenderedIncident(incident, $0, of: identity) }
            return (rendered ?? known[incident.story.id]).map { (incident.story.id, $0) }
        }
        self.known.withLock {
            $0 = Known(site: identity.site, incidents: Dictionary(found) { first, _ in first })
        }
        return StatusPage(
            identity: identity, incidents: found.map(\.1),
            updatedAt: list.incidents.map(\.activeAt).max() ?? list.createdAt)
    }
}

/// One state of the status page, in each format.
struct StatusPageDocuments: Sendable {
    let summary, status, incidents: Asset

    subscript(format: StatusPageFormat) -> Asset {
        switch format {
        case .summary: summary
        case .status: status
        case .incidents: incidents
        }
    }
}
