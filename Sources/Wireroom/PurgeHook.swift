// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import HTTP

/// Purges paths from the HTTP cache in front of the server, one request per path.
struct PurgeHook: Sendable {
    private let host: String
    private let port: UInt16
    private let method: String
    /// The `Host` of purge requests.
    private let site: String
    private let log: Log
    /// A dedicated queue, because requests block.
    private let queue = DispatchQueue(label: "wireroom.purge")

    /// `nil` if the options name no cache.
    init?(_ arguments: Arguments, log: Log) throws(CommandError) {
        try arguments.requireOption("purge-url", for: "purge-method", "purge-host")
        guard let url = arguments.value("purge-url") else { return nil }
        let wrong = CommandError.usage(
            "wireroom: --purge-url must be http://HOST or http://HOST:PORT, not \"\(url)\"")
        guard url.hasPrefix("http://") else { throw wrong }
        var authority = String(url.dropFirst("http://".count))
        if authority.hasSuffix("/") { authority.removeLast() }
        guard Self.isPlain(authority), !authority.contains("/") else { throw wrong }
        let (host, port) = Self.parts(of: authority)
        guard !host.isEmpty, let port else { throw wrong }
        method = arguments.value("purge-method") ?? "PURGE"
        site = arguments.value("purge-host") ?? authority
        guard Self.isToken(method), Self.isPlain(site) else {
            throw .usage(
                "wireroom: --purge-method must be an HTTP method and --purge-host a host name, without spaces"
            )
        }
        (self.host, self.port, self.log) = (host, port, log)
    }

    /// Whether the text is visible ASCII, so that it cannot end a header line or a word in it.
    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Whether the text is a token, as methods are (RFC 9110 §5.6.2).
    private static func isToken(_ text: String) -> Bool {
        isPlain(text) && !text.utf8.contains { "\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
    }

    /// Host and port; an IPv6 address is in brackets (RFC 3986 §3.2.2).
    private static func parts(of authority: String) -> (host: String, port: UInt16?) {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            let host = String(authority[authority.index(after: authority.startIndex)..<end])
            let rest = authority[authority.index(after: end)...]
            return (host, rest.isEmpty ? 80 : rest.hasPrefix(":") ? port(rest.dropFirst()) : nil)
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return (authority, 80)
        case 2: return (String(parts[0]), port(parts[1]))
        default: return ("", nil)
        }
    }

    private static func port(_ text: Substring) -> UInt16? { String(text).portNumber.map { UInt16($0) } }

    /// Returns whether the cache has purged all of them. Failures are logged; after the first path without a response the others
    /// are not tried.
    func purge(_ paths: [String], _ trace: TraceParent?) async -> Bool {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.purgeAll(paths, trace)) }
        }
    }

    private func purgeAll(_ paths: [String], _ trace: TraceParent?) -> Bool {
        // The first path is "/stories/" and the id.
        let story = paths.first?.split(separator: "/").last ?? ""
        var isDone = true
        for path in paths {
            do throws(PlainRequestError) {
                let line = try request(path, story: String(story), trace).statusLine()
                // A cache that does not hold the path may answer 404.
                if [" 2", " 404"].contains(where: line.dropFirst(8).hasPrefix) { continue }
                log.write(.error, "the cache did not purge \(path): \(line)")
                isDone = false
            } catch {
                log.write(.error, "the cache cannot be told to purge \(path): \(error.message)")
                return false
            }
        }
        return isDone
    }

    private func request(_ path: String, story: String, _ trace: TraceParent?) -> PlainRequest {
        let traceLine = trace.map { "traceparent: \($0.child())\r\n" } ?? ""
        return PlainRequest(
            host: host, port: port,
            head: """
                \(method) \(path) HTTP/1.1\r
                Host: \(site)\r
                Surrogate-Key: story-\(story)\r
                \(traceLine)\
                Content-Length: 0\r
                Connection: close\r
                \r

                """)
    }
}
