// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Outbound

/// Purges paths from the HTTP cache in front of the server, one request per path.
struct PurgeHook: Sendable {
    /// The cache's URL without a path: `http://HOST:PORT`.
    private let base: String
    private let method: Method
    /// The `Host` of purge requests.
    private let site: String
    private let log: Log
    /// To any address, since the operator has named it. One request at a time.
    private let fetcher: HTTPFetcher

    private static let timeout: Duration = .seconds(3)

    /// `nil` if the options name no cache.
    init?(_ arguments: Arguments, log: Log) throws(CommandError) {
        try arguments.requireOption("purge-url", for: "purge-method", "purge-host")
        guard let url = arguments.value("purge-url") else { return nil }
        let wrong = CommandError.usage(
            "wireroom: --purge-url must be http://HOST, http://HOST:PORT or the same with https, not \"\(url)\""
        )
        guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { throw wrong }
        var authority = String(url.dropFirst(scheme.count))
        if authority.hasSuffix("/") { authority.removeLast() }
        guard Self.isPlain(authority), !authority.utf8.contains(where: "/?#@\\".utf8.contains),
            Self.hasHostAndPort(authority)
        else { throw wrong }
        let method = arguments.value("purge-method") ?? "PURGE"
        site = arguments.value("purge-host") ?? authority
        guard Self.isToken(method), Self.isPlain(site) else {
            throw .usage(
                "wireroom: --purge-method must be an HTTP method and --purge-host a host name, without spaces"
            )
        }
        (base, self.method, self.log) = (scheme + authority, Method(rawValue: method), log)
        fetcher = HTTPFetcher(
            .init(
                .any, userAgent: "Wireroom/\(Wireroom.version)", connectTimeout: Self.timeout,
                timeout: Self.timeout, concurrency: 1))
        // Now, rather than at the first takedown.
        do throws(OutboundError) { try HTTPFetcher.load() } catch {
            throw .failure("--purge-url: \(error.message)")
        }
    }

    /// Whether the text is visible ASCII, so that it cannot end a header line or a word in it.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Whether the text is a token, as methods are (RFC 9110 §5.6.2).
    private static func isToken(_ text: String) -> Bool {
        isPlain(text) && !text.utf8.contains { "\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
    }

    /// Whether it is a host, of which an IPv6 address is in brackets (RFC 3986 §3.2.2), with a port or without one.
    private static func hasHostAndPort(_ authority: String) -> Bool {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            let rest = authority[authority.index(after: end)...]
            return rest.isEmpty || rest.hasPrefix(":") && isPort(rest.dropFirst())
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        return !parts[0].isEmpty && (parts.count == 1 || parts.count == 2 && isPort(parts[1]))
    }

    private static func isPort(_ text: Substring) -> Bool { String(text).portNumber != nil }

    /// Returns whether the cache has purged all of them. Failures are logged; after the first path without a response the others
    /// are not tried.
    func purge(_ paths: [String], _ trace: TraceParent?) async -> Bool {
        // The first path is "/stories/" and the id.
        let story = paths.first?.split(separator: "/").last ?? ""
        var isDone = true
        for path in paths {
            do throws(OutboundError) {
                let status = try await fetcher.fetch(request(path, story: String(story), trace)).status
                // A cache that does not hold the path may answer 404.
                if (200...299).contains(status.code) || status == .notFound { continue }
                log.write(.error, "the cache did not purge \(path): it responded \(status.code)")
                isDone = false
            } catch {
                log.write(.error, "the cache cannot be told to purge \(path): \(error.message)")
                return false
            }
        }
        return isDone
    }

    private func request(_ path: String, story: String, _ trace: TraceParent?) -> OutboundRequest {
        var headers: Headers = [.host: site]
        // Without one, everything: lists alone are purged when what all pages show has changed.
        if !story.isEmpty { headers.add("Surrogate-Key", "story-\(story)") }
        if let trace { headers.add("traceparent", "\(trace.child())") }
        return OutboundRequest(method, base + path, headers: headers, body: [], reading: .head)
    }
}
