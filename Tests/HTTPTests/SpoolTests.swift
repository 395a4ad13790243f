// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Support
import Synchronization
import Testing

@testable import HTTP

/// Bodies that are spooled to disk, over real sockets.
@Suite("Spooled bodies")
struct SpoolTests {
    private static func post(_ bytes: [UInt8], isChunked: Bool) -> [UInt8] {
        isChunked
            ? Array(SpoolFixture.head("Transfer-Encoding: chunked").utf8) + SpoolFixture.chunked(bytes)
            : Array(SpoolFixture.head("Content-Length: \(bytes.count)").utf8) + bytes
    }

    @Test(
        "arrive whole on disk, of any size and framing",
        arguments: [0, 1, 16_384, 16_385, 65_536, 98_304, 98_305, 3_000_000], [false, true])
    func whole(size: Int, isChunked: Bool) async throws {
        let (fixture, bytes) = (try SpoolFixture(), SpoolFixture.bytes(size))
        try await withServer(fixture.router) { server, port in
            let client = HTTPClient(port: port)
            for _ in 0..<2 {
                try await client.send(Self.post(bytes, isChunked: isChunked))
                #expect(try await client.readReply().text == SpoolFixture.answer(bytes))
            }
            #expect(server.statistics.acceptedConnections == 1 && fixture.opened.value == 2)
            try await fixture.expectNothingLeft(server)
            try await until { server.statistics.heldBytes == 0 }
        }
    }

    @Test("Requests that are pipelined behind an upload are answered after it", arguments: [false, true])
    func pipelined(isChunked: Bool) async throws {
        let (fixture, bytes) = (try SpoolFixture(), SpoolFixture.bytes(400_000))
        try await withServer(fixture.router) { server, port in
            let client = HTTPClient(port: port)
            let text = Array("GET /text HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
            let upload = Self.post(bytes, isChunked: isChunked)
            try await client.send(
                text + upload + text + Self.post([1, 2], isChunked: isChunked) + upload + text)
            for wanted in [
                "text", SpoolFixture.answer(bytes), "text", SpoolFixture.answer([1, 2]),
                SpoolFixture.answer(bytes), "text",
            ] {
                #expect(try await client.readReply().text == wanted)
            }
            #expect(server.statistics.acceptedConnections == 1)
        }
    }

    @Test("The key is asked for before a byte is read or written", arguments: [3, 16_384, 100_000])
    func unauthorized(size: Int) async throws {
        let fixture = try SpoolFixture()
        try await withServer(fixture.router) { server, port in
            let client = HTTPClient(port: port)
            let head = SpoolFixture.head("Content-Length: \(size)", key: "bad")
            // A small body is read to memory first, as everywhere.
            try await client.send(Array(head.utf8) + (size > 16_384 ? [] : SpoolFixture.bytes(size)))
            #expect(try await client.readReply().status == 401)
            #expect(fixture.opened.value == 0 && server.statistics.spooledBodies == 0)
        }
    }

    @Test("A client that is not admitted may send what needs no admission, and no more")
    func limited() async throws {
        let fixture = try SpoolFixture()
        try await withServer(fixture.router) { _, port in
            let client = HTTPClient(port: port)
            let reply = try await client.request(.post, "/limited", body: SpoolFixture.bytes(16_384))
            #expect(reply.text == "16384")
            try await client.send(SpoolFixture.head("Content-Length: 16385", path: "/limited"))
            #expect(try await client.readReply().status == 413)
        }
    }

    @Test("A body over the limit is refused: by its length before it is read, by its count as it arrives")
    func tooLarge() async throws {
        let fixture = try SpoolFixture(limit: 200_000)
        try await withServer(fixture.router) { server, port in
            let client = HTTPClient(port: port)
            try await client.send(Self.post(SpoolFixture.bytes(200_000), isChunked: false))
            #expect(try await client.readReply().status == 200)
            try await client.send(SpoolFixture.head("Content-Length: 200001\r\nExpect: 100-continue"))
            let reply = try await client.readReply()
            #expect(reply.status == 413 && reply.text == "the body is longer than 200000 bytes")
            #expect(fixture.opened.value == 1)
            try await client.send(Self.post(SpoolFixture.bytes(200_000), isChunked: true))
            #expect(try await client.readReply().status == 200)
            let chunks = SpoolFixture.chunked(SpoolFixture.bytes(200_001))
            try await client.send(Array(SpoolFixture.head("Transfer-Encoding: chunked").utf8) + chunks)
            #expect(try await client.readReply().status == 413)
            #expect(fixture.opened.value == 3)
            try await fixture.expectNothingLeft(server)
        }
    }

    @Test("A small body over the limit is refused, too")
    func smallTooLarge() async throws {
        let fixture = try SpoolFixture(limit: 10)
        try await withServer(fixture.router) { _, port in
            let client = HTTPClient(port: port)
            try await client.send(Self.post(SpoolFixture.bytes(11), isChunked: false))
            #expect(try await client.readReply().status == 413)
            #expect(fixture.opened.value == 0)
        }
    }

    @Test("A client that leaves in the middle leaves nothing", arguments: [false, true])
    func leaving(isChunked: Bool) async throws {
        let fixture = try SpoolFixture()
        let whole = Self.post(SpoolFixture.bytes(500_000), isChunked: isChunked)
        try await withServer(fixture.router) { server, port in
            for cut in [120, 30_000, 100_000, 300_000, whole.count - 1] {
                for end in 0..<3 {
                    let client = HTTPClient(port: port)
                    try await client.send(Array(whole[..<cut]))
                    if cut > 200_000, end == 0 {
                        try await until { OpenDescriptors.ofFiles(below: fixture.folder.path) > 0 }
                    }
                    if end == 2 { client.finishSending() } else { client.close(abort: end == 1) }
                    if end == 2 { #expect(try await client.readToEnd().isEmpty) }
                }
            }
            try await until { server.statistics.openConnections == 0 }
            try await fixture.expectNothingLeft(server)
            #expect(server.statistics.heldBytes == 0 && server.statistics.requests == 0)
        }
    }

    @Test("A malformed chunk ends the upload")
    func malformed() async throws {
        let fixture = try SpoolFixture()
        try await withServer(fixture.router) { server, port in
            let client = HTTPClient(port: port)
            let chunk = Array("13880\r\n".utf8) + SpoolFixture.bytes(80_000)
            try await client.send(
                Array(SpoolFixture.head("Transfer-Encoding: chunked").utf8) + chunk + Array("xx".utf8))
            #expect(try await client.readReply().status == 400)
            try await fixture.expectNothingLeft(server)
        }
    }

    @Test(
        "A disk that is full gives 507, one that fails 503; the operator hears of it, and nothing is left",
        arguments: [(ENOSPC, 507), (EACCES, 503)], [1, 100_000, 1_000_000])
    func failing(failure: (code: Int32, status: Int), size: Int) async throws {
        // /dev/full opens, and refuses to be written.
        let fixture = try SpoolFixture { _ in
            if failure.code == ENOSPC { return open("/dev/full", O_RDWR | O_CLOEXEC) }
            errno = failure.code
            return -1
        }
        let heard = Signal()
        try await withServer(
            fixture.router, onEvent: { if case .spoolFailed = $0 { heard.give() } }
        ) { server, port in
            let client = HTTPClient(port: port)
            try await client.send(Self.post(SpoolFixture.bytes(size), isChunked: false))
            let reply = try await client.readReply()
            #expect(reply.status == failure.status)
            if size > 16_384 {
                await heard.wait()
                #expect(reply.header("Connection") == "close")
                #expect(try await client.readToEnd().isEmpty)
            }
            try await fixture.expectNothingLeft(server)
        }
    }

    @Test("100-continue is sent once the upload is admitted")
    func continues() async throws {
        let fixture = try SpoolFixture()
        try await withServer(fixture.router) { _, port in
            let client = HTTPClient(port: port)
            try await client.send(SpoolFixture.head("Content-Length: 90000\r\nExpect: 100-continue"))
            #expect(try await client.readHead().status == 100)
            try await client.send(SpoolFixture.bytes(90_000))
            #expect(try await client.readReply().text == SpoolFixture.answer(SpoolFixture.bytes(90_000)))
        }
    }

    @Test("More uploads than there may be are refused until there is room again")
    func bounded() async throws {
        let fixture = try SpoolFixture()
        var limits = Limits.patient
        limits.spooledBodies = 2
        try await withServer(fixture.router, limits: limits) { server, port in
            let upload = Self.post(SpoolFixture.bytes(100_000), isChunked: false)
            let clients = (0..<2).map { _ in HTTPClient(port: port) }
            for client in clients { try await client.send(Array(upload.dropLast())) }
            try await until { server.statistics.spooledBodies == 2 }
            let late = HTTPClient(port: port)
            try await late.send(SpoolFixture.head("Content-Length: 100000\r\nExpect: 100-continue"))
            #expect(try await late.readReply().status == 503)
            // Small ones do not count.
            #expect(
                try await late.request(.post, "/upload", headers: [("Authorization", "good")], body: [1])
                    .status == 200)
            for client in clients {
                try await client.send([upload[upload.count - 1]])
                #expect(try await client.readReply().status == 200)
            }
            try await fixture.expectNothingLeft(server)
            try await late.send(upload)
            #expect(try await late.readReply().status == 200)
        }
    }

    @Test(
        "While a write waits for the disk, the worker serves others, and nothing more is read of the upload")
    func backPressure() async throws {
        let disk = DispatchSemaphore(value: 0)
        let folder = try TemporaryFolder()
        let fixture = try SpoolFixture { _ in
            disk.wait()
            return SpoolPolicy(folder: "", limit: 0).open(folder.path)
        }
        let bytes = SpoolFixture.bytes(7_000_000)
        try await withServer(fixture.router, workers: 1) { server, port in
            let uploads = (0..<2).map { _ in HTTPClient(port: port) }
            async let first: Void = uploads[0].send(Self.post(bytes, isChunked: false))
            async let second: Void = uploads[1].send(Self.post(bytes, isChunked: true))
            try await until { fixture.opened.value == 2 }
            let other = HTTPClient(port: port)
            for _ in 0..<50 {
                #expect(try await other.request(.get, "/text").text == "text")
                #expect(server.statistics.heldBytes <= 2 * 128 * 1024)
            }
            disk.signal()
            disk.signal()
            _ = try await (first, second)
            for upload in uploads {
                #expect(try await upload.readReply().text == SpoolFixture.answer(bytes))
            }
        }
    }

    @Test("Over the memory limit an upload that has begun goes on, and none begins")
    func memoryFull() async throws {
        let fixture = try SpoolFixture()
        var limits = Limits.patient
        limits.heldBytes = 30_000
        limits.stallTimeUnderPressure = .zero
        try await withServer(fixture.router, limits: limits) { server, port in
            let client = HTTPClient(port: port)
            let upload = Self.post(SpoolFixture.bytes(1_000_000), isChunked: false)
            try await client.send(Array(upload[..<50_000]))
            try await until { server.statistics.heldBytes >= 30_000 }
            let other = HTTPClient(port: port)
            try await other.send(SpoolFixture.head("Content-Length: 100000"))
            #expect(try await other.readReply().status == 503)
            // Longer than it takes to shed load.
            try await Task.sleep(for: .milliseconds(600))
            try await client.send(Array(upload[50_000...]))
            #expect(try await client.readReply().status == 200)
        }
    }
}
