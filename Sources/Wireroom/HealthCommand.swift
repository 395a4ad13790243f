// SPDX-License-Identifier: Apache-2.0
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
        let status = try statusLine()
        guard status.contains(" 200 ") else {
            throw .failure("the server at \(host) port \(port) responded: \(status)")
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

    private func statusLine() throws(CommandError) -> String {
        let head = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        do throws(PlainRequestError) {
            return try PlainRequest(host: host, port: port, head: head).statusLine()
        } catch {
            throw .failure(error.message)
        }
    }
}
