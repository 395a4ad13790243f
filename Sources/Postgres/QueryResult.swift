// SPDX-License-Identifier: Apache-2.0
internal import CPostgres
internal import Database

/// The rows of a query, in PostgreSQL's binary format.
final class QueryResult: Cells {
    private let handle: OpaquePointer
    private let count: Int32
    private var row: Int32 = 0

    init(_ handle: OpaquePointer) {
        self.handle = handle
        count = cpostgres_rows(handle)
    }

    deinit {
        cpostgres_clear(handle)
    }

    /// Calls the body with each row until it returns `false`.
    func forEachRow(_ body: (inout Row) -> Bool) {
        while row < count {
            var cells = Row(self)
            guard body(&cells) else { return }
            row += 1
        }
    }

    /// Number of rows that the statement has changed.
    var changedRows: Int { Int(String(cString: cpostgres_changed_rows(handle))) ?? 0 }

    func isNull(_ column: Int) -> Bool { cpostgres_is_null(handle, row, Int32(column)) != 0 }

    /// Integers of any size, and Booleans: big-endian.
    func integer(_ column: Int) -> Int64 {
        let bytes = bytes(column)
        guard let first = bytes.first, bytes.count <= 8 else { return 0 }
        let isNegative = bytes.count > 1 && first & 0x80 != 0
        return bytes.reduce(isNegative ? -1 : 0) { $0 << 8 | Int64($1) }
    }

    func text(_ column: Int) -> String {
        switch cpostgres_type(handle, Int32(column)) {
        case 20, 21, 23: isNull(column) ? "" : String(integer(column))
        default: String(decoding: bytes(column), as: UTF8.self)
        }
    }

    func bytes(_ column: Int) -> UnsafeRawBufferPointer {
        let length = Int(cpostgres_length(handle, row, Int32(column)))
        return UnsafeRawBufferPointer(start: cpostgres_value(handle, row, Int32(column)), count: length)
    }
}
