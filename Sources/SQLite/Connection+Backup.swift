internal import CSQLite
public import Database

extension Connection {
    /// Copies the whole database, as it is at this moment, into the database that `target` has open, whose content is lost.
    ///
    /// In one step: in slices it would begin anew whenever another process has written in between. With a write-ahead log it is a
    /// read like any other, which holds no writer up.
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
