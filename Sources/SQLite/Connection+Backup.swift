// SPDX-License-Identifier: Apache-2.0
internal import CSQLite
public import Database

extension Connection {
    /// Online backup: copies a snapshot of the whole database into the database open in `target`, replacing its content.
    ///
    /// In one step, because a stepwise backup restarts whenever another process writes. With WAL it is an ordinary reader, which
    /// blocks no writer.
    public func copy(to target: Connection) throws(DatabaseError) {
        guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw target.lastError
        }
        let result = sqlite3_backup_step(backup, -1)
        let end = sqlite3_backup_finish(backup)
        guard result == SQLITE_DONE, end == SQLITE_OK else {
            throw DatabaseError(
                sqlite: result == SQLITE_DONE ? end : result, message: target.lastError.message)
        }
    }

    private var lastError: DatabaseError {
        DatabaseError(
            sqlite: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)))
    }
}
