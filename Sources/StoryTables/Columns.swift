// SPDX-License-Identifier: Apache-2.0
public import Database
public import Stories

// How values of the domain are stored in columns.

extension Identifier: BindableValue {
    /// A blob.
    public static var kind: Value.Kind { .bytes }
    /// The sixteen bytes of the identifier.
    public var value: Value { .sixteenBytes(high: high, low: low) }
}

extension Timestamp: BindableValue {
    /// An integer.
    public static var kind: Value.Kind { .integer }
    /// Milliseconds since 1970.
    public var value: Value { .integer(milliseconds) }
}

extension Int64 {
    /// Returns the successor of a number read from the database. Overflow is checked, because stored data may have been damaged by another
    /// program; the error names the column.
    func storedSuccessor(_ column: String) throws(StoryError) -> Int64 {
        let (next, overflow) = addingReportingOverflow(1)
        guard !overflow, next > 0 else { throw .storage(.corrupt("\(column) is \(self)")) }
        return next
    }
}

extension Row {
    mutating func identifier() -> Identifier {
        optionalIdentifier() ?? Identifier(high: 0, low: 0)
    }

    mutating func optionalIdentifier() -> Identifier? {
        withBytes { bytes in
            guard bytes.count == 16 else { return nil }
            return Identifier(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    mutating func timestamp() -> Timestamp {
        Timestamp(milliseconds: integer())
    }

    mutating func optionalTimestamp() -> Timestamp? {
        optionalInteger().map(Timestamp.init(milliseconds:))
    }
}
