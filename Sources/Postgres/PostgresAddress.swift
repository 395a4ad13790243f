// SPDX-License-Identifier: Apache-2.0
internal import CPostgres
public import Database

/// The address of a PostgreSQL database: a connection URI of libpq, `postgres://user@host1,host2/name?sslmode=verify-full`. What it does
/// not name, libpq takes from the environment (`PGUSER`, `PGSSLROOTCERT`, …) and from `~/.pgpass`.
public struct PostgresAddress: Hashable, Sendable, CustomStringConvertible {
    private let uri: String

    /// Returns the address if the text begins like one: `postgres://` or `postgresql://`.
    public init?(_ text: String) {
        // ascii: a scheme
        guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else { return nil }
        uri = text
    }

    /// The address without its password, for messages.
    public var description: String {
        var bytes = Array(uri.utf8)
        // A password in the authority: `postgres://user:password@host`.
        if let scheme = uri.utf8.firstIndex(of: UInt8(ascii: "/")) {
            let start = uri.utf8.distance(from: uri.utf8.startIndex, to: scheme) + 2
            let end =
                bytes[start...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
                ?? bytes.count
            if let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")),
                let colon = bytes[start..<at].firstIndex(of: UInt8(ascii: ":"))
            {
                bytes.removeSubrange(colon..<at)
            }
        }
        // Parameters may hold a password, too.
        if let query = bytes.firstIndex(of: UInt8(ascii: "?")) { bytes.removeSubrange(query...) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What an address may override. A server that cannot be reached is noticed within 10 s or so; of several hosts, the primary is used.
    private static let defaults = [
        ("fallback_application_name", "wireroom"), ("connect_timeout", "5"), ("keepalives_idle", "5"),
        ("keepalives_interval", "2"), ("keepalives_count", "3"), ("tcp_user_timeout", "10000"),
        ("target_session_attrs", "read-write"),
    ]

    /// Connects, or throws if libpq cannot be loaded. The caller checks the status of the connection.
    func connect() throws(DatabaseError) -> OpaquePointer {
        try Self.load()
        let pairs = Self.defaults + [("dbname", uri), ("client_encoding", "UTF8")]
        let made = withCStrings(pairs.map(\.0)) { names in
            withCStrings(pairs.map(\.1)) { values in cpostgres_connect(names, values) }
        }
        guard let made else { throw DatabaseError(connection: nil) }
        return made
    }

    /// Loads libpq.
    public static func load() throws(DatabaseError) {
        guard let reason = cpostgres_load() else { return }
        throw DatabaseError(
            .cannotOpen,
            message:
                "PostgreSQL needs the client library libpq, Debian package libpq5: \(String(cString: reason))",
            origin: "libpq")
    }
}

/// Calls the body with a list of C strings that ends with null.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    let bytes = texts.map { Array($0.utf8CString) }
    func nest(_ index: Int, _ pointers: [UnsafePointer<CChar>?]) -> Result {
        guard index < bytes.count else {
            return (pointers + [nil]).withUnsafeBufferPointer { body($0.baseAddress) }
        }
        return bytes[index].withUnsafeBufferPointer { nest(index + 1, pointers + [$0.baseAddress]) }
    }
    return nest(0, [])
}
