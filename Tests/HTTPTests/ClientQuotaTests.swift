// SPDX-License-Identifier: Apache-2.0
import Support
import Synchronization
import Testing

@testable import HTTP

@Suite("Client quotas")
struct ClientQuotaTests {
    private static func limits(connections: Int = 0, streams: Int = 0, polls: Int = 0) -> Limits {
        var limits = Limits.patient
        (limits.connectionsPerClient, limits.streamsPerClient, limits.parkedPollsPerClient) = (
            connections, streams, polls
        )
        return limits
    }

    @Test("a lease is returned on deallocation, and quotas are per client")
    func leases() throws {
        let quotas = ClientQuotas(limits: Self.limits(connections: 2, streams: 1))
        let (one, other) = (
            try #require(AddressRange("192.0.2.1")), try #require(AddressRange("2001:db8::/64"))
        )
        var leases = [quotas.lease(.connection, for: one), quotas.lease(.connection, for: one)]
        #expect(quotas.lease(.connection, for: one) == nil)
        #expect(quotas.lease(.stream, for: one) != nil)
        #expect(quotas.lease(.connection, for: other) != nil)
        #expect((0..<1_000).allSatisfy { _ in quotas.lease(.parkedPoll, for: one) != nil })
        leases.removeLast()
        #expect(quotas.lease(.connection, for: one) != nil)
        leases = []
        #expect(quotas.isEmpty)
    }

    @Test("a client's least recently used idle connection is evicted for a new one")
    func closesOldestIdle() async throws {
        let hello = ClosureResponder { _ in .ready(.text("hello")) }
        try await withServer(hello, workers: 1, limits: Self.limits(connections: 2)) { server, port in
            let clients = (0..<3).map { _ in HTTPClient(port: port) }
            for number in [0, 1, 0, 2] {
                let reply = try await clients[number].request(.get, "/")
                #expect(reply.status == 200)
            }
            let rest = try await clients[1].readToEnd()
            #expect(rest.isEmpty)
            let reply = try await clients[0].request(.get, "/")
            #expect(reply.status == 200)
            #expect(server.statistics.openConnections == 2 && server.statistics.refusedConnections == 0)
        }
    }

    @Test("a client over its quota with only busy connections is refused; others are served")
    func refusesConnections() async throws {
        let responder = ClosureResponder { request in
            request.path == "/stream"
                ? .stream(StreamResponse(topic: Topic(), body: ScriptedBody([]))) : .ready(.text("hello"))
        }
        try await withServer(responder, workers: 1, limits: Self.limits(connections: 2)) { server, port in
            let busy = [HTTPClient(port: port), HTTPClient(port: port)]
            for client in busy {
                try await client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.readHead().status == 200)
            }
            let refused = try await HTTPClient(port: port).request(.get, "/")
            #expect(refused.status == 503 && refused.header("Connection") == "close")
            #expect(try await HTTPClient(port: port, source: "127.0.0.2").request(.get, "/").status == 200)
            busy[0].close()
            try await until { server.statistics.openStreams == 1 }
            #expect(try await HTTPClient(port: port).request(.get, "/").status == 200)
            #expect(server.statistics.refusedConnections == 1)
        }
    }

    @Test("a trusted proxy has no quota of connections")
    func exemptsProxies() async throws {
        let hello = ClosureResponder { _ in .ready(.text("hello")) }
        let proxy = ForwardedBy(trusted: [try #require(AddressRange("127.0.0.1"))])
        try await withServer(hello, workers: 1, limits: Self.limits(connections: 1), forwarded: proxy) {
            _, port in
            let clients = (0..<4).map { _ in HTTPClient(port: port) }
            for client in clients + clients {
                let reply = try await client.request(.get, "/")
                #expect(reply.status == 200)
            }
        }
    }

    @Test(
        "a stream over the quota is refused before anything is done for it, and a failed one returns its unit"
    )
    func admitsStreams() async throws {
        let topic = Topic()
        let opened = Atomic<Int>(0)
        let responder = ClosureResponder { request in
            .admittedStream {
                opened.add(1, ordering: .relaxed)
                return .pending {
                    request.path == "/none"
                        ? .ready(.text("", .notFound))
                        : .stream(StreamResponse(topic: topic, body: ScriptedBody([])))
                }
            }
        }
        try await withServer(responder, workers: 1, limits: Self.limits(streams: 1)) { server, port in
            let reader = HTTPClient(port: port)
            for _ in 0..<3 { #expect(try await reader.request(.get, "/none").status == 404) }
            try await reader.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await reader.readHead().status == 200)
            let another = HTTPClient(port: port)
            #expect(try await another.request(.head, "/").status == 200, "HEAD holds nothing")
            let before = opened.load(ordering: .relaxed)
            for _ in 0..<3 { #expect(try await another.request(.get, "/").status == 503) }
            #expect(opened.load(ordering: .relaxed) == before && server.statistics.quotaRefusals == 3)
            reader.close()
            try await until { server.statistics.openStreams == 0 }
            try await another.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await another.readHead().status == 200)
        }
    }

    @Test(
        "streams and long polls are charged to the client behind a trusted proxy, and refused with 503 over its quota",
        arguments: [true, false])
    func countsReaders(isStream: Bool) async throws {
        let topic = Topic()
        let responder = ClosureResponder { _ in
            isStream
                ? .stream(StreamResponse(topic: topic, body: ScriptedBody([])))
                : .parked(
                    ParkedRequest(topic: topic, version: topic.version, deadline: .never) { _ in
                        .ready(.text(""))
                    })
        }
        let proxy = ForwardedBy(trusted: [try #require(AddressRange("127.0.0.1"))])
        try await withServer(responder, limits: Self.limits(streams: 2, polls: 2), forwarded: proxy) {
            server, port in
            func ask(_ reader: String) async throws -> HTTPClient {
                let client = HTTPClient(port: port)
                try await client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: \(reader)\r\n\r\n")
                return client
            }
            func held() -> Int { server.statistics.openStreams + server.statistics.parkedRequests }
            let first = try await ask("192.0.2.1")
            _ = try await ask("192.0.2.1")
            try await until { held() == 2 }
            let refused = try await ask("192.0.2.1").readReply()
            #expect(refused.status == 503)
            _ = try await ask("192.0.2.2")
            try await until { held() == 3 }
            first.close()
            try await until { held() == 2 }
            _ = try await ask("192.0.2.1")
            try await until { held() == 3 }
            #expect(server.statistics.quotaRefusals == 1)
        }
    }
}
