// SPDX-License-Identifier: Apache-2.0
import Cards
import HTTP
import Outbound
import Stories
import Testing

/// A look at an address that is about to be published.
@Suite("Link probe")
struct LinkProbeTests {
    @Test(
        "What the server says counts, and that there is none; what may pass is not known",
        arguments: [
            (OutboundError.unresolved(host: "a.example"), LinkState.noHost),
            (.timedOut(host: "a.example"), .unknown), (.busy, .unknown),
            (.refusedAddress("a.example", reason: "private"), .unknown),
        ])
    func failures(error: OutboundError, state: LinkState) async {
        let probe = LinkProbe { _ throws(OutboundError) in throw error }
        #expect(await probe.state(of: "https://a.example/") == state)
    }

    @Test("Probes go to public addresses only, as editors learn the answers")
    func publicOnly() {
        guard case .publicOnly(let allowed) = LinkProbe.settings(userAgent: "Test").policy else {
            Issue.record("any address is asked")
            return
        }
        #expect(allowed.isEmpty)
    }

    @Test("Only 404, 410 and a name without an address are dead")
    func dead() {
        let dead = [200, 301, 400, 401, 403, 404, 405, 410, 429, 500, 503].filter {
            LinkState.answered($0).isDead
        }
        #expect(dead == [404, 410])
        #expect(LinkState.noHost.isDead && !LinkState.unknown.isDead)
    }
}
