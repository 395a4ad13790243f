// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Migrations
public import Postgres
public import StoryTables

extension PostgresEngine {
    /// Checks every rule of a database on one snapshot, without changing it; nodes may be serving it. The pages of its files are checked
    /// by PostgreSQL's own `pg_amcheck`.
    public static func verify(_ address: PostgresAddress) throws(StoreOpeningError) -> VerificationReport {
        let (connection, name) = (PostgresConnection(address), address.description)
        connection.preparesStatements = false
        let applied = try Migrator(path: name, database: connection, migrations: Migrations.postgres).status()
        let schema = (applied.filter { $0.appliedAt != nil }.count, applied.count)
        guard schema.0 > 0 else { throw .notWireroom(path: name) }
        return try opening(name) { () throws(DatabaseError) in
            try connection.run(connection.dialect.beginReading)
            var report = VerificationReport(
                contents: try StoreContents(bytes: try connection.byteCount(), count: connection.count),
                schema: schema, errors: [])
            if schema.0 == schema.1 { report.errors = try StoreRules.faults(in: connection) }
            try connection.run("COMMIT")
            return report
        }
    }
}

extension PostgresConnection {
    fileprivate func count(_ table: String) throws(DatabaseError) -> Int {
        try first("SELECT count(*) FROM \(table)") { Int($0.integer()) } ?? 0
    }

    fileprivate func byteCount() throws(DatabaseError) -> Int {
        try first("SELECT pg_database_size(current_database())") { Int($0.integer()) } ?? 0
    }
}
