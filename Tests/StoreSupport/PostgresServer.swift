// SPDX-License-Identifier: Apache-2.0
internal import Glibc
public import Postgres

/// A PostgreSQL server for tests, started once for the process and stopped after it.
public struct PostgresServer: Sendable {
    /// The folder of its socket.
    public let folder: String

    /// The server of this process. It does not sync its files: what tests is that of a process that is killed, not of a power loss.
    public static let shared = Result { try PostgresServer(settings: "fsync=off") }

    /// A server that could not be started, and why.
    public struct Failure: Error, CustomStringConvertible {
        /// What the script has said.
        public let description: String
    }

    /// Starts a server with these settings.
    public init(settings: String) throws {
        folder = "/tmp/wireroom-postgres-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let script = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let errors = folder + ".errors"
        let command =
            "WIREROOM_POSTGRES_SETTINGS='\(settings)' '/\(script)/scripts/test-postgres' \(folder) \(getpid()) >/dev/null 2>\(errors)"
        guard system(command) == 0 else {
            throw Failure(description: Self.contents(of: errors))
        }
        unlink(errors)
    }

    /// The location of a schema on this server or, after a fail-over, on another.
    public func location(of schema: String, or other: PostgresServer) -> String {
        "postgres:///postgres?host=\(folder),\(other.folder)&user=wireroom&options=-csearch_path%3D\(schema)"
    }

    /// The location of a schema, which stands for a database of its own: it is created faster.
    public func location(of schema: String) -> String {
        "postgres:///postgres?host=\(folder)&user=wireroom&options=-csearch_path%3D\(schema)"
    }

    /// Creates the schema if it does not exist, and returns its location.
    public func location(_ schema: String) throws -> String {
        _ = try database(schema)
        return location(of: schema)
    }

    /// Creates the schema if it does not exist, and returns its address.
    public func database(_ schema: String) throws -> PostgresAddress {
        guard let address = PostgresAddress(location(of: schema)) else {
            throw Failure(description: "\(location(of: schema)) is no address")
        }
        let connection = PostgresConnection(address)
        try connection.execute("SELECT pg_advisory_lock(1); CREATE SCHEMA IF NOT EXISTS \(schema)")
        return address
    }

    /// Kills the server with all its sessions.
    public func kill() throws { try run("pg_ctl -D \(folder)/data -m immediate stop") }

    /// Kills the server with all its sessions, and starts it again.
    public func crash() throws {
        try kill()
        try run("pg_ctl -D \(folder)/data -w -l \(folder)/log start")
    }

    /// Starts a streaming standby of this server.
    public func standby() throws -> PostgresServer {
        let other = PostgresServer(folder: folder + "/standby")
        try run(
            "pg_basebackup -R -c fast -h \(folder) -U wireroom -D \(other.folder)/data",
            beforehand: "mkdir \(other.folder)")
        try run(
            "pg_ctl -D \(other.folder)/data -w -l \(other.folder)/log start",
            beforehand:
                "echo \"unix_socket_directories = '\(other.folder)'\" >>\(other.folder)/data/postgresql.conf")
        return other
    }

    /// Makes a standby the primary.
    public func promote() throws { try run("pg_ctl -D \(folder)/data -w promote") }

    init(folder: String) { self.folder = folder }

    /// Runs a program of PostgreSQL as the user who owns the files.
    private func run(_ command: String, beforehand: String = "true") throws {
        let script = """
            cd / && pg=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1) && user=
            [ $(id -u) -ne 0 ] || user='setpriv --reuid=postgres --regid=postgres --init-groups'
            $user sh -c '\(beforehand.split(separator: "'").joined(separator: "'\\''"))' && $user $pg/\(command) >/dev/null 2>&1
            """
        guard system(script) == 0 else { throw Failure(description: "\(command) failed") }
    }

    private static func contents(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "the script cannot be run" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
