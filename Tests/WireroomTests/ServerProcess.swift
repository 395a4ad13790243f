import Foundation
import Support

/// The program as a process of its own: `wireroom serve` on a free port.
final class ServerProcess {
    private let process = Process()
    private let output = Pipe()
    /// The port that it serves.
    let port: UInt16

    /// Starts a server and waits for its ready line.
    init(database: String, environment: [String: String] = [:], options: [String] = []) throws {
        process.executableURL = Self.program
        process.arguments = ["serve", "--database", database, "--port", "0"] + options
        process.environment = environment
        process.standardOutput = output
        try process.run()
        port = try Self.port(in: output.fileHandleForReading)
    }

    deinit {
        if process.isRunning { kill() }
    }

    /// The program that was built with the tests: it lies beside them.
    static var program: URL {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("wireroom")
    }

    /// Ends it as a power cut would: nothing is flushed, nothing is closed.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to stop, and gives its exit code.
    func terminate() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
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
