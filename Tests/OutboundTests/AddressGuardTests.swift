// SPDX-License-Identifier: Apache-2.0
import HTTP
import Outbound
import Testing

@Suite("Address guard")
struct AddressGuardTests {
    /// Each range with its first and last address, and the neighbours of both. After each address: what it is, `-` if it is allowed.
    private static let table = """
        0.0.0.0 this network; 0.255.255.255 this network; 1.0.0.0 -
        9.255.255.255 -; 10.0.0.0 private; 10.255.255.255 private; 11.0.0.0 -
        100.63.255.255 -; 100.64.0.0 shared; 100.127.255.255 shared; 100.128.0.0 -
        126.255.255.255 -; 127.0.0.0 loopback; 127.0.0.1 loopback; 127.255.255.255 loopback; 128.0.0.0 -
        169.253.255.255 -; 169.254.0.0 link-local; 169.254.169.254 link-local; 169.254.255.255 link-local
        169.255.0.0 -; 172.15.255.255 -; 172.16.0.0 private; 172.31.255.255 private; 172.32.0.0 -
        191.255.255.255 -; 192.0.0.0 protocol; 192.0.0.255 protocol; 192.0.1.0 -
        192.0.1.255 -; 192.0.2.0 documentation; 192.0.2.255 documentation; 192.0.3.0 -
        192.88.98.255 -; 192.88.99.0 6to4; 192.88.99.255 6to4; 192.88.100.0 -
        192.167.255.255 -; 192.168.0.0 private; 192.168.255.255 private; 192.169.0.0 -
        198.17.255.255 -; 198.18.0.0 benchmarking; 198.19.255.255 benchmarking; 198.20.0.0 -
        198.51.99.255 -; 198.51.100.0 documentation; 198.51.100.255 documentation; 198.51.101.0 -
        203.0.112.255 -; 203.0.113.0 documentation; 203.0.113.255 documentation; 203.0.114.0 -
        223.255.255.255 -; 224.0.0.0 multicast; 239.255.255.255 multicast
        240.0.0.0 reserved; 255.255.255.254 reserved; 255.255.255.255 broadcast; 8.8.8.8 -; 93.184.215.14 -

        :: unspecified; ::1 loopback; ::2 compatible; ::127.0.0.1 compatible; ::8.8.8.8 compatible
        ::255.255.255.255 compatible; ::1:0:0 unicast; ::fffe:ffff:ffff unicast
        ::ffff:0.0.0.0 mapped; ::ffff:127.0.0.1 mapped; ::ffff:7f00:1 mapped; ::ffff:10.0.0.1 mapped
        ::ffff:8.8.8.8 mapped; ::ffff:255.255.255.255 mapped; ::1:0:0:0 unicast
        64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff unicast; 64:ff9b:: NAT64; 64:ff9b::7f00:1 NAT64
        64:ff9b::ffff:ffff NAT64; 64:ff9b::1:0:0 unicast; 64:ff9b:0:ffff:ffff:ffff:ffff:ffff unicast
        64:ff9b:1:: NAT64; 64:ff9b:1:ffff:ffff:ffff:ffff:ffff NAT64; 64:ff9b:2:: unicast
        ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff unicast; 100:: discard; 100::ffff:ffff:ffff:ffff discard
        100:0:0:1:: unicast; 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff unicast; 2000:: -
        2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff -; 2001:: Teredo; 2001:0:ffff:ffff:ffff:ffff:ffff:ffff Teredo
        2001:1:: protocol; 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff protocol; 2001:200:: -
        2001:db7:ffff:ffff:ffff:ffff:ffff:ffff -; 2001:db8:: documentation
        2001:db8:ffff:ffff:ffff:ffff:ffff:ffff documentation; 2001:db9:: -
        2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff -; 2002:: 6to4; 2002:7f00:1:: 6to4
        2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff 6to4; 2003:: -; 2606:4700:4700::1111 -
        3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff -; 3fff:: documentation
        3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff documentation; 3fff:1000:: -
        3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff -; 4000:: unicast; 5f00:: unicast
        fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff unicast; fc00:: unique local; fd00::1 unique local
        fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff unique local; fe00:: unicast
        fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff unicast; fe80:: link-local; fe80::1 link-local
        febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff link-local; fec0:: site-local
        feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff site-local; ff00:: multicast; ff02::1 multicast
        ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff multicast
        """

    private static let cases = table.split { ";\n".contains($0) }.map { entry in
        let words = entry.split(separator: " ", maxSplits: 1).map(String.init)
        return (words[0], words[1])
    }

    @Test("The table has every range")
    func size() {
        #expect(Self.cases.count >= 120)
        #expect(Set(Self.cases.map(\.0)).count == Self.cases.count)
    }

    @Test("An address is public or refused as what it is", arguments: cases)
    func decides(text: String, kind: String) throws {
        let address = try #require(SocketAddress(host: text))
        let refusal = AddressGuard(.publicOnly()).refusal(of: address)
        if kind == "-" {
            #expect(refusal == nil)
        } else {
            #expect(refusal?.contains(kind) == true, "\(refusal ?? "allowed")")
        }
        #expect(AddressGuard(.any).refusal(of: address) == nil)
    }

    @Test("What the operator has allowed is allowed, and nothing beside it")
    func allowing() throws {
        let ranges = try ["127.0.0.2", "10.1.0.0/16", "fd00:1::/32"].map { try #require(AddressRange($0)) }
        let addressGuard = AddressGuard(.publicOnly(allowing: ranges))
        func isAllowed(_ text: String) throws -> Bool {
            addressGuard.refusal(of: try #require(SocketAddress(host: text))) == nil
        }
        for text in ["127.0.0.2", "10.1.0.0", "10.1.255.255", "fd00:1::7", "8.8.8.8", "2606:4700::1"] {
            #expect(try isAllowed(text), "\(text)")
        }
        for text in ["127.0.0.1", "127.0.0.3", "10.0.255.255", "10.2.0.0", "fd00:2::", "::1"] {
            #expect(try !isAllowed(text), "\(text)")
        }
    }
}
