internal import CSQLite

/// What SQLite says when it will not.
public struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The extended result code (sqlite.org, "Result and Error Codes").
    public let extendedCode: Int32
    /// SQLite's own words, for the operator.
    public let message: String

    /// An error of this code.
    public init(extendedCode: Int32, message: String) {
        self.extendedCode = extendedCode
        self.message = message
    }

    /// The result codes that programs tell apart.
    public enum Code: Sendable {
        case busy, full, readOnly, corrupt, notADatabase, constraint, cannotOpen, ioError, other
    }

    /// The primary code, which is the low byte of the extended one.
    public var code: Code {
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

    /// The text form.
    public var description: String {
        "\(message) (SQLite code \(extendedCode))"
    }
}
