// SPDX-License-Identifier: Apache-2.0
/// The cells of the row that a statement has come to, each named by its place from the left, from 0.
public protocol Cells: AnyObject {
    /// Whether the cell is NULL.
    func isNull(_ column: Int) -> Bool
    /// The cell as an integer; 0 for NULL.
    func integer(_ column: Int) -> Int64
    /// The cell as text; empty for NULL.
    func text(_ column: Int) -> String
    /// The bytes of the cell, valid until the statement goes on; none for NULL.
    func bytes(_ column: Int) -> UnsafeRawBufferPointer
}

/// A row of a result, read column by column from the left. Valid only inside the closure that it was handed to.
public struct Row {
    @usableFromInline let cells: any Cells
    @usableFromInline var column = 0

    /// The row of these cells, before its first column.
    @inlinable
    public init(_ cells: any Cells) { self.cells = cells }

    /// The next column as an integer; 0 for NULL.
    @inlinable
    public mutating func integer() -> Int64 { cells.integer(next()) }

    /// The next column as an integer; `nil` for NULL.
    @inlinable
    public mutating func optionalInteger() -> Int64? {
        let column = next()
        return cells.isNull(column) ? nil : cells.integer(column)
    }

    /// The next column as a truth value.
    @inlinable
    public mutating func bool() -> Bool { integer() != 0 }

    /// The next column as text; empty for NULL.
    @inlinable
    public mutating func text() -> String { cells.text(next()) }

    /// The next column as text; `nil` for NULL.
    @inlinable
    public mutating func optionalText() -> String? {
        let column = next()
        return cells.isNull(column) ? nil : cells.text(column)
    }

    /// The bytes of the next column, valid inside `body`; none for NULL.
    @inlinable
    public mutating func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(cells.bytes(next()))
    }

    @inlinable
    mutating func next() -> Int {
        defer { column += 1 }
        return column
    }
}
