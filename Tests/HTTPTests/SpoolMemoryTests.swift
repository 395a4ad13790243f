// SPDX-License-Identifier: Apache-2.0
import Glibc
import Support
import Testing

@testable import HTTP

/// In a process of their own: other tests would disturb the measurement.
@Suite("Memory for uploads")
struct SpoolMemoryTests {
    @Test("Fifty uploads at once are held on disk, not in memory")
    func crowd() async {
        await #expect(processExitsWith: .success) {
            let growth = try await UploadCrowd(isSpooled: true).growth()
            #expect(growth < 64 << 20, "\(growth >> 20) MiB")
        }
    }

    @Test("The measurement notices bodies that are held in memory")
    func control() async {
        await #expect(processExitsWith: .success) {
            let growth = try await UploadCrowd(isSpooled: false).growth()
            #expect(growth > 150 << 20, "\(growth >> 20) MiB")
        }
    }
}

/// Clients who upload at the same time.
private struct UploadCrowd {
    let isSpooled: Bool

    private static let clients = 50
    private static let parts = 16
    private static let part = [UInt8](repeating: 1, count: 256 << 10)
    private static let size = parts * part.count

    /// Bytes by which the process has grown when all uploads lack their last byte, or at most until they are answered.
    func growth() async throws -> Int {
        let fixture = try SpoolFixture(limit: Self.size)
        var limits = Limits.patient
        (limits.bodyBytes, limits.heldBytes) = (Self.size, 1 << 30)
        let memory = ClosureResponder { .ready(.text("\($0.body.count)")) }
        let responder: any Responder = isSpooled ? fixture.router : memory
        var growth = 0
        try await withServer(AnyResponder(responder), limits: limits) { server, port in
            let clients = (0..<Self.clients).map { _ in HTTPClient(port: port) }
            let before = try Self.status("VmRSS:")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in clients { group.addTask { try await Self.sendAllButTheLast(client) } }
                try await group.waitForAll()
            }
            if isSpooled { #expect(server.statistics.spooledBodies == Self.clients) }
            for client in clients {
                try await client.send([1])
                #expect(try await client.readReply().status == 200)
            }
            growth = try Self.status("VmHWM:") - before
        }
        return growth
    }

    private static func sendAllButTheLast(_ client: HTTPClient) async throws {
        try await client.send(SpoolFixture.head("Content-Length: \(size)", path: "/discard"))
        for _ in 1..<parts { try await client.send(part) }
        try await client.send(Array(part.dropLast()))
    }

    /// A number of bytes in `/proc/self/status`.
    private static func status(_ name: String) throws -> Int {
        let file = try FileBody(path: "/proc/self/status")
        var text = [UInt8](repeating: 0, count: 8_192)
        let count = pread(file.descriptor, &text, text.count, 0)
        let line = String(decoding: text[..<count], as: UTF8.self).split(separator: "\n").first {
            $0.hasPrefix(name)
        }
        let kilobytes = try #require(line?.split { " \t".contains($0) }.dropFirst().first)
        return try #require(Int(kilobytes)) * 1_024
    }
}

/// Any responder, where a concrete type is needed.
private struct AnyResponder: Responder {
    let next: any Responder

    init(_ next: any Responder) { self.next = next }

    func respond(to request: Request) -> Answer { next.respond(to: request) }
    func admit(_ request: Request) -> Admission { next.admit(request) }
    func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        next.respond(to: failure, request: request, id: id)
    }
}
