// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Outbound

/// `wireroom health`: checks a running server, for a container's health check.
struct HealthCommand: Command {
    static let name = "health"
    static let summary =
        "Checks the health of the local server; the exit code is 0 if it is alive, otherwise 1."
    static let options: [Option] = [.host, .port]

    private let host: String
    private let port: UInt16

    init(_ arguments: Arguments) throws(CommandError) {
        try arguments.noOperands()
        port = UInt16(try arguments.integer("port", in: 1...65_535) ?? Option.defaultPort)
        host = Self.reachable(arguments.value("host") ?? Option.defaultHost)
    }

    func run() async throws(CommandError) {
        let status = try await status()
        guard status == .ok else {
            throw .failure("the server at \(host) port \(port) responded \(status.code)")
        }
        say("ok")
    }

    /// A server that listens on all addresses is reached on the loopback address.
    private static func reachable(_ host: String) -> String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: host
        }
    }

    private func status() async throws(CommandError) -> Status {
        let fetcher = HTTPFetcher(
            .init(
                .any, userAgent: "Wireroom/\(Wireroom.version)", connectTimeout: .seconds(3),
                timeout: .seconds(3), concurrency: 1))
        // An IPv6 address is in brackets (RFC 3986 §3.2.2).
        let name = host.contains(":") ? "[\(host)]" : host
        let request = OutboundRequest(
            .get, "http://\(name):\(port)/healthz", headers: [.host: "localhost"], reading: .head)
        do throws(OutboundError) {
            return try await fetcher.fetch(request).status
        } catch {
            throw .failure(error.message)
        }
    }
}
