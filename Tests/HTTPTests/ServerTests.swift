// SPDX-License-Identifier: Apache-2.0
import Dispatch
import HTTP
import Support
import Synchronization
import Testing

@Suite("A server over real sockets")
struct ServerTests {
    /// Echoes method, target and body.
    private let echo = ClosureResponder { request in
        .ready(Response(.ok, headers: [.etag: "\"\(request.method) \(request.target)\""], body: request.body))
    }

    @Test("serves a keep-alive connection")
    func keepsConnections() async throws {
        try await withServer(echo) { server, port in
            let client = HTTPClient(port: port)
            for number in 0..<20 {
                let reply = try await client.request(.get, "/\(number)")
                #expect(reply.status == 200)
                #expect(reply.header("ETag") == "\"GET /\(number)\"")
                #expect(reply.header("Content-Length") == "0")
                #expect(reply.header("Date")?.hasSuffix(" GMT") == true)
                #expect(reply.header("Connection") == nil)
            }
            #expect(server.statistics.acceptedConnections == 1)
            #expect(server.statistics.requests == 20)
            #expect(server.statistics.openConnections == 1)
        }
    }

    @Test("serves when started on the main actor")
    @MainActor
    func startsFromTheMainActor() async throws {
        let server = Server(configuration: ServerConfiguration(port: 0), responder: echo)
        let port = try #require(try server.start().first?.port)
        #expect(try await HTTPClient(port: port).request(.get, "/").status == 200)
        await server.stop(within: .zero)
    }

    @Test("answers a hundred pipelined requests in order")
    func pipelines() async throws {
        try await withServer(echo) { _, port in
            let client = HTTPClient(port: port)
            let requests = (0..<100).map { "POST /\($0) HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc" }
            try await client.send(requests.joined())
            for number in 0..<100 {
                let reply = try await client.readReply()
                #expect(reply.header("ETag") == "\"POST /\(number)\"")
                #expect(reply.text == "abc")
            }
        }
    }

    @Test("keeps the order of pipelined requests with asynchronous responses")
    func pipelinesPending() async throws {
        let responder = ClosureResponder { request in
            let response = Response.text(request.path)
            return request.path.hasSuffix("0") ? .pending { .ready(response) } : .ready(response)
        }
        try await withServer(responder) { _, port in
            let client = HTTPClient(port: port)
            try await client.send((0..<100).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
            for number in 0..<100 {
                let reply = try await client.readReply()
                #expect(reply.text == "/\(number)")
            }
        }
    }

    @Test("runs nested pending answers in one task, each on its executor")
    func pendsInOneTask() async throws {
        let executor = CountingExecutor()
        let responder = ClosureResponder { _ in
            .pending {
                let first = currentTask
                return .pending(on: executor) {
                    let second = currentTask
                    return .pending {
                        .ready(
                            .text(first != nil && [first, second] == [second, currentTask] ? "one" : "more"))
                    }
                }
            }
        }
        try await withServer(responder) { _, port in
            let reply = try await HTTPClient(port: port).request(.get, "/")
            #expect(String(decoding: reply.body, as: UTF8.self) == "one")
        }
        #expect(executor.count.load(ordering: .relaxed) > 0)
    }

    @Test("reads a chunked body")
    func takesChunks() async throws {
        try await withServer(echo) { _, port in
            let client = HTTPClient(port: port)
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for part in ["5\r\nhello\r", "\n6;a=b\r\n wor", "ld\r\n0\r\nX: y\r\n", "\r\n"] {
                try await client.send(part)
            }
            #expect(try await client.readReply().text == "hello world")
        }
    }

    @Test("sends 100 Continue to a client that expects it")
    func sendsContinue() async throws {
        try await withServer(echo) { _, port in
            let client = HTTPClient(port: port)
            try await client.send(
                "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await client.readReply().status == 100)
            try await client.send("ok")
            #expect(try await client.readReply().text == "ok")
        }
    }

    @Test("answers 413 instead of 100 Continue to a body that is too large")
    func refusesLargeBody() async throws {
        try await withServer(echo) { server, port in
            let client = HTTPClient(port: port)
            try await client.send(
                "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n")
            let reply = try await client.readReply()
            #expect(reply.status == 413)
            #expect(reply.header("Connection") == "close")
            #expect(try await client.readToEnd().isEmpty)
            #expect(server.statistics.failures == 1)
        }
    }

    @Test("answers 413 without a reset to a client that keeps sending")
    func lingers() async throws {
        try await withServer(echo) { _, port in
            let client = HTTPClient(port: port)
            let body = [UInt8](repeating: 65, count: 900_000)
            let limit = "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1900000\r\n\r\n"
            try await client.send(Array(limit.utf8) + body)
            #expect(try await client.readReply().status == 413)
        }
    }

    @Test("answers HEAD with the head of GET")
    func answersHead() async throws {
        let page = Response.text("a page").prebuilt()
        let responder = ClosureResponder { $0.path == "/prebuilt" ? .ready(page) : .ready(.text("a page")) }
        try await withServer(responder) { _, port in
            let client = HTTPClient(port: port)
            for path in ["/", "/prebuilt"] {
                let get = try await client.request(.get, path)
                let head = try await client.request(.head, path)
                #expect(get.text == "a page")
                #expect(head.status == 200)
                #expect(head.body.isEmpty)
                #expect(head.header("Content-Length") == "6")
                #expect(head.headers.map(\.name) == get.headers.map(\.name))
            }
        }
    }

    @Test("transfers a large body in both directions")
    func movesLargeBodies() async throws {
        try await withServer(echo) { _, port in
            let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let reply = try await HTTPClient(port: port).request(.post, "/", body: body)
            #expect(reply.body == body)
        }
    }

    @Test("sends a large response to a slow client")
    func waitsForSlowReaders() async throws {
        let large = [UInt8](repeating: 7, count: 8_000_000)
        let responder = ClosureResponder {
            $0.path == "/large" ? .ready(Response(.ok, body: large)) : .ready(.text("x"))
        }
        try await withServer(responder, workers: 1) { _, port in
            let slow = HTTPClient(port: port)
            try await slow.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
            // Another client is served while the first reads nothing.
            #expect(try await HTTPClient(port: port).request(.get, "/").text == "x")
            #expect(try await slow.readReply().body.count == large.count)
            #expect(try await slow.readReply().text == "x")
        }
    }

    @Test("serves IPv6")
    func servesIPv6() async throws {
        let responder = ClosureResponder { .ready(.text($0.peer.host)) }
        try await withServer(responder, host: "::1") { _, port in
            let reply = try await HTTPClient(port: port, host: "::1").request(.get, "/")
            #expect(reply.text == "::1")
        }
    }

    @Test("closes an HTTP/1.0 connection, unless it asks for keep-alive")
    func servesHTTP10() async throws {
        try await withServer(echo) { _, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try await client.readReply().header("Connection") == "keep-alive")
            try await client.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try await client.readReply().header("Connection") == "close")
            #expect(try await client.readToEnd().isEmpty)
        }
    }

    @Test("closes after Connection: close")
    func closesWhenAsked() async throws {
        try await withServer(echo) { _, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, CLOSE\r\n\r\n")
            #expect(try await client.readReply().header("Connection") == "close")
            #expect(try await client.readToEnd().isEmpty)
        }
    }

    @Test("answers after a half-close")
    func answersHalfClosed() async throws {
        let responder = ClosureResponder { _ in .pending { .ready(.text("done")) } }
        try await withServer(responder) { _, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            client.finishSending()
            #expect(try await client.readReply().text == "done")
            #expect(try await client.readToEnd().isEmpty)
        }
    }

    @Test("answers 408 to a head that is not complete in time")
    func timesOut() async throws {
        var limits = Limits.patient
        limits.headerTime = .milliseconds(100)
        try await withServer(echo, limits: limits) { _, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTT")
            #expect(try await client.readReply().status == 408)
            #expect(try await client.readToEnd().isEmpty)
        }
    }

    @Test("cancels the task when the client disconnects", arguments: [false, true])
    func cancelsPending(byReset: Bool) async throws {
        let (started, cancelled) = (Signal(), Signal())
        let responder = ClosureResponder { _ in
            .pending {
                await withTaskCancellationHandler {
                    started.give()
                    await cancelled.wait()
                } onCancel: {
                    cancelled.give()
                }
                return .ready(.text("nobody reads this"))
            }
        }
        try await withServer(responder) { _, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await started.wait()
            client.close(abort: byReset)
            await cancelled.wait()
        }
    }
}

/// The current task.
private var currentTask: Int? { withUnsafeCurrentTask { $0?.hashValue } }

/// Counts the jobs that it runs.
private final class CountingExecutor: TaskExecutor {
    let count = Atomic<Int>(0)
    private let queue = DispatchQueue(label: "test")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        count.add(1, ordering: .relaxed)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
