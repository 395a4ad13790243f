// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support

/// OpenSSL's test server, with a certificate for `localhost` that is its own authority.
final class TLSServer: Sendable {
    private let folder: TemporaryFolder
    private let id: pid_t
    let port: UInt16
    var certificate: String { folder.file("certificate.pem") }

    /// Starts it on 127.0.0.1, with these options of `openssl s_server`.
    ///
    /// - Parameter files: what it sends with `-HTTP`, head and body, by their names.
    init(_ options: String = "-www", files: [String: String] = [:]) async throws {
        let folder = try TemporaryFolder()
        for (name, text) in files {
            try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
        }
        let log = folder.file("log")
        let files = "'\(folder.file("key.pem"))' -out '\(folder.file("certificate.pem"))'"
        let make = """
            exec openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
            -addext subjectAltName=DNS:localhost -keyout \(files) >'\(log)' 2>&1
            """
        let serve = """
            cd '\(folder.path)' && exec openssl s_server -accept 127.0.0.1:0 -key '\(folder.file("key.pem"))' \
            -cert '\(folder.file("certificate.pem"))' \(options) >'\(log)' 2>&1 </dev/null
            """
        var status: Int32 = 0
        waitpid(try Self.spawn(make), &status, 0)
        guard status == 0 else { throw Failure(log: Self.contents(of: log)) }
        id = try Self.spawn(serve)
        self.folder = folder
        port = try await Self.port(in: log)
    }

    deinit {
        // Threads of Dispatch block other signals, and so do the programs that they start.
        kill(id, SIGKILL)
        waitpid(id, nil, 0)
    }

    private static func contents(of file: String) -> String {
        (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    }

    private static func port(in log: String) async throws -> UInt16 {
        var port: UInt16?
        try await until {
            let line = contents(of: log).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .first { $0.hasPrefix("ACCEPT ") }
            port = line?.split(separator: ":").last.flatMap { UInt16($0) }
            return port != nil
        }
        return port ?? 0
    }

    /// Has the shell run the command, with none of this process's descriptors but the standard ones.
    private static func spawn(_ command: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Closing one that is not open is ignored.
        for descriptor: Int32 in 3..<2_048 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        let arguments: [UnsafeMutablePointer<CChar>?] = ["/bin/sh", "-c", command].map { (text: String) in
            strdup(text)
        }
        let environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/local/bin:/usr/bin:/bin")]
        defer { for text in arguments + environment { free(text) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, "/bin/sh", &actions, nil, arguments + [nil], environment + [nil])
        guard code == 0 else { throw Failure(log: String(cString: strerror(code))) }
        return id
    }

    struct Failure: Error {
        let log: String
    }
}
