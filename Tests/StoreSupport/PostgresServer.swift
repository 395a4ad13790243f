// SPDX-License-Identifier: Apache-2.0
internal import Glibc
public import Postgres

/// A PostgreSQL server for tests, started once for the process and stopped after it.
public struct PostgresServer: Sendable {
    /// The folder of its socket.
    public let folder: String

    /// The server of this process. It does not sync its files: what tests is that of a process that is killed, not of a power loss.
    public static let shared = Result { try PostgresServer(options: "-c fsync=off") }

    /// A server that could not be started, and why.
    public struct Failure: Error, CustomStringConvertible {
        /// What the script has said.
        public let description: String
    }

    /// Starts a server with these settings.
    public init(options: String) throws {
        folder = "/tmp/wireroom-postgres-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let script = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let errors = folder + ".errors"
        let command =
            "WIREROOM_POSTGRES_OPTIONS='\(options)' '/\(script)/scripts/test-postgres' \(folder) \(getpid()) >/dev/null 2>\(errors)"
        guard system(command) == 0 else {
            throw Failure(description: Self.contents(of: errors))
        }
        unlink(errors)
    }

    /// The address of a schema, which stands for a database of its own: it is created faster.
    public func address(schema: String) -> PostgresAddress {
        // The text begins with the scheme.
        PostgresAddress(
            "postgres:///postgres?host=\(folder)&user=wireroom&options=-csearch_path%3D\(schema)")!
    }

    /// Creates the schema if it does not exist, and returns its address.
    public func database(_ schema: String) throws -> PostgresAddress {
        let address = address(schema: schema)
        let connection = PostgresConnection(address)
        try connection.execute("SELECT pg_advisory_lock(1); CREATE SCHEMA IF NOT EXISTS \(schema)")
        return address
    }

    private static func contents(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "the script cannot be run" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
