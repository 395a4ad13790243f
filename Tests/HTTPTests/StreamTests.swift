// SPDX-License-Identifier: Apache-2.0
import HTTP
import Support
import Synchronization
import Testing

@Suite("Streams")
struct StreamTests {
    /// Answers every request with the same stream.
    private static func responder(
        _ body: ScriptedBody, _ topic: Topic = Topic(), heartbeat: Bool = false
    ) -> ClosureResponder {
        ClosureResponder { _ in
            var response = StreamResponse(
                headers: [.contentType: "text/event-stream"], topic: topic, body: body)
            if heartbeat { response.heartbeat = Array(":\n".utf8) }
            response.heartbeatTime = .milliseconds(400)
            return .stream(response)
        }
    }

    private static func send(_ text: String) -> StreamStep { .send([Array(text.utf8)]) }

    @Test("the body arrives in order, chunked, and the connection is reused after it")
    func streams() async throws {
        let steps = (0..<1_000).map { Self.send("\($0)\n") }
        let body = ScriptedBody(steps + [.load {}, Self.send("loaded"), .end])
        try await withServer(Self.responder(body)) { server, port in
            let client = HTTPClient(port: port)
            let reply = try await client.request(.get, "/")
            #expect(reply.header("Transfer-Encoding") == "chunked")
            #expect(reply.header("Content-Length") == nil)
            #expect(reply.text == (0..<1_000).map { "\($0)\n" }.joined() + "loaded")
            body.add(.end)
            #expect(try await client.request(.get, "/").status == 200)
            #expect(server.statistics.acceptedConnections == 1)
            try await until { server.statistics.openStreams == 0 }
        }
    }

    @Test("a change of the topic fans out to all readers")
    func follows() async throws {
        let topic = Topic()
        let bodies = (0..<100).map { _ in ScriptedBody([]) }
        let next = Atomic<Int>(0)
        let responder = ClosureResponder { _ in
            let number = next.add(1, ordering: .relaxed).oldValue
            return .stream(StreamResponse(topic: topic, body: bodies[number]))
        }
        try await withServer(responder) { server, port in
            let clients = bodies.map { _ in HTTPClient(port: port) }
            for client in clients {
                try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.readHead().status == 200)
            }
            #expect(topic.isAwaited)
            for text in ["first", "second"] {
                for body in bodies { body.add(Self.send(text)) }
                topic.publish()
                for client in clients { #expect(try await client.readChunk() == Array(text.utf8)) }
            }
            for client in clients { client.close() }
            try await until { server.statistics.openStreams == 0 }
            #expect(!topic.isAwaited)
        }
    }

    @Test("a heartbeat is sent after a silence")
    func heartbeat() async throws {
        try await withServer(Self.responder(ScriptedBody([Self.send("a")]), heartbeat: true)) { _, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.readHead().status == 200)
            for expected in ["a", ":\n", ":\n"] {
                #expect(try await client.readChunk() == Array(expected.utf8))
            }
        }
    }

    @Test("a stream to an HTTP/1.0 client ends by closing")
    func streamsToHTTP10() async throws {
        let body = ScriptedBody([Self.send("one "), Self.send("two"), .end])
        try await withServer(Self.responder(body)) { _, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.0\r\n\r\n")
            let reply = try await client.readReply()
            #expect(reply.header("Transfer-Encoding") == nil)
            #expect(reply.header("Connection") == "close")
            #expect(reply.text == "one two")
        }
    }

    @Test("HEAD gets the head of a stream, which is not started")
    func answersHead() async throws {
        let topic = Topic()
        try await withServer(Self.responder(ScriptedBody([Self.send("never sent")]), topic)) { _, port in
            let client = HTTPClient(port: port)
            for _ in 0..<2 {
                let reply = try await client.request(.head, "/")
                #expect(reply.status == 200)
                #expect(reply.header("Transfer-Encoding") == "chunked")
                #expect(!topic.isAwaited)
            }
        }
    }

    @Test("the reader is unsubscribed when it disconnects", arguments: [false, true])
    func noticesTheEnd(byReset: Bool) async throws {
        let topic = Topic()
        try await withServer(Self.responder(ScriptedBody([Self.send("A")]), topic)) { server, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.readHead().status == 200)
            #expect(try await client.readChunk() == [65])
            #expect(server.statistics.openStreams == 1)
            client.close(abort: byReset)
            try await until { !topic.isAwaited }
            try await until { server.statistics.openStreams == 0 }
        }
    }

    @Test("a reader that falls behind is dropped, and others are not delayed")
    func dropsSlowReaders() async throws {
        let event = Signal()
        let (topic, body) = (Topic(), ScriptedBody([]))
        // More than the socket buffers hold for a reader that reads nothing.
        for _ in 0..<400 { body.add(.send([[UInt8](repeating: 66, count: 64 * 1024)])) }
        let responder = ClosureResponder { request in
            request.path == "/flood"
                ? .stream(StreamResponse(topic: topic, body: body)) : .ready(.text("quick"))
        }
        let onEvent: @Sendable (ServerEvent) -> Void = {
            if case .readerDropped = $0 { event.give() }
        }
        try await withServer(responder, workers: 1, onEvent: onEvent) { server, port in
            let slow = HTTPClient(port: port)
            try await slow.send("GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await slow.readHead().status == 200)
            #expect(try await HTTPClient(port: port).request(.get, "/").text == "quick")
            #expect(server.statistics.droppedReaders == 0)
            body.fallBehind()
            topic.publish()
            await event.wait()
            #expect(server.statistics.droppedReaders == 1)
            try await until { server.statistics.openStreams == 0 }
        }
    }

    @Test("a graceful shutdown ends streams properly")
    func endsStreamsOnStop() async throws {
        try await withServer(Self.responder(ScriptedBody([Self.send("last words")]))) { server, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.readHead().status == 200)
            #expect(try await client.readChunk() == Array("last words".utf8))
            let stop = await server.beginStop()
            #expect(try await client.readChunk().isEmpty)
            client.close()
            await stop.value
        }
    }
}
