// SPDX-License-Identifier: Apache-2.0
internal import Delivery
internal import HTTP
internal import JSON
internal import Live
internal import Stories

extension Endpoints {
    /// Operational routes: liveness, readiness, metrics and the OpenAPI description.
    mutating func addOperations(
        metrics: Metrics, version: String, openAPI: [UInt8],
        statistics: @escaping @Sendable () -> ServerStatistics,
        deliveries: @escaping @Sendable () -> DeliveryFigures,
        cards: @escaping @Sendable () -> DeliveryFigures,
        pushes: @escaping @Sendable () -> DeliveryFigures,
        process: @escaping @Sendable () -> ProcessFigures?
    ) {
        let (store, hub, cache, jobs, probes) = (store, hub, cache, jobs, ProbeExecutor())
        // A cached response would hide that the server is down.
        let ofNow: Headers = [.cacheControl: "no-store"]
        onReady("/healthz") { _ in .json(StatusAnswer(status: "ok"), headers: ofNow) }
        on(.get, "/readyz", .nothing, executor: probes) { _ in
            do {
                try await store.checkWritable()
            } catch {
                // Probes expect 503 for every failure.
                throw Problem(any: error).asNotReady
            }
            if let lag = store.statistics.followerLagSeconds, lag > maximumLagSeconds {
                throw Problem(
                    .storage, "this node has not heard of the commits of other nodes for \(Int(lag)) s")
            }
            return .json(StatusAnswer(status: "ready"), headers: ofNow)
        }
        // Not on the worker: the figures of the process are read from files.
        on(.get, "/metrics", .nothing, produces: "text/plain", executor: probes) { _ in
            let size = cache.size
            let snapshot = MetricsSnapshot(
                version: version, metrics: metrics, server: statistics(), store: store.statistics,
                process: process(), deliveries: deliveries(), cards: cards(), pushes: pushes(),
                feed: .init(
                    stories: hub.channelCount, pages: size.entries, pageBytes: size.bytes,
                    madePages: cache.madeCount, coldReads: hub.coldReads.value),
                jobs: jobs.figures)
            var headers = ofNow
            headers.add(.contentType, "text/plain; version=0.0.4; charset=utf-8")
            return Response(.ok, headers: headers, body: Array(snapshot.text.utf8))
        }
        onReady("/openapi.yaml", produces: "application/yaml") { _ in
            // RFC 9512 registers the type.
            Response(.ok, headers: [.contentType: "application/yaml"], body: openAPI)
        }
    }
}

/// A node that knows less of the others than this is not ready to serve readers.
private let maximumLagSeconds = 5.0

extension Problem {
    fileprivate var asNotReady: Problem {
        var problem = self
        problem.kind = kind.status == .insufficientStorage ? .storage : kind
        return problem
    }
}

private struct StatusAnswer: JSONWritable {
    let status: String

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("status", status) }
    }
}
