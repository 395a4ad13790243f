// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import Support
import Testing

@testable import Wireroom

@Suite("Health")
struct HealthTests {
    private static func check(_ arguments: String...) async -> CommandError? {
        do throws(CommandError) {
            let parsed = try Arguments(arguments, for: HealthCommand.self, Environment { _ in nil })
            try await HealthCommand(parsed).run()
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "The command succeeds if /healthz is answered 200",
        arguments: [
            ("127.0.0.1", 200, true), ("0.0.0.0", 200, true), ("localhost", 200, true),
            ("127.0.0.1", 503, false),
            ("127.0.0.1", 204, false), ("127.0.0.1", 302, false),
        ])
    func health(host: String, status: Int, isAlive: Bool) async throws {
        let server = Server(
            configuration: ServerConfiguration(port: 0, workers: 1), responder: Health(status: Status(status))
        )
        let port = try #require(try server.start().first?.port)
        let error = await Self.check("--host", host, "--port", "\(port)")
        #expect((error == nil) == isAlive, "\(error?.message ?? "")")
        if let error {
            #expect(error.exitCode == 1 && error.message.hasSuffix("port \(port) responded \(status)"))
        }
        await server.stop(within: .seconds(1))
    }

    @Test("Where nobody listens, the command fails and says so", arguments: ["127.0.0.1", "::1", "::"])
    func nobody(host: String) async throws {
        let error = try #require(await Self.check("--host", host, "--port", "1"))
        #expect(error.exitCode == 1)
        #expect(error.message.hasPrefix("wireroom: no connection to "), "\(error.message)")
    }

    /// The loader tries the folders of LD_LIBRARY_PATH first, and this file is no library.
    @Test(
        "Without libcurl, what needs it names the package, and nothing else needs it",
        arguments: [
            ("health", false), ("serve --port 0 --database :none: --purge-url http://127.0.0.1", false),
            ("--version", true), ("health --help", true),
        ])
    func missingLibrary(command: String, succeeds: Bool) throws {
        let folder = try TemporaryFolder()
        try "none".write(toFile: folder.file("libcurl.so.4"), atomically: true, encoding: .utf8)
        let line = "LD_LIBRARY_PATH='\(folder.path)' '\(ServerProcess.program.path)' \(command) 2>&1"
        let pipe = try #require(popen(line, "r"))
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, pipe)
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        let status = pclose(pipe)
        #expect((status == 0) == succeeds, "\(text)")
        #expect(text.contains("the Debian package libcurl4 has") != succeeds, "\(text)")
    }
}

/// A server of which only the status of one path is known.
private struct Health: Responder {
    let status: Status

    func respond(to request: Request) -> Answer {
        .ready(Response("\(request.method) \(request.target)" == "GET /healthz" ? status : .notFound))
    }

    func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        Response(failure.status)
    }
}
