internal import CSQLite

/// A row of a result, read column by column from the left. Valid only inside the closure that it was handed to.
public struct Row {
    private let statement: OpaquePointer
    private var column: Int32 = 0

    init(_ statement: OpaquePointer) {
        self.statement = statement
    }

    /// The next column as an integer; 0 for NULL.
    public mutating func integer() -> Int64 {
        sqlite3_column_int64(statement, next())
    }

    /// The next column as an integer; `nil` for NULL.
    public mutating func optionalInteger() -> Int64? {
        let column = next()
        return isNull(column) ? nil : sqlite3_column_int64(statement, column)
    }

    /// The next column as a truth value.
    public mutating func bool() -> Bool {
        integer() != 0
    }

    /// The next column as text; empty for NULL.
    public mutating func text() -> String {
        text(at: next())
    }

    /// The next column as text; `nil` for NULL.
    public mutating func optionalText() -> String? {
        let column = next()
        return isNull(column) ? nil : text(at: column)
    }

    /// The bytes of the next column, valid inside `body`; none for NULL.
    public mutating func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let column = next()
        let start = sqlite3_column_blob(statement, column)
        return body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    private mutating func next() -> Int32 {
        defer { column += 1 }
        return column
    }

    private func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(statement, column) == SQLITE_NULL
    }

    private func text(at column: Int32) -> String {
        guard let start = sqlite3_column_text(statement, column) else { return "" }
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
        return String(decoding: bytes, as: UTF8.self)
    }
}
