// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

@testable import HTTP

/// Files sent over real sockets.
@Suite("Sending files")
struct FileSendingTests {
    /// A folder with one file of pseudo-random bytes, and a responder that serves it below `/file` and text elsewhere.
    private struct Fixture {
        let folder: TemporaryFolder
        let bytes: [UInt8]

        init(size: Int) throws {
            folder = try TemporaryFolder()
            var chance = SeededGenerator(seed: 7)
            bytes = (0..<(size + 7) / 8).flatMap { _ in
                withUnsafeBytes(of: UInt64.random(in: 0...(.max), using: &chance)) { Array($0) }
            }.dropLast((8 - size % 8) % 8)
            try Data(bytes).write(to: URL(filePath: path))
        }

        var path: String { folder.file("file") }

        var responder: ClosureResponder {
            ClosureResponder { [path] request in
                guard request.path == "/file" else { return .ready(.text("text of \(request.path)")) }
                return .pending {
                    do {
                        return .ready(
                            try .file(
                                FileBody(path: path), type: "image/png", etag: "\"e\"",
                                cacheControl: "max-age=1", for: request))
                    } catch {
                        return .ready(.text("\(error)", .internalServerError))
                    }
                }
            }
        }
    }

    private static let get = "GET /file HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test("A file of any size arrives whole, with its head", arguments: [0, 1, 150_000, 3_000_000])
    func whole(size: Int) async throws {
        let fixture = try Fixture(size: size)
        try await withServer(fixture.responder) { server, port in
            let client = HTTPClient(port: port)
            for _ in 0..<3 {
                let reply = try await client.request(.get, "/file")
                #expect(reply.status == 200 && reply.body == fixture.bytes)
                #expect(reply.header("Content-Length") == "\(size)" && reply.header("ETag") == "\"e\"")
                #expect(reply.header("Content-Type") == "image/png")
                let head = try await client.request(.head, "/file")
                #expect(head.status == 200 && head.header("Content-Length") == "\(size)")
                #expect(head.headers.map(\.name) == reply.headers.map(\.name))
            }
            #expect(server.statistics.acceptedConnections == 1)
            // What a response held is released once it is sent, when the client has it already.
            try await until { server.statistics.heldBytes == 0 }
            try await until { OpenDescriptors.ofFiles(below: fixture.folder.path) == 0 }
        }
    }

    @Test("Parts are sent with their place, and 304 without a body")
    func parts() async throws {
        let fixture = try Fixture(size: 300_000)
        try await withServer(fixture.responder) { _, port in
            let client = HTTPClient(port: port)
            for range in [0..<1, 299_999..<300_000, 1000..<290_001] {
                let field = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
                let reply = try await client.request(.get, "/file", headers: [("Range", field)])
                #expect(reply.status == 206 && reply.body == Array(fixture.bytes[range]))
                #expect(
                    reply.header("Content-Range")
                        == "bytes \(range.lowerBound)-\(range.upperBound - 1)/300000")
            }
            let same = try await client.request(.get, "/file", headers: [("If-None-Match", "\"e\"")])
            #expect(same.status == 304 && same.body.isEmpty && same.header("Content-Length") == nil)
            #expect(try await client.request(.get, "/text").text == "text of /text")
        }
    }

    @Test("Pipelined requests before and after a file are answered in order, exactly")
    func pipelined() async throws {
        let fixture = try Fixture(size: 1_000_000)
        try await withServer(fixture.responder) { server, port in
            let client = HTTPClient(port: port)
            let text = { (name: String) in "GET /\(name) HTTP/1.1\r\nHost: x\r\n\r\n" }
            let head = Self.get.replacing("GET", with: "HEAD")
            try await client.send(text("a") + Self.get + text("b") + head + Self.get + Self.get + text("c"))
            #expect(try await client.readReply().text == "text of /a")
            #expect(try await client.readReply().body == fixture.bytes)
            #expect(try await client.readReply().text == "text of /b")
            #expect(try await client.readReply(toHead: true).header("Content-Length") == "1000000")
            #expect(try await client.readReply().body == fixture.bytes)
            #expect(try await client.readReply().body == fixture.bytes)
            #expect(try await client.readReply().text == "text of /c")
            #expect(server.statistics.acceptedConnections == 1)
        }
    }

    @Test("Readers who do not read hold neither the worker nor memory")
    func slowReaders() async throws {
        let fixture = try Fixture(size: 30_000_000)
        try await withServer(fixture.responder, workers: 1) { server, port in
            let readers = (0..<20).map { _ in HTTPClient(port: port) }
            for reader in readers { try await reader.send(Self.get) }
            try await until { OpenDescriptors.ofFiles(below: fixture.folder.path) == 20 }
            let other = HTTPClient(port: port)
            for _ in 0..<20 { #expect(try await other.request(.get, "/x").text == "text of /x") }
            #expect(server.statistics.heldBytes < 100_000)
            for reader in readers { reader.close() }
            try await until { OpenDescriptors.ofFiles(below: fixture.folder.path) == 0 }
        }
    }

    @Test("A reader who does not read is closed after a while")
    func stalledReader() async throws {
        let fixture = try Fixture(size: 30_000_000)
        var limits = Limits.patient
        limits.stalledWriteTime = .milliseconds(500)
        let stalled = Signal()
        try await withServer(
            fixture.responder, limits: limits, onEvent: { if case .writeStalled = $0 { stalled.give() } }
        ) { server, port in
            let reader = HTTPClient(port: port)
            try await reader.send(Self.get)
            await stalled.wait()
            try await until { server.statistics.openConnections == 0 }
            try await until { OpenDescriptors.ofFiles(below: fixture.folder.path) == 0 }
        }
    }

    @Test("A client that leaves in the middle costs neither a descriptor nor the process (SIGPIPE)")
    func leaving() async throws {
        let fixture = try Fixture(size: 30_000_000)
        try await withServer(fixture.responder) { server, port in
            for abort in [false, true, false, true] {
                let client = HTTPClient(port: port)
                try await client.send(Self.get)
                #expect(try await client.readHead().status == 200)
                client.close(abort: abort)
            }
            try await until { server.statistics.openConnections == 0 }
            try await until { OpenDescriptors.ofFiles(below: fixture.folder.path) == 0 }
            #expect(try await HTTPClient(port: port).request(.get, "/x").status == 200)
        }
    }

    @Test("A file that gets shorter while it is sent closes the connection, and is reported")
    func truncated() async throws {
        let fixture = try Fixture(size: 30_000_000)
        let reported = Signal()
        try await withServer(
            fixture.responder, onEvent: { if case .fileFailed = $0 { reported.give() } }
        ) { server, port in
            let client = HTTPClient(port: port)
            try await client.send(Self.get)
            #expect(try await client.readHead().header("Content-Length") == "30000000")
            #expect(truncate(fixture.path, 1000) == 0)
            #expect(try await client.readToEnd().count < 30_000_000)
            await reported.wait()
            try await until { server.statistics.openConnections == 0 }
        }
    }

    @Test("The bytes of a file are counted for access logs and metrics, and none for HEAD and 304")
    func counted() async throws {
        let fixture = try Fixture(size: 200_000)
        let book = ExchangeBook()
        try await withServer(fixture.responder, onExchange: { book.note($0) }) { server, port in
            let client = HTTPClient(port: port)
            _ = try await client.request(.get, "/file")
            _ = try await client.request(.head, "/file")
            _ = try await client.request(.get, "/file", headers: [("Range", "bytes=0-9")])
            _ = try await client.request(.get, "/file", headers: [("If-None-Match", "*")])
            try await until { book.bodyBytes.count == 4 }
            #expect(book.bodyBytes == [200_000, 0, 10, 0])
            try await until { server.statistics.bytesSent > 200_010 }
        }
    }

    @Test("On shutdown a file is sent to its end")
    func shutdown() async throws {
        let fixture = try Fixture(size: 20_000_000)
        try await withServer(fixture.responder) { server, port in
            let client = HTTPClient(port: port)
            try await client.send(Self.get)
            #expect(try await client.readHead().status == 200)
            let stop = await server.beginStop()
            #expect(try await client.readToEnd() == fixture.bytes)
            await stop.value
        }
    }
}
