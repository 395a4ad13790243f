// SPDX-License-Identifier: Apache-2.0
internal import CSQLite
internal import Database
internal import Glibc

/// A prepared statement, finalized with its connection.
final class Statement {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        sqlite3_finalize(handle)
    }

    func bind(_ values: [Value]) throws(DatabaseError) {
        var index: Int32 = 0
        for value in values {
            index += 1
            let result = bind(value, at: index)
            guard result == SQLITE_OK else { throw error(result) }
        }
        guard index == sqlite3_bind_parameter_count(handle) else {
            throw DatabaseError(sqlite: SQLITE_RANGE, message: "\(index) values do not fit the statement")
        }
    }

    private func bind(_ value: Value, at index: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let value): sqlite3_bind_int64(handle, index, value)
        case .text(let text): bind(text, at: index)
        case .bytes(let bytes): bytes.withUnsafeBytes { bind($0, at: index) }
        case .sixteenBytes(let high, let low):
            withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bind($0, at: index) }
        }
    }

    private func bind(_ text: String, at index: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                csqlite_bind_text(
                    handle, index, characters.baseAddress ?? Self.emptyText, Int32(bytes.count))
            }
        }
    }

    private func bind(_ bytes: UnsafeRawBufferPointer, at index: Int32) -> Int32 {
        csqlite_bind_blob(handle, index, bytes.baseAddress ?? .init(Self.emptyText), Int32(bytes.count))
    }

    /// A substitute for the null address of an empty buffer, which would bind NULL.
    private nonisolated(unsafe) static let emptyText = UnsafePointer<CChar>(strdup(""))

    /// Advances to the next row; `false` after the last.
    func step() throws(DatabaseError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let result: throw error(result)
        }
    }

    /// Resets the statement and clears its parameters.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    private func error(_ result: Int32) -> DatabaseError {
        DatabaseError(sqlite: result, message: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))))
    }
}

extension Statement: Cells {
    func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(handle, Int32(truncatingIfNeeded: column)) == SQLITE_NULL
    }

    func integer(_ column: Int) -> Int64 {
        sqlite3_column_int64(handle, Int32(truncatingIfNeeded: column))
    }

    func text(_ column: Int) -> String {
        let column = Int32(truncatingIfNeeded: column)
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
        return String(decoding: bytes, as: UTF8.self)
    }

    func bytes(_ column: Int) -> UnsafeRawBufferPointer {
        let column = Int32(truncatingIfNeeded: column)
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }
}
