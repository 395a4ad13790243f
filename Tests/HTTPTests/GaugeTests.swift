// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import HTTP

@Suite("Gauges")
struct GaugeTests {
    @Test("a closed connection holds nothing, after any events", arguments: 0..<200)
    func pureLives(_: Int) {
        var chance = SeededGenerator()
        var driver = StateDriver()
        driver.answersAtOnce = .random(using: &chance)
        for _ in 0..<Int.random(in: 1...12, using: &chance) { Self.live(&driver, &chance) }
        driver.state.discard()
        #expect(driver.state.heldBytes == 0, "seed \(chance.seed)")
        // Input sent before the close must not be counted on a later check.
        driver.advance()
        #expect(driver.state.heldBytes == 0 && !driver.state.wantsInput, "seed \(chance.seed)")
    }

    /// One random event of a connection.
    private static func live(_ driver: inout StateDriver, _ chance: inout SeededGenerator) {
        let body = String(repeating: "x", count: .random(in: 0...20_000, using: &chance))
        let post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        switch Int.random(in: 0..<9, using: &chance) {
        case 0: driver.receive(post)
        case 1: driver.receive(post.dropLast(.random(in: 0...post.count, using: &chance)))
        case 2: driver.receive("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab")
        case 3: driver.receive("nonsense\r\n\r\n")
        case 4: driver.state.receiveEnd()
        case 5: driver.state.refuse(.memoryFull)
        case 6: driver.state.outputProgressed(isEmpty: .random(using: &chance), at: driver.now)
        case 7: driver.state.answered(at: driver.now)
        default: driver.pass(.seconds(.random(in: 0...40, using: &chance)))
        }
        driver.advance()
    }

    @Test(
        "after any connections all gauges are zero, and the server still sends large responses and reads large bodies"
    )
    func realLives() async throws {
        var chance = SeededGenerator()
        let topic = Topic()
        try await withServer(Everything(topic: topic), limits: Self.limits) { server, port in
            for _ in 0..<150 { try await ClientScenario(port: port).live(&chance) }
            topic.publish()
            // One after the other: each gauge is a number of its own.
            try await until { server.statistics.openConnections == 0 }
            try await until { server.statistics.heldBytes == 0 }
            try await until { server.statistics.openStreams == 0 && server.statistics.parkedRequests == 0 }
            #expect(server.statistics.gaugeRepairs == 0)
            #expect(!topic.isAwaited)
            let client = HTTPClient(port: port)
            #expect(try await client.request(.get, "/large").body.count == Everything.largeBytes)
            #expect(
                try await client.request(.post, "/", body: [UInt8](repeating: 1, count: 500_000)).text
                    == "500000")
        }
    }

    /// Low limits, so that a leak by a few clients would show in later responses.
    private static var limits: Limits {
        var limits = Limits.patient
        limits.lingerTime = .milliseconds(50)
        limits.heldBytes = 4 << 20
        limits.stallTimeUnderPressure = .milliseconds(300)
        return limits
    }

    @Test("wrong gauges are repaired, and the repair is counted")
    func repairs() {
        let server = ServerGauges(memoryLimit: 100)
        let (leaking, sound) = (WorkerGauges(server), WorkerGauges(server))
        sound.move(from: .none, to: ClientLoad(connections: 1, heldBytes: 20))
        let leak = ClientLoad(connections: 2, heldBytes: 90, streams: 1, parkedRequests: 3)
        leaking.move(from: .none, to: leak)
        #expect(server.isMemoryExceeded)
        #expect(leaking.repair(to: .none) == leak)
        #expect(leaking.load == .none && leaking.repairs == 1)
        #expect(server.connections == 1 && server.heldBytes == 20)
        #expect(sound.repair(to: ClientLoad(connections: 1, heldBytes: 20)) == nil && sound.repairs == 0)
    }
}

/// Returns every kind of response.
private struct Everything: Responder {
    let topic: Topic

    static let largeBytes = 1 << 20

    func respond(to request: Request) -> Answer {
        switch request.path {
        case "/large": .ready(Response(.ok, body: [UInt8](repeating: 1, count: Self.largeBytes)))
        case "/stream": .stream(StreamResponse(topic: topic, body: ScriptedBody([.send([Array("x".utf8)])])))
        case "/later": .pending { .ready(.text("\(request.body.count)")) }
        case "/wait":
            .parked(
                ParkedRequest(topic: topic, version: topic.version, deadline: .never) { _ in .ready(.text(""))
                })
        default: .ready(.text("\(request.body.count)"))
        }
    }

    func admit(_ request: Request) -> Admission { .pending(on: nil) { .admitted } }

    func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response { .plain(failure) }
}

/// A client that makes a random request, reads the response or not, and disconnects in a random way.
private struct ClientScenario {
    let port: UInt16

    func live(_ chance: inout SeededGenerator) async throws {
        let client = HTTPClient(port: port)
        let path = ["/", "/large", "/stream", "/later", "/wait"].randomElement(using: &chance) ?? "/"
        let body = [UInt8](repeating: 1, count: [0, 0, 9, 16_384, 60_000].randomElement(using: &chance) ?? 0)
        let head =
            "\(body.isEmpty ? "GET" : "POST") \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n"
        let all = Array(head.utf8) + body
        let isCut = Int.random(in: 0..<3, using: &chance) == 0
        // The server may have closed the connection after refusing the rest.
        try? await client.send(isCut ? Array(all.dropLast(.random(in: 1...all.count, using: &chance))) : all)
        if !isCut, path != "/wait", .random(using: &chance) { _ = try? await client.readHead() }
        if .random(using: &chance) { client.finishSending() }
        client.close(abort: .random(using: &chance))
    }
}
