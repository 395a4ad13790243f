// SPDX-License-Identifier: Apache-2.0
import HTTP
import Outbound
import Testing

/// A fetcher for tests, by default to any address.
func makeFetcher(
    _ policy: AddressPolicy = .any, timeout: Duration = .seconds(60), concurrency: Int = 4,
    _ change: (inout HTTPFetcher.Settings) -> Void = { _ in }
) -> HTTPFetcher {
    var settings = HTTPFetcher.Settings(
        policy, userAgent: "Wireroom/0", connectTimeout: timeout, timeout: timeout, concurrency: concurrency)
    change(&settings)
    return HTTPFetcher(settings)
}

extension HTTPFetcher {
    /// The error of a request that must fail.
    func failure(
        of request: OutboundRequest, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> OutboundError {
        do throws(OutboundError) {
            let response = try await fetch(request)
            Issue.record("a response: \(response.status)", sourceLocation: sourceLocation)
        } catch {
            return error
        }
        throw Unexpected()
    }
}

struct Unexpected: Error {}

extension AddressPolicy {
    /// Public addresses and those of these ranges.
    static func allowing(_ ranges: String...) throws -> AddressPolicy {
        .publicOnly(allowing: try ranges.map { try #require(AddressRange($0)) })
    }
}
