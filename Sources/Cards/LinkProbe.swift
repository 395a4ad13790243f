// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import Outbound
public import Stories

/// Looks whether an address answers, for an editor who is about to publish it.
public struct LinkProbe: Sendable {
    private let fetch: @Sendable (OutboundRequest) async throws(OutboundError) -> OutboundResponse

    private static let redirects = 5

    /// A probe that sends its requests by a function, as ``Outbound/HTTPFetcher/fetch(_:)`` does.
    public init(
        _ fetch: @escaping @Sendable (OutboundRequest) async throws(OutboundError) -> OutboundResponse
    ) {
        self.fetch = fetch
    }

    /// The settings of a fetcher for probes: four seconds for all of a request, as an editor waits, and to public addresses only, without
    /// exceptions: answers would tell each editor what there is in the operator's own network.
    public static func settings(userAgent: String) -> HTTPFetcher.Settings {
        HTTPFetcher.Settings(
            .publicOnly(), userAgent: userAgent, connectTimeout: .seconds(3), timeout: .seconds(4),
            concurrency: 8)
    }

    /// Asks once. Nothing of the body is read; not by HEAD, which many servers answer wrongly.
    public func state(of url: String) async -> LinkState {
        let request = OutboundRequest(
            .get, url, headers: [.accept: "*/*", "Accept-Language": "*"], redirects: Self.redirects,
            reading: .head)
        do throws(OutboundError) {
            return .answered(try await fetch(request).status.code)
        } catch {
            if case .unresolved = error { return .noHost }
            return .unknown
        }
    }
}
