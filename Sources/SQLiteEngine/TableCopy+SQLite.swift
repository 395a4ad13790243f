// SPDX-License-Identifier: Apache-2.0
public import Database
public import SQLite
public import Stories
public import StoryTables

extension SQLiteEngine {
    /// Opens a file, which no server may have open meanwhile, for copying its tables from or to it; calls the body with it in a
    /// transaction, which is committed unless the body throws. `creating`: creates and migrates it.
    public static func withTables<Result>(
        _ path: String, creating: Bool, at now: Timestamp,
        _ body: (any CopyableDatabase) throws(StoreOpeningError) -> Result
    ) throws(StoreOpeningError) -> Result {
        let path = try resolve(path, creating: creating)
        let lock = try LockFile(besideDatabase: path)
        defer { withExtendedLifetime(lock) {} }
        let connection: Connection
        if creating {
            connection = try opening(path) { () throws(DatabaseError) in
                try Connection(path: path, mode: .readWrite)
            }
            try Migrator(path: path, on: connection).migrate(at: now.milliseconds)
        } else {
            connection = try openAsItIs(path)
        }
        try opening(path) { () throws(DatabaseError) in
            if creating { try DatabaseEpoch.beginIncarnation(connection) }
            try connection.run("BEGIN")
        }
        let result = try body(connection)
        try opening(path) { () throws(DatabaseError) in try connection.run("COMMIT") }
        return result
    }
}

extension Connection: CopyableDatabase {
    /// As the schema declares them.
    public func columns(of table: String) throws(DatabaseError) -> [CopiedColumn] {
        try rows("SELECT name, type FROM pragma_table_info(?)", table) {
            CopiedColumn(name: $0.text(), type: $0.text())
        }
    }

    /// Nothing: SQLite takes the next key from the table.
    public func finishCopy() throws(DatabaseError) {}
}
