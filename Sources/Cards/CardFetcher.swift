// SPDX-License-Identifier: Apache-2.0
public import HTTP
public import Outbound
public import Stories

/// Looks up the texts of cards, each with one or two requests, and their pictures with another.
public struct CardFetcher: Sendable {
    private let fetch: @Sendable (OutboundRequest) async throws(OutboundError) -> OutboundResponse

    /// Bytes of an answer that are read: the head of a page is within them, a longer one is not read on.
    static let bodyBytes = 512 * 1_024
    /// Bytes of a picture; a larger one is none for a card.
    static let pictureBytes = 5_000_000
    private static let redirects = 5
    /// Requests at a time.
    static let concurrency = 4

    /// A fetcher that sends its requests by a function, as ``Outbound/HTTPFetcher/fetch(_:)`` does.
    public init(
        _ fetch: @escaping @Sendable (OutboundRequest) async throws(OutboundError) -> OutboundResponse
    ) {
        self.fetch = fetch
    }

    /// The settings of a fetcher for cards: to public addresses only, ten seconds for all of a request.
    public static func settings(allowing ranges: [AddressRange], userAgent: String) -> HTTPFetcher.Settings {
        HTTPFetcher.Settings(
            .publicOnly(allowing: ranges), userAgent: userAgent, timeout: .seconds(10),
            concurrency: concurrency)
    }

    /// What was found out.
    public enum Result: Hashable, Sendable {
        /// The texts, and the address of a picture.
        case found(CardText, picture: String?)
        /// Nothing; `isFinal`: another attempt would not find more.
        case nothing(code: Int?, error: String, isFinal: Bool)
    }

    /// Makes one attempt.
    public func text(of url: String) async -> Result {
        var result = Result.nothing(code: nil, error: "nothing is known of such addresses", isFinal: true)
        for reading in CardReading.all(of: url) {
            result = await self.result(of: reading)
            if case .found = result { break }
        }
        return result
    }

    /// The bytes of a picture, in whatever format; `nil` if there are none, or too many.
    public func picture(at url: String) async -> [UInt8]? {
        let request = OutboundRequest(
            .get, url, headers: [.accept: Self.pictureTypes], redirects: Self.redirects,
            reading: .body(atMost: Self.pictureBytes))
        // Without it, the card is one of texts.
        guard let response = try? await fetch(request), response.status == .ok, !response.body.isEmpty else {
            return nil
        }
        return response.body
    }

    /// Those that can be decoded.
    private static let pictureTypes = "image/webp, image/jpeg, image/png, image/gif"

    private func result(of reading: CardReading) async -> Result {
        let request = OutboundRequest(
            .get, reading.url, headers: [.accept: reading.accept, "Accept-Language": "*"],
            redirects: Self.redirects,
            reading: reading.isPage ? .beginning(atMost: Self.bodyBytes) : .body(atMost: Self.bodyBytes))
        do throws(OutboundError) {
            let response = try await fetch(request)
            let code = response.status.code
            guard code == 200 else {
                let isFinal = (400...499).contains(code) && code != 408 && code != 429
                return .nothing(code: code, error: "the server answered \(code)", isFinal: isFinal)
            }
            guard let finding = reading.read(response.body) else {
                return .nothing(code: code, error: "the answer says nothing of it", isFinal: true)
            }
            return .found(finding.text, picture: finding.picture.flatMap { response.resolving($0) })
        } catch {
            return .nothing(code: nil, error: error.message, isFinal: error.isFinal)
        }
    }
}

extension OutboundError {
    /// Whether another attempt would fail as well.
    fileprivate var isFinal: Bool {
        switch self {
        case .malformedURL, .refusedAddress, .bodyTooLarge, .headTooLarge, .refusedRedirect,
            .tooManyRedirects:
            true
        default: false
        }
    }
}
