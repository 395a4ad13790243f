// SPDX-License-Identifier: Apache-2.0
import HTTP
import Outbound
import Testing

/// URLs that lead, or might lead, to the machine itself. Listeners on both loopback addresses must not see a connection.
@Suite("Hostile URLs")
struct HostileURLTests {
    /// What becomes of a URL.
    enum Fate: Sendable {
        /// It is parsed, resolved and refused by its address.
        case refused
        /// It is refused by its text.
        case malformed
        /// Its host has no address, or one that is refused, as the resolver has it.
        case unresolved
    }

    /// `PORT` is that of the listeners.
    private static let urls: [(String, Fate)] = [
        // The plain forms.
        ("http://127.0.0.1:PORT/", .refused), ("http://127.0.0.1:PORT", .refused),
        ("http://localhost:PORT/", .refused), ("http://LOCALHOST:PORT/", .refused),
        ("http://localhost.:PORT/", .unresolved), ("http://[::1]:PORT/", .refused),
        ("http://127.255.255.254:PORT/", .refused), ("http://0.0.0.0:PORT/", .refused),
        ("http://[::]:PORT/", .refused), ("https://127.0.0.1:PORT/", .refused),
        ("HTTP://127.0.0.1:PORT/", .refused), ("hTtPs://127.0.0.1:PORT/", .refused),
        // Numbers as inet_aton reads them.
        ("http://2130706433:PORT/", .refused), ("http://0x7f000001:PORT/", .refused),
        ("http://0X7F.1:PORT/", .refused), ("http://0x7f.0x0.0x0.0x1:PORT/", .refused),
        ("http://0177.0.0.1:PORT/", .refused), ("http://0177.0.0.01:PORT/", .refused),
        ("http://017700000001:PORT/", .refused), ("http://127.1:PORT/", .refused),
        ("http://127.0.1:PORT/", .refused), ("http://0:PORT/", .refused), ("http://0x0:PORT/", .refused),
        ("http://00000177.0.0.1:PORT/", .refused), ("http://127.0x1:PORT/", .refused),
        // IPv6 that embeds IPv4.
        ("http://[::ffff:127.0.0.1]:PORT/", .refused), ("http://[::ffff:7f00:1]:PORT/", .refused),
        ("http://[0:0:0:0:0:ffff:7f00:0001]:PORT/", .refused), ("http://[::127.0.0.1]:PORT/", .refused),
        ("http://[64:ff9b::7f00:1]:PORT/", .refused), ("http://[64:ff9b:1::7f00:1]:PORT/", .refused),
        ("http://[2002:7f00:1::]:PORT/", .refused), ("http://[2001::7f00:1]:PORT/", .refused),
        ("http://[0000:0000:0000:0000:0000:0000:0000:0001]:PORT/", .refused),
        ("http://[fe80::1%25lo]:PORT/", .refused), ("http://[fe80::1%lo]:PORT/", .refused),
        // Percent-encoded hosts.
        ("http://%31%32%37.0.0.1:PORT/", .refused), ("http://127%2e0%2e0%2e1:PORT/", .refused),
        ("http://%6c%6f%63%61%6c%68%6f%73%74:PORT/", .refused), ("http://127.0.0.1%00:PORT/", .malformed),
        ("http://127.0.0.1%0d%0a:PORT/", .malformed), ("http://127.0.0.1%2f@example.org:PORT/", .malformed),
        // Characters that other parsers normalize.
        ("http://①②⑦.⓪.⓪.①:PORT/", .malformed), ("http://127。0。0。1:PORT/", .malformed),
        ("http://127.0.0.1\u{FF0F}:PORT/", .malformed), ("http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/", .malformed),
        ("http://127.0.0.1:PORT\\@example.org/", .malformed), ("http://127.0.0.1:PORT /", .malformed),
        ("http://\t127.0.0.1:PORT/", .malformed), (" http://127.0.0.1:PORT/", .malformed),
        ("http://127.0.0.1:PORT/\r\nHost: x", .malformed), ("http://127.0.0.1:PORT/\0", .malformed),
        // User information.
        ("http://example.org@127.0.0.1:PORT/", .malformed), ("http://user:word@127.0.0.1:PORT/", .malformed),
        ("http://@127.0.0.1:PORT/", .malformed), ("http://127.0.0.1:PORT@example.org/", .malformed),
        ("http://example.org:80@127.0.0.1:PORT/", .malformed), ("http://a@b@127.0.0.1:PORT/", .malformed),
        ("http://example.org%40127.0.0.1:PORT/", .malformed),
        // Where the host ends.
        ("http://127.0.0.1:PORT#@example.org/", .refused), ("http://127.0.0.1:PORT?@example.org/", .refused),
        ("http://127.0.0.1:PORT/@example.org/", .refused), ("http://127.0.0.1:PORT;example.org/", .malformed),
        // Ports.
        ("http://127.0.0.1:0PORT/", .refused), ("http://127.0.0.1:PORT:80/", .malformed),
        ("http://127.0.0.1:80:PORT/", .malformed), ("http://127.0.0.1:-1/", .malformed),
        ("http://127.0.0.1:65536/", .malformed), ("http://127.0.0.1:/", .refused),
        ("http://[::1]PORT/", .malformed), ("http://[::1:PORT/", .malformed),
        ("http://::1:PORT/", .malformed),
        // Slashes and schemes.
        ("http:127.0.0.1:PORT/", .malformed), ("http:/127.0.0.1:PORT/", .malformed),
        ("http:///127.0.0.1:PORT/", .malformed), ("//127.0.0.1:PORT/", .malformed),
        ("127.0.0.1:PORT/", .malformed), ("localhost:PORT", .malformed), ("", .malformed),
        ("http://", .malformed),
        ("http://:PORT/", .malformed), ("file:///etc/passwd", .malformed),
        ("file://localhost/etc/passwd", .malformed), ("FILE:///etc/passwd", .malformed),
        ("gopher://127.0.0.1:PORT/_GET%20/", .malformed), ("dict://127.0.0.1:PORT/info", .malformed),
        ("ftp://127.0.0.1:PORT/", .malformed), ("ldap://127.0.0.1:PORT/", .malformed),
        ("smtp://127.0.0.1:PORT/", .malformed), ("telnet://127.0.0.1:PORT/", .malformed),
        ("tftp://127.0.0.1:PORT/", .malformed), ("ws://127.0.0.1:PORT/", .malformed),
        ("scp://127.0.0.1:PORT/", .malformed), ("javascript://127.0.0.1:PORT/", .malformed),
        ("view-source:http://127.0.0.1:PORT/", .malformed), ("unix:///run/docker.sock", .malformed),
        // Dots.
        ("http://127.0.0.1.:PORT/", .unresolved), ("http://.127.0.0.1:PORT/", .unresolved),
        ("http://127..0.0.1:PORT/", .unresolved), ("http://127.0.0.1..:PORT/", .unresolved),
        // Other hosts that only the machine or its network has.
        ("http://169.254.169.254/latest/meta-data/", .refused), ("http://[fd00:ec2::254]/", .refused),
        ("http://10.0.0.1/", .refused), ("http://192.168.0.1/", .refused), ("http://172.16.0.1/", .refused),
        ("http://100.64.0.1/", .refused), ("http://255.255.255.255:PORT/", .refused),
        ("http://224.0.0.1:PORT/", .refused),
    ]

    private static func fate(of error: OutboundError) -> Fate? {
        switch error {
        case .refusedAddress: .refused
        case .malformedURL: .malformed
        case .unresolved: .unresolved
        default: nil
        }
    }

    /// Listeners on the same port of both loopback addresses.
    private static func listeners() throws -> [ScriptedServer] {
        while true {
            let script: @Sendable (Peer) -> Void = { $0.send("HTTP/1.1 204 No Content\r\n\r\n") }
            let first = try ScriptedServer("127.0.0.1", script)
            guard let second = try? ScriptedServer("::1", port: first.port, script) else { continue }
            return [first, second]
        }
    }

    private static func fetch(_ url: String, by policy: AddressPolicy) async throws -> OutboundError? {
        let fetcher = HTTPFetcher(.init(policy, userAgent: "test"))
        do throws(OutboundError) {
            _ = try await fetcher.fetch(OutboundRequest(.get, url, redirects: 3))
            return nil
        } catch {
            return error
        }
    }

    @Test("No form of a URL leads to the machine itself")
    func refused() async throws {
        let listeners = try Self.listeners()
        #expect(Self.urls.count >= 100 && Set(Self.urls.map(\.0)).count == Self.urls.count)
        for (form, fate) in Self.urls {
            let url = form.replacing("PORT", with: "\(listeners[0].port)")
            let error = try #require(try await Self.fetch(url, by: .publicOnly()), "\(form) has a response")
            let isOther = fate == .unresolved && Self.fate(of: error) == .refused
            #expect(Self.fate(of: error) == fate || isOther, "\(form): \(error)")
        }
        for listener in listeners { #expect(try await listener.connections() == 0) }
    }

    /// Without this the test above might hold because nothing can be reached at all.
    @Test("The same forms do lead there where all addresses are allowed")
    func control() async throws {
        let listeners = try Self.listeners()
        let forms = [
            "http://127.0.0.1:PORT/", "http://localhost:PORT/",
            "http://[::1]:PORT/",
            "http://0.0.0.0:PORT/", "HTTP://127.0.0.1:PORT/", "http://2130706433:PORT/",
            "http://0X7F.1:PORT/",
            "http://0177.0.0.1:PORT/", "http://127.1:PORT/", "http://[::ffff:127.0.0.1]:PORT/",
            "http://[::ffff:7f00:1]:PORT/", "http://%31%32%37.0.0.1:PORT/",
            "http://%6c%6f%63%61%6c%68%6f%73%74:PORT/", "http://127.0.0.1:PORT#@example.org/",
            "http://127.0.0.1:0PORT/",
        ]
        for form in forms {
            #expect(Self.urls.contains { $0.0 == form && $0.1 == .refused }, "\(form) is not in the list")
            let url = form.replacing("PORT", with: "\(listeners[0].port)")
            let error = try await Self.fetch(url, by: .any)
            #expect(error == nil, "\(form)")
        }
        var all = 0
        for listener in listeners { all += try await listener.connections() }
        #expect(all == forms.count)
    }
}
