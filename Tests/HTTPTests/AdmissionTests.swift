// SPDX-License-Identifier: Apache-2.0
import Support
import Synchronization
import Testing

@testable import HTTP

/// Admission control for large bodies, and the limit on memory held for clients.
@Suite("Admission and memory")
struct AdmissionTests {
    /// Responds to every request with the size of its body, after a decision on whether to admit it.
    private struct AdmissionResponder: Responder {
        let asked = Tally()
        let admission: @Sendable (Request) -> Admission

        func admit(_ request: Request) -> Admission {
            asked.count(request.body.count)
            return admission(request)
        }

        func respond(to request: Request) -> Answer { .ready(.text("\(request.body.count)")) }

        func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
            .plain(failure)
        }
    }

    private final class Tally: Sendable {
        private let bodies = Mutex<[Int]>([])
        var times: Int { bodies.withLock { $0.count } }
        func count(_ bytes: Int) { bodies.withLock { $0.append(bytes) } }
    }

    private static let refusal = Response.text("not from you", .unauthorized)

    private static func head(_ fields: String) -> String { "POST / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n" }

    @Test(
        "Large bodies need admission before they are read, small ones do not; decided at once or asynchronously",
        arguments: [
            (16 * 1_024, 0), (16 * 1_024 + 1, 1), (1_024 * 1_024, 1),
        ])
    func asked(bytes: Int, times: Int) async throws {
        for later in [false, true] {
            let door = AdmissionResponder { _ in later ? .pending(on: nil) { .admitted } : .admitted }
            try await withServer(door) { server, port in
                let client = HTTPClient(port: port)
                for _ in 0..<2 {
                    let reply = try await client.request(
                        .post, "/", body: [UInt8](repeating: 1, count: bytes))
                    #expect(reply.status == 200 && reply.text == "\(bytes)")
                }
                #expect(door.asked.times == times * 2)
                #expect(server.statistics.acceptedConnections == 1)
                // What a response held is released once it is sent, when the client has it already.
                try await until { server.statistics.heldBytes == 0 }
            }
        }
    }

    @Test(
        "A refused body is answered before it arrives, and the connection closes",
        arguments: [false, true])
    func refused(later: Bool) async throws {
        let door = AdmissionResponder { _ in
            later ? .pending(on: nil) { .refused(Self.refusal) } : .refused(Self.refusal)
        }
        try await withServer(door) { _, port in
            for framing in ["Content-Length: 1000000", "Transfer-Encoding: chunked"] {
                let client = HTTPClient(port: port)
                try await client.send(Self.head(framing + "\r\nExpect: 100-continue"))
                let reply = try await client.readReply()
                #expect(reply.status == 401 && reply.text == "not from you")
                #expect(reply.header("Connection") == "close")
                #expect(try await client.readToEnd().isEmpty)
            }
        }
    }

    @Test("An admitted client that expects 100-continue gets it")
    func continues() async throws {
        let door = AdmissionResponder { _ in .pending(on: nil) { .admitted } }
        try await withServer(door) { _, port in
            let client = HTTPClient(port: port)
            try await client.send(Self.head("Transfer-Encoding: chunked\r\nExpect: 100-continue"))
            #expect(try await client.readHead().status == 100)
            try await client.send("3\r\nabc\r\n0\r\n\r\n")
            #expect(try await client.readReply().text == "3")
        }
    }

    @Test("A limited body may be as large as one without admission, and no larger")
    func limited() async throws {
        try await withServer(AdmissionResponder { _ in .limited }) { _, port in
            let client = HTTPClient(port: port)
            try await client.send(Self.head("Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\n\r\n")
            #expect(try await client.readReply().text == "3")
            try await client.send(Self.head("Transfer-Encoding: chunked") + "4001\r\n")
            #expect(try await client.readReply().status == 413)
            let other = HTTPClient(port: port)
            try await other.send(Self.head("Content-Length: 16385"))
            #expect(try await other.readReply().status == 413)
        }
    }

    @Test(
        "Over the memory limit, large bodies and responses are refused; small ones and those in progress are not"
    )
    func full() async throws {
        var limits = Limits.patient
        limits.heldBytes = 100_000
        limits.stallTimeUnderPressure = .seconds(300)
        let responder = ClosureResponder { request in
            request.method == .get && request.path == "/large"
                ? .ready(Response(.ok, body: [UInt8](repeating: 1, count: 70_000)))
                : .ready(.text("\(request.body.count)"))
        }
        try await withServer(responder, limits: limits) { server, port in
            let holder = HTTPClient(port: port)
            try await holder.send(Self.head("Content-Length: 110000"))
            try await holder.send([UInt8](repeating: 1, count: 100_000))
            try await until { server.statistics.heldBytes >= 100_000 }

            let other = HTTPClient(port: port)
            #expect(try await other.request(.post, "/", body: [1, 2, 3]).text == "3")
            #expect(try await other.request(.get, "/large").status == 503)
            // The write has been carried out, so its response is sent whatever its size.
            #expect(try await other.request(.post, "/large").status == 200)
            #expect(
                try await other.request(.post, "/", body: [UInt8](repeating: 1, count: 20_000)).status == 503)
            // The rest of the first body would add to it.
            try await holder.send([1])
            #expect(try await holder.readReply().status == 503)
            try await until { server.statistics.heldBytes == 0 }
            #expect(try await HTTPClient(port: port).request(.get, "/large").status == 200)
        }
    }

    @Test("Over the memory limit, stalled clients are shed after a while")
    func givesWay() async throws {
        var limits = Limits.patient
        limits.heldBytes = 100_000
        limits.stallTimeUnderPressure = .milliseconds(300)
        let responder = ClosureResponder { _ in
            .ready(Response(.ok, body: [UInt8](repeating: 1, count: 20_000_000)))
        }
        let stalled = Signal()
        try await withServer(
            responder, limits: limits, onEvent: { if case .writeStalled = $0 { stalled.give() } }
        ) {
            server, port in
            let reader = HTTPClient(port: port)
            try await reader.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await stalled.wait()
            while server.statistics.openConnections > 0 { try await Task.sleep(for: .milliseconds(5)) }
            try await until { server.statistics.heldBytes == 0 }
        }
    }

    @Test("Over the memory limit, a slow body is shed too")
    func slowBody() async throws {
        var limits = Limits.patient
        limits.heldBytes = 30_000
        limits.stallTimeUnderPressure = .milliseconds(300)
        try await withServer(ClosureResponder { .ready(.text("\($0.body.count)")) }, limits: limits) {
            server, port in
            let client = HTTPClient(port: port)
            try await client.send(Self.head("Content-Length: 1000000"))
            try await client.send([UInt8](repeating: 1, count: 40_000))
            #expect(try await client.readReply().status == 503)
            try await until { server.statistics.heldBytes == 0 }
        }
    }
}
