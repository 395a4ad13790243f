// SPDX-License-Identifier: Apache-2.0
import HTTP
import Support
import Synchronization
import Testing

@Suite("Parked requests")
struct ParkingTests {
    /// A growing number, and requests that wait until it exceeds the one in their path.
    private final class Board: Responder {
        let topic = Topic()
        private let number = Atomic<Int>(0)
        let patience: Duration
        let looks = Atomic<Int>(0)

        init(patience: Duration = .seconds(300)) { self.patience = patience }

        func grow() {
            number.add(1, ordering: .sequentiallyConsistent)
            topic.publish()
        }

        func respond(to request: Request) -> Answer {
            look(Int(request.path.dropFirst()) ?? 0, until: .now + patience, isLast: false)
        }

        private func look(_ wanted: Int, until deadline: Instant, isLast: Bool) -> Answer {
            looks.add(1, ordering: .relaxed)
            let version = topic.version
            let now = number.load(ordering: .sequentiallyConsistent)
            if now > wanted || isLast { return .ready(.text("\(now)")) }
            return .parked(
                ParkedRequest(topic: topic, version: version, deadline: deadline) {
                    self.look(wanted, until: deadline, isLast: $0)
                })
        }

        func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
            .plain(failure)
        }
    }

    @Test("a parked request is answered after the change that it waits for, not after an earlier one")
    func answered() async throws {
        let board = Board()
        try await withServer(board) { server, port in
            let client = HTTPClient(port: port)
            try await client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n")
            try await until { server.statistics.parkedRequests != 0 }
            board.grow()
            try await until { board.looks.load(ordering: .relaxed) >= 2 }
            board.grow()
            #expect(try await client.readReply().text == "2")
            try await until { server.statistics.parkedRequests == 0 }
            try await until { !board.topic.isAwaited }
            #expect(try await client.request(.get, "/0").text == "2")
        }
    }

    @Test("a change between the check and the parking is never missed (lost wake-up)")
    func noGap() async throws {
        let board = Board()
        try await withServer(board) { _, port in
            let client = HTTPClient(port: port)
            for number in 0..<500 {
                async let growth: Void = board.grow()
                let reply = try await client.request(.get, "/\(number)")
                #expect(reply.text == "\(number + 1)")
                await growth
            }
        }
    }

    @Test("at the deadline the current state is sent")
    func timesOut() async throws {
        try await withServer(Board(patience: .milliseconds(300))) { server, port in
            let reply = try await HTTPClient(port: port).request(.get, "/7")
            #expect(reply.text == "0")
            try await until { server.statistics.parkedRequests == 0 }
        }
    }

    @Test("a client that disconnects leaks nothing")
    func leaves() async throws {
        let board = Board()
        try await withServer(board) { server, port in
            let client = HTTPClient(port: port)
            try await client.send("GET /0 HTTP/1.1\r\nHost: x\r\n\r\n")
            try await until { server.statistics.parkedRequests != 0 }
            client.close()
            try await until { !board.topic.isAwaited }
            try await until { server.statistics.parkedRequests == 0 }
        }
    }

    @Test("a graceful shutdown answers parked requests")
    func stops() async throws {
        try await withServer(Board()) { server, port in
            let client = HTTPClient(port: port)
            try await client.send("GET /0 HTTP/1.1\r\nHost: x\r\n\r\n")
            try await until { server.statistics.parkedRequests != 0 }
            let stop = await server.beginStop()
            let reply = try await client.readReply()
            #expect(reply.text == "0")
            #expect(reply.header("Connection") == "close")
            client.close()
            await stop.value
        }
    }
}
