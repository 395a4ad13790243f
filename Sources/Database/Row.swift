// SPDX-License-Identifier: Apache-2.0
/// The cells of a statement's current row, by column index from 0.
public protocol Cells: AnyObject {
    /// Whether the cell is NULL.
    func isNull(_ column: Int) -> Bool
    /// The cell as an integer; 0 for NULL.
    func integer(_ column: Int) -> Int64
    /// The cell as text; empty for NULL.
    func text(_ column: Int) -> String
    /// The bytes of the cell, valid until the statement is advanced or reset; none for NULL.
    func bytes(_ column: Int) -> UnsafeRawBufferPointer
}

/// A row of a result, read column by column from the left. Valid only inside the closure that it is passed to.
public struct Row {
    @usableFromInline let cells: any Cells
    @usableFromInline var column = 0

    /// Creates a row that starts at the first column of these cells.
    @inlinable
    public init(_ cells: any Cells) { self.cells = cells }

    /// Returns the next column as an integer; 0 for NULL.
    @inlinable
    public mutating func integer() -> Int64 { cells.integer(next()) }

    /// Returns the next column as an integer; `nil` for NULL.
    @inlinable
    public mutating func optionalInteger() -> Int64? {
        let column = next()
        return cells.isNull(column) ? nil : cells.integer(column)
    }

    /// Returns the next column as a Boolean; `false` for 0 and NULL.
    @inlinable
    public mutating func bool() -> Bool { integer() != 0 }

    /// Returns the next column as text; empty for NULL.
    @inlinable
    public mutating func text() -> String { cells.text(next()) }

    /// Returns the next column as text; `nil` for NULL.
    @inlinable
    public mutating func optionalText() -> String? {
        let column = next()
        return cells.isNull(column) ? nil : cells.text(column)
    }

    /// Calls `body` with the bytes of the next column, valid only inside it; none for NULL.
    @inlinable
    public mutating func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(cells.bytes(next()))
    }

    /// Returns the next column as bytes; `nil` for NULL.
    @inlinable
    public mutating func optionalBytes() -> [UInt8]? {
        let column = next()
        return cells.isNull(column) ? nil : [UInt8](cells.bytes(column))
    }

    @inlinable
    mutating func next() -> Int {
        defer { column += 1 }
        return column
    }
}
