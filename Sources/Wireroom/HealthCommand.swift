internal import Glibc

/// `wireroom health`: asks a running server how it is. For a container's health check.
struct HealthCommand: Command {
    static let name = "health"
    static let summary =
        "Asks the server on this machine whether it lives; exits with 0 if it does, else with 1."
    static let options: [Option] = [.host, .port]

    /// A server that does not answer by then is not well.
    private static let timeoutSeconds = 3

    private let host: String
    private let port: Int

    init(_ arguments: Arguments) throws(CommandError) {
        try arguments.noOperands()
        port = try arguments.integer("port", in: 1...65_535) ?? 8080
        host = Self.reachable(arguments.value("host") ?? "127.0.0.1")
    }

    func run() async throws(CommandError) {
        let status = try statusLine()
        guard status.contains(" 200 ") else {
            throw .failure("the server at \(host) port \(port) answers: \(status)")
        }
        say("ok")
    }

    /// A server that listens everywhere is asked on the loopback address.
    private static func reachable(_ host: String) -> String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: host
        }
    }

    private func statusLine() throws(CommandError) -> String {
        let connection = try connect()
        defer { close(connection) }
        let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        guard send(connection, request, request.utf8.count, Int32(MSG_NOSIGNAL)) == request.utf8.count
        else { throw unreachable() }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { throw unreachable() }
        return String(decoding: buffer[..<count].prefix { $0 != 13 }, as: UTF8.self)
    }

    private func connect() throws(CommandError) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw .failure("\(host) cannot be resolved")
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(address.pointee.ai_family, address.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { throw unreachable() }
        var timeout = timeval(tv_sec: Self.timeoutSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
        guard Glibc.connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            let failure = unreachable()
            close(descriptor)
            throw failure
        }
        return descriptor
    }

    private func unreachable() -> CommandError {
        .failure("no answer from \(host) port \(port): \(String(cString: strerror(errno)))")
    }
}
