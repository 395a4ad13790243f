// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Synchronization

/// The public origin of the server: `--public-url`, or the listening address by default.
final class Site: Sendable {
    /// The value of `--public-url`.
    let named: String?
    private let listened = Mutex("http://localhost")

    /// Throws if `--public-url` is not an origin.
    init(_ arguments: Arguments) throws(CommandError) {
        guard var url = arguments.value("public-url") else {
            named = nil
            return
        }
        if url.hasSuffix("/") { url.removeLast() }
        let scheme = ["https://", "http://"].first { url.hasPrefix($0) }
        let authority = url.utf8.dropFirst(scheme?.utf8.count ?? 0)
        // ASCII characters of a host and port (RFC 3986 §3.2.2, §3.2.3). Internationalized names must be in their ASCII form.
        let isPlain = authority.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-.:[]".utf8.contains(byte)
        }
        // Normalized as browsers send it: lower case, without the default port, which is accepted here.
        var origin = url.lowercased()
        let port = scheme == "https://" ? ":443" : ":80"
        if origin.hasSuffix(port) { origin.removeLast(port.utf8.count) }
        let isOrigin = WebOrigin(origin) != nil
        guard scheme != nil, !authority.isEmpty, isPlain, isOrigin else {
            throw .usage("wireroom: --public-url must be https://HOST or https://HOST:PORT, not \"\(url)\"")
        }
        named = url
    }

    /// Sets the listening address. A wildcard address cannot be connected to, so it is replaced by localhost.
    func listens(at address: SocketAddress) {
        let isAny = ["0.0.0.0", "::"].contains(address.host)
        listened.withLock { $0 = "http://" + (isAny ? "localhost:\(address.port)" : address.description) }
    }

    /// The origin, without a trailing slash.
    var origin: String { named ?? listened.withLock { $0 } }
}
