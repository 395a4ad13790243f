// SPDX-License-Identifier: Apache-2.0
import HTTP
import Support
import Synchronization
import Testing

@Suite("Starting, stopping and refusing")
struct ServerLifeTests {
    private let hello = ClosureResponder { _ in .ready(.text("hello")) }

    @Test("the error for a port in use names host and port")
    func namesTheTakenPort() async throws {
        try await withServer(hello) { _, port in
            let second = Server(configuration: ServerConfiguration(port: port), responder: hello)
            let error = #expect(throws: ServerError.self) { try second.start() }
            #expect(error == .addressInUse(host: "127.0.0.1", port: port))
            #expect(error?.description == "cannot listen on 127.0.0.1 port \(port): the address is in use")
        }
    }

    @Test("an unknown name and an address of another machine cannot be resolved")
    func namesTheUnknownHost() {
        for host in ["no.such.host.invalid", "192.0.2.1"] {
            let server = Server(configuration: ServerConfiguration(host: host, port: 1), responder: hello)
            let error = #expect(throws: ServerError.self) { try server.start() }
            guard case .cannotResolve(host, 1, _) = error else {
                Issue.record("\(host): \(String(describing: error))")
                continue
            }
        }
    }

    @Test("a server can be started only once")
    func startsOnce() async throws {
        try await withServer(hello) { server, _ in
            #expect(throws: ServerError.alreadyStarted(host: "127.0.0.1", port: 0)) { try server.start() }
        }
    }

    @Test("a stopped server refuses connections, and its port is free")
    func freesItsPort() async throws {
        let first = Server(configuration: ServerConfiguration(port: 0, workers: 2), responder: hello)
        let port = try #require(try first.start().first?.port)
        #expect(try await HTTPClient(port: port).request(.get, "/").status == 200)
        await first.stop(within: .seconds(1))
        #expect(first.statistics.openConnections == 0)
        let second = Server(configuration: ServerConfiguration(port: port, workers: 2), responder: hello)
        #expect(try second.start().first?.port == port)
        #expect(try await HTTPClient(port: port).request(.get, "/").status == 200)
        await second.stop(within: .seconds(1))
    }

    @Test("a graceful shutdown closes idle connections and finishes requests in flight")
    func stopsGracefully() async throws {
        let (started, goOn) = (Signal(), Signal())
        let responder = ClosureResponder { request in
            guard request.path == "/slow" else { return .ready(.text("hello")) }
            return .pending {
                started.give()
                await goOn.wait()
                return .ready(.text("finished"))
            }
        }
        let server = Server(configuration: ServerConfiguration(port: 0, workers: 2), responder: responder)
        let port = try #require(try server.start().first?.port)
        let (idle, busy) = (HTTPClient(port: port), HTTPClient(port: port))
        #expect(try await idle.request(.get, "/").status == 200)
        try await busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        await started.wait()
        let stop = await server.beginStop()
        #expect(try await idle.readToEnd().isEmpty)
        // Each worker stops on its own queue, and closes its listener first.
        try await until {
            let client = HTTPClient(port: port)
            defer { client.close() }
            do { try client.send("x") } catch {
                return error as? HTTPClientError == .cannotConnect(errno: 111)
            }
            return false
        }
        goOn.give()
        let reply = try await busy.readReply()
        #expect(reply.text == "finished")
        #expect(reply.header("Connection") == "close")
        busy.close()
        await stop.value
        #expect(server.statistics.openConnections == 0)
    }

    @Test("requests in flight at the end of the shutdown's time limit are closed")
    func stopsInTime() async throws {
        let (started, cancelled) = (Signal(), Signal())
        let responder = ClosureResponder { _ in
            .pending {
                await withTaskCancellationHandler {
                    started.give()
                    await cancelled.wait()
                } onCancel: {
                    cancelled.give()
                }
                return .ready(.text("too late"))
            }
        }
        try await withServer(responder) { server, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await started.wait()
            await server.stop(within: .milliseconds(20))
            #expect(try await client.readToEnd().isEmpty)
            await cancelled.wait()
        }
    }

    @Test("a connection over the limit gets a 503 and is closed")
    func limitsConnections() async throws {
        var limits = Limits.patient
        limits.connections = 2
        try await withServer(hello, limits: limits) { server, port in
            let clients = [HTTPClient(port: port), HTTPClient(port: port)]
            for client in clients { #expect(try await client.request(.get, "/").status == 200) }
            let third = HTTPClient(port: port)
            let reply = try await third.request(.get, "/")
            #expect(reply.status == 503)
            #expect(reply.header("Connection") == "close")
            #expect(try await third.readToEnd().isEmpty)
            #expect(server.statistics.refusedConnections == 1)
            #expect(server.statistics.openConnections == 2)
            #expect(try await clients[0].request(.get, "/").status == 200)
        }
    }
}
