// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Synchronization

/// The public origin of the server: `--public-url`, or else the address where it listens.
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
        // What may stand in a host and a port (RFC 3986 §3.2.2 and §3.2.3), of ASCII: other names have such a form, too.
        let isPlain = authority.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-.:[]".utf8.contains(byte)
        }
        // As browsers would send it: in lower case, and without the default port, which does no harm here.
        var origin = url.lowercased()
        let port = scheme == "https://" ? ":443" : ":80"
        if origin.hasSuffix(port) { origin.removeLast(port.utf8.count) }
        let isOrigin = WebOrigin(origin) != nil
        guard scheme != nil, !authority.isEmpty, isPlain, isOrigin else {
            throw .usage("wireroom: --public-url must be https://HOST or https://HOST:PORT, not \"\(url)\"")
        }
        named = url
    }

    /// Notes where the server listens. A wildcard address cannot be connected to, so localhost stands in for it.
    func listens(at address: SocketAddress) {
        let isAny = ["0.0.0.0", "::"].contains(address.host)
        listened.withLock { $0 = "http://" + (isAny ? "localhost:\(address.port)" : address.description) }
    }

    /// Without a trailing slash.
    var origin: String { named ?? listened.withLock { $0 } }
}
