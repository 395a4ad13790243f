// SPDX-License-Identifier: Apache-2.0
/// The SQL that differs between engines; all other SQL is common to them. Closures take and return SQL expressions.
public final class Dialect: Sendable {
    /// Statement that begins a read-only transaction on a snapshot.
    public let beginReading: String
    /// Name of the function that returns the greatest of its arguments.
    public let greatest: String
    /// Name of the function that returns the least of its arguments.
    public let least: String
    /// Expression for the number of bytes of a text.
    public let byteCount: @Sendable (_ text: String) -> String
    /// Condition that a blob contains the bytes of a text.
    public let contains: @Sendable (_ bytes: String, _ text: String) -> String
    /// Expression for a blob as upper-case hexadecimal digits.
    public let hexadecimal: @Sendable (_ bytes: String) -> String
    /// Table expression with a row (column `value`) for each string of a JSON array.
    public let items: @Sendable (_ list: String) -> String

    /// Condition that finds one row of a table by the last column of a key, and a condition for those before it. Where a server keeps
    /// several versions of a row, its cost does not grow with them.
    public let newestRow:
        @Sendable (_ table: String, _ before: String, _ column: String, _ value: String) -> String

    /// Creates a dialect with these members.
    public init(
        beginReading: String, greatest: String, least: String,
        byteCount: @escaping @Sendable (String) -> String,
        contains: @escaping @Sendable (String, String) -> String,
        hexadecimal: @escaping @Sendable (String) -> String, items: @escaping @Sendable (String) -> String,
        newestRow: @escaping @Sendable (String, String, String, String) -> String
    ) {
        (self.beginReading, self.greatest, self.least) = (beginReading, greatest, least)
        (self.byteCount, self.contains, self.hexadecimal) = (byteCount, contains, hexadecimal)
        (self.items, self.newestRow) = (items, newestRow)
    }
}
