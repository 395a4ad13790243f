// SPDX-License-Identifier: Apache-2.0
internal import CSQLite
public import Database

extension DatabaseError {
    /// Maps an extended result code (sqlite.org/rescode.html).
    public init(sqlite extendedCode: Int32, message: String) {
        self.init(Code(sqlite: extendedCode), message: message, origin: "SQLite code \(extendedCode)")
    }
}

extension DatabaseError.Code {
    /// By the primary code, the low byte of the extended one.
    fileprivate init(sqlite extendedCode: Int32) {
        self =
            switch extendedCode & 0xFF {
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_FULL: .full
            case SQLITE_READONLY, SQLITE_PERM: .readOnly
            case SQLITE_CORRUPT: .corrupt
            case SQLITE_NOTADB: .notADatabase
            case SQLITE_CONSTRAINT: .constraint
            case SQLITE_CANTOPEN: .cannotOpen
            case SQLITE_IOERR: .ioError
            default: .other
            }
    }
}
