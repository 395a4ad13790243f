// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories

extension Endpoints {
    /// The status page, for readers of version 2 of Statuspage's public API. `site` returns the origin of all addresses.
    mutating func addIncidents(site: @escaping @Sendable () -> String) {
        let cache = StatusPageCache(hub: hub, jobs: jobs, site: site)
        for format in StatusPageFormat.allCases {
            onRead(format.path) { call, _ in
                if let documents = cache.present { return .ready(call.response(documents[format])) }
                return call.pending { .ready(call.response(try await cache.documents()[format])) }
            }
        }
    }
}

extension Call {
    fileprivate func response(_ document: Asset) -> Response {
        document.response(to: request, cacheControl: Representation.Freshness.second.cacheControl)
    }
}
