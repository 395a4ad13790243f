import HTTP
import Support
import Synchronization
import Testing

@Suite("Streams")
struct StreamTests {
    /// Answers every request with a stream, and gives its writer to the test.
    private struct StreamResponder: Responder {
        let onStart: @Sendable (StreamWriter) -> Void

        func respond(to request: Request) -> Answer {
            .stream(StreamResponse(headers: [.contentType: "text/event-stream"], start: onStart))
        }

        func respond(to failure: RequestFailure, request: Request?) -> Response { .plain(failure) }
    }

    @Test("what is written from any thread arrives in order, as chunks, until it is finished")
    func streams() async throws {
        let responder = StreamResponder { writer in
            Task {
                for number in 0..<1000 { #expect(writer.write(Array("\(number)\n".utf8))) }
                writer.finish()
                #expect(!writer.write([1]))
            }
        }
        try await withServer(responder) { server, port in
            let client = HTTPClient(port: port)
            let reply = try await client.request(.get, "/")
            #expect(reply.header("Transfer-Encoding") == "chunked")
            #expect(reply.header("Content-Length") == nil)
            #expect(reply.text == (0..<1000).map { "\($0)\n" }.joined())
            #expect(try await client.request(.get, "/").status == 200)
            #expect(server.statistics.acceptedConnections == 1)
            #expect(server.statistics.openStreams == 0)
        }
    }

    @Test("a stream to HTTP/1.0 is ended by closing")
    func streamsToHTTP10() async throws {
        let responder = StreamResponder { writer in
            writer.write(Array("one ".utf8))
            writer.write(Array("two".utf8))
            writer.finish()
        }
        try await withServer(responder) { _, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.0\r\n\r\n")
            let reply = try await client.readReply()
            #expect(reply.header("Transfer-Encoding") == nil)
            #expect(reply.header("Connection") == "close")
            #expect(reply.text == "one two")
        }
    }

    @Test("HEAD gets the head of a stream, which does not start")
    func answersHead() async throws {
        try await withServer(StreamResponder { _ in Issue.record("the stream has started") }) { _, port in
            let client = HTTPClient(port: port)
            for _ in 0..<2 {
                let reply = try await client.request(.head, "/")
                #expect(reply.status == 200)
                #expect(reply.header("Transfer-Encoding") == "chunked")
            }
        }
    }

    @Test("the writer learns that its reader has gone", arguments: [false, true])
    func noticesTheEnd(byReset: Bool) async throws {
        let closed = Signal()
        let responder = StreamResponder { writer in
            writer.onClose { closed.give() }
            writer.write([65])
        }
        try await withServer(responder) { server, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.readHead().status == 200)
            #expect(try await client.readChunk() == [65])
            #expect(server.statistics.openStreams == 1)
            client.close(abort: byReset)
            await closed.wait()
            #expect(server.statistics.openStreams == 0)
        }
    }

    @Test("a reader who does not keep up is dropped, and the others are not held")
    func dropsSlowReaders() async throws {
        var limits = Limits()
        limits.unsentStreamBytes = 256 * 1024
        let (dropped, event) = (Signal(), Signal())
        let responder = ClosureResponder { request in
            .stream(
                StreamResponse { writer in
                    writer.onClose { dropped.give() }
                    guard request.path == "/flood" else { return writer.finish() }
                    Task.detached {
                        let bytes = [UInt8](repeating: 66, count: 64 * 1024)
                        while writer.write(bytes) {}
                    }
                })
        }
        let onEvent: @Sendable (ServerEvent) -> Void = {
            if case .readerDropped = $0 { event.give() }
        }
        try await withServer(responder, workers: 1, limits: limits, onEvent: onEvent) { server, port in
            let slow = HTTPClient(port: port)
            try await slow.send("GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
            await event.wait()
            await dropped.wait()
            #expect(try await HTTPClient(port: port).request(.get, "/").status == 200)
            #expect(server.statistics.droppedReaders == 1)
        }
    }

    @Test("a graceful stop ends streams properly")
    func endsStreamsOnStop() async throws {
        let started = Signal()
        let responder = StreamResponder { writer in
            writer.write(Array("last words".utf8))
            started.give()
        }
        try await withServer(responder) { server, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await started.wait()
            async let stopped: Void = server.stop(within: .seconds(30))
            #expect(try await client.readReply().text == "last words")
            client.close()
            await stopped
        }
    }
}
