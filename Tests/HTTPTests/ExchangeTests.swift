// SPDX-License-Identifier: Apache-2.0
import Support
import Synchronization
import Testing

@testable import HTTP

/// What the server reports about each request, for the access log and the metrics.
@Suite("Exchanges")
struct ExchangeTests {
    private final class Book: Sendable {
        private let exchanges = Mutex<[Exchange]>([])

        var all: [Exchange] { exchanges.withLock { $0 } }

        func note(_ exchange: Exchange) { exchanges.withLock { $0.append(exchange) } }
    }

    private static let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private func withBook(
        _ handler: @escaping Handler, _ body: (Book, Server, HTTPClient) async throws -> Void
    ) async throws {
        let book = Book()
        try await withServer(ClosureResponder(handler), onExchange: { book.note($0) }) { server, port in
            try await body(book, server, HTTPClient(port: port))
        }
    }

    @Test("A response of any kind is reported with its request, status, size and latency")
    func answers() async throws {
        let meter = RouteMeter(.get, "/{any}")
        try await withBook({ request in
            var response = Response.text("four")
            response.meter = meter
            return request.path == "/slow" ? .pending { [response] in .ready(response) } : .ready(response)
        }) { book, _, client in
            for (method, path) in [(Method.get, "/quick"), (.get, "/slow"), (.head, "/quick")] {
                let reply = try await client.request(
                    method, path, headers: [("X-Request-Id", "mine"), ("traceparent", Self.trace)])
                #expect(reply.status == 200)
            }
            // The client may have the response before the exchange is reported.
            try await until { book.all.count == 3 }
            let reported = book.all
            #expect(reported.map { $0.request?.path } == ["/quick", "/slow", "/quick"])
            #expect(reported.map(\.bodyBytes) == [4, 4, 0])
            #expect(reported.map { $0.status?.code } == [200, 200, 200])
            #expect(reported.allSatisfy { $0.id.description == "mine" && $0.meter === meter })
            #expect(reported.allSatisfy { $0.seconds > 0 && $0.seconds < 300 && $0.waitedSeconds == 0 })
            #expect(reported.allSatisfy { $0.request?.traceParent?.parentID == "00f067aa0ba902b7" })
            #expect(meter.figures.answers == [200: 3])
            #expect(meter.figures.counts.reduce(0, +) == 3 && meter.figures.seconds > 0)
        }
    }

    @Test("A stream keeps its route through middleware that modifies its head")
    func streams() throws {
        var stream = StreamResponse(topic: Topic(), body: ScriptedBody([]))
        stream.meter = RouteMeter(.get, "/stream")
        var answer = Answer.stream(stream)
        for name in ["A", "B"] { answer = answer.map { $0.headers.add(HeaderName(name), "1") } }
        guard case .stream(let changed) = answer else { throw StreamLost() }
        #expect(changed.meter === stream.meter)
        #expect(changed.headers["A"] == "1" && changed.headers["B"] == "1")
    }

    private struct StreamLost: Error {}

    @Test("Unrouted and malformed requests are counted by the server")
    func refusals() async throws {
        try await withBook({ _ in .ready(.text("no", .notFound)) }) { book, server, client in
            _ = try await client.request(.get, "/")
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\nBad header\r\n\r\n")
            #expect(try await client.readReply().status == 400)
            try await until { book.all.count == 2 }
            #expect(book.all.map { $0.request == nil } == [false, true])
            #expect(server.statistics.unrouted.answers == [404: 1, 400: 1])
        }
    }

    @Test("A client that disconnects before its response is reported and counted")
    func abandoned() async throws {
        let topic = Topic()
        try await withBook({ request in
            request.path == "/wait"
                ? .parked(
                    ParkedRequest(topic: topic, version: topic.version, deadline: .now + .seconds(60)) { _ in
                        .pending {
                            try? await Task.sleep(for: .seconds(60)); return .ready(.text("late"))
                        }
                    }) : .ready(.text("ok"))
        }) { book, server, client in
            try await client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
            try await until { server.statistics.parkedRequests != 0 }
            client.close(abort: true)
            try await until { server.statistics.abandonedRequests != 0 }
            try await until { !book.all.isEmpty }
            let gone = try #require(book.all.first)
            #expect(gone.status == nil && gone.request?.path == "/wait")
            #expect(server.statistics.unrouted.answers.isEmpty)
        }
    }

    @Test("Waiting time of a long poll is reported separately, and is not latency")
    func waited() async throws {
        let topic = Topic()
        let meter = RouteMeter(.get, "/")
        try await withBook({ _ in
            .parked(
                ParkedRequest(topic: topic, version: topic.version, deadline: .now + .seconds(60)) { _ in
                    var response = Response.text("changed")
                    response.meter = meter
                    return .ready(response)
                })
        }) { book, server, client in
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            try await until { server.statistics.parkedRequests != 0 }
            try await Task.sleep(for: .milliseconds(60))
            topic.publish()
            _ = try await client.readReply()
            try await until { !book.all.isEmpty }
            let reported = try #require(book.all.first)
            #expect(reported.waitedSeconds >= 0.05)
            #expect(meter.figures.seconds == reported.seconds)
        }
    }

    @Test("Latencies are sorted into buckets with inclusive upper bounds")
    func histogram() {
        var figures = RouteFigures()
        for seconds in [0, 0.0001, 0.00011, 10, 10.1, 99] { figures.record(.ok, seconds: seconds) }
        figures.record(.noContent, seconds: nil)
        #expect(figures.counts.count == RouteFigures.bounds.count + 1)
        #expect(figures.counts.first == 2 && figures.counts[1] == 1)
        #expect(figures.counts[figures.counts.count - 2] == 1 && figures.counts.last == 2)
        #expect(figures.answers == [200: 6, 204: 1])
    }

    @Test(
        "traceparent is parsed by W3C Trace Context §3.2",
        arguments: [
            (trace, true), ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", true),
            ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes", true),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false),
            ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
            ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
            ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", false),
            ("", false), ("00", false), ("00---", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\u{301}", false),
            ("00 -4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
        ])
    func traceParents(value: String, isGood: Bool) {
        let parent = TraceParent(value)
        #expect((parent != nil) == isGood)
        guard let parent else { return }
        let child = TraceParent(parent.child(255))
        #expect(child?.traceID == parent.traceID && child?.parentID == "00000000000000ff")
    }

    @Test("A duplicate traceparent is ignored")
    func twice() throws {
        let request = try Request(.get, "/", headers: ["traceparent": Self.trace, "Traceparent": Self.trace])
        #expect(request.headers(named: "traceparent").count == 2 && request.traceParent == nil)
    }
}
