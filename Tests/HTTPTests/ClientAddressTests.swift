// SPDX-License-Identifier: Apache-2.0
import HTTP
import Testing

@Suite("Client address")
struct ClientAddressTests {
    @Test(
        "A range contains the addresses with its prefix",
        arguments: [
            ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
            ("192.168.4.128/25", "192.168.4.127", false), ("192.168.4.128/25", "192.168.4.200", true),
            ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false), ("::/0", "8.8.8.8", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false),
            ("::1/128", "::1", true), ("fd00::/8", "fdab::", true),
        ])
    func ranges(range: String, address: String, isIn: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(SocketAddress(host: address))) == isIn)
    }

    @Test(
        "Malformed ranges are rejected",
        arguments: ["", "x", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0", "a/8"])
    func noRanges(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test("A client network is an IPv4 address or an IPv6 /64")
    func networks() throws {
        func network(_ text: String) throws -> AddressRange {
            try #require(SocketAddress(host: text)).network
        }
        #expect(try network("10.0.0.1") != network("10.0.0.2"))
        #expect(try network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9"))
        #expect(try network("2001:db8:1:2::1") != network("2001:db8:1:3::1"))
    }

    /// The peer is 127.0.0.1; 127.0.0.1 and 10.0.0.0/8 are trusted.
    @Test(
        "The client is the last hop that is not a trusted proxy",
        arguments: [
            ("", "127.0.0.1"), ("203.0.113.7", "203.0.113.7"), ("6.6.6.6, 203.0.113.7", "203.0.113.7"),
            ("203.0.113.7, 10.1.1.1", "203.0.113.7"),
            ("6.6.6.6,203.0.113.7 ,10.1.1.1, 10.2.2.2", "203.0.113.7"),
            ("10.9.9.9", "10.9.9.9"), ("203.0.113.7:4711", "203.0.113.7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("2001:db8::7", "2001:db8::7"), ("203.0.113.7, unknown", "127.0.0.1"), ("nonsense", "127.0.0.1"),
            ("203.0.113.7, unknown, 10.1.1.1", "10.1.1.1"), ("203.0.113.7\u{301}", "127.0.0.1"),
            ("203.0.113.7,", "127.0.0.1"), ("203.0.113.7, 10.1.1.1é", "127.0.0.1"),
            ("[2001:db8::7", "127.0.0.1"), ("[]", "127.0.0.1"),
        ])
    func forwardedFor(value: String, client: String) throws {
        let trusted = ["127.0.0.1", "10.0.0.0/8"].compactMap { AddressRange($0) }
        let headers: Headers = value.isEmpty ? [:] : ["X-Forwarded-For": value, "Forwarded": "for=6.6.6.6"]
        let request = try Request(.get, "/", headers: headers)
        #expect(request.client(ForwardedBy(trusted: trusted)).host == client)
        #expect(request.client(ForwardedBy()).host == "127.0.0.1", "nobody is trusted unless told so")
    }

    @Test("Lists in several field lines are combined")
    func severalFields() throws {
        let trusted = ["127.0.0.1", "10.0.0.0/8"].compactMap { AddressRange($0) }
        let headers: Headers = [
            "X-Forwarded-For": "6.6.6.6, 203.0.113.7", "x-forwarded-for": "10.1.1.1, 10.2.2.2",
        ]
        let request = try Request(.get, "/", headers: headers)
        #expect(request.client(ForwardedBy(trusted: trusted)).host == "203.0.113.7")
    }

    @Test(
        "Forwarded is parsed by RFC 7239",
        arguments: [
            ("for=203.0.113.7", "203.0.113.7"), ("For=\"[2001:db8::7]:4711\";proto=https", "2001:db8::7"),
            ("for=6.6.6.6, proto=http;for=203.0.113.7;by=10.0.0.1", "203.0.113.7"),
            ("for=203.0.113.7, for=_hidden", "127.0.0.1"), ("proto=https", "127.0.0.1"),
            ("for=203.0.113.7\u{301}", "127.0.0.1"), ("FOR=\"203.0.113.7\" ; by=x", "203.0.113.7"),
        ])
    func forwarded(value: String, client: String) throws {
        let trusted = ["127.0.0.1"].compactMap { AddressRange($0) }
        let request = try Request(.get, "/", headers: ["Forwarded": value, "X-Forwarded-For": "6.6.6.6"])
        #expect(request.client(ForwardedBy(trusted: trusted, field: .forwarded)).host == client)
    }
}
