// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support

/// The program as a separate process: `wireroom serve` on a free port.
///
/// Started by `posix_spawn`: Foundation's `Process` makes out-of-bounds reads when descriptors are opened and closed concurrently,
/// as in parallel tests.
///
/// `@unchecked Sendable`: used by one test at a time.
final class ServerProcess: @unchecked Sendable {
    private let id: pid_t
    private let output: FileHandle
    private var hasEnded = false
    /// The port that it listens on.
    let port: UInt16

    /// Starts a server and waits for its ready line.
    static func start(
        database: String, environment: [String: String] = [:], options: [String] = []
    ) async throws -> ServerProcess {
        try await besidePool {
            try ServerProcess(["serve", "--database", database, "--port", "0"] + options, environment)
        }
    }

    private init(_ arguments: [String], _ environment: [String: String]) throws {
        (id, output) = try Self.spawn(arguments, environment)
        port = try Self.port(in: output)
    }

    deinit {
        if !hasEnded { end(by: SIGKILL) }
    }

    /// Runs blocking work outside the cooperative thread pool, which all tests share.
    private static func besidePool<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { @Sendable in
                continuation.resume(with: Swift.Result { try work() })
            }
        }
    }

    /// The program built with the tests, in the same folder.
    static var program: URL {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("wireroom")
    }

    /// Kills the process without any cleanup, like a crash: nothing is flushed or closed.
    func kill() async throws {
        _ = try await Self.besidePool { self.end(by: SIGKILL) }
    }

    /// Requests a graceful shutdown, and returns the exit code.
    func terminate() async throws -> Int32 {
        try await Self.besidePool { self.end(by: SIGTERM) }
    }

    /// The output since the ready line; to be read after the process has ended.
    func rest() throws -> String { String(decoding: try output.readToEnd() ?? .init(), as: UTF8.self) }

    @discardableResult
    private func end(by signal: Int32) -> Int32 {
        Foundation.kill(id, signal)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        hasEnded = true
        return status & 0x7F == 0 ? status >> 8 : -1
    }

    /// Starts the program with its output in a pipe and all other inherited descriptors closed.
    private static func spawn(
        _ arguments: [String], _ environment: [String: String]
    ) throws -> (pid_t, FileHandle) {
        let pipe = Pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipe.fileHandleForWriting.fileDescriptor, 1)
        // Closing one that is not open is ignored.
        for descriptor: Int32 in 3..<2_048 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var id: pid_t = 0
        let path = program.path
        let code = withCStrings([path] + arguments) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&id, path, &actions, nil, arguments, environment)
            }
        }
        guard code == 0 else { throw ServerDied(output: String(cString: strerror(code))) }
        try pipe.fileHandleForWriting.close()
        return (id, pipe.fileHandleForReading)
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }

    private static func port(in output: FileHandle) throws -> UInt16 {
        var text = ""
        while true {
            let bytes = output.availableData
            guard !bytes.isEmpty else { throw ServerDied(output: text) }
            text += String(decoding: bytes, as: UTF8.self)
            guard let ready = text.split(separator: "\n").first(where: { $0.contains(" ready at http://") }),
                text.hasSuffix("\n")
            else { continue }
            let address = ready.split(separator: " ").first { $0.hasPrefix("http://") } ?? ""
            guard let port = address.split(separator: ":").last.flatMap({ UInt16($0) }) else { continue }
            return port
        }
    }
}

/// The server ended before it was ready.
struct ServerDied: Error {
    let output: String
}
