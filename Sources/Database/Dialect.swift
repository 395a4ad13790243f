// SPDX-License-Identifier: Apache-2.0
/// How an engine says what engines say differently; all other SQL is the same for each.
public final class Dialect: Sendable {
    /// Begins a transaction that sees one state of the database to its end, and only reads.
    public let beginReading: String
    /// The function that gives the greatest of its arguments.
    public let greatest: String
    /// The function that gives the least of its arguments.
    public let least: String
    /// The number of bytes of a text.
    public let byteCount: @Sendable (_ text: String) -> String
    /// Whether bytes hold those of a text.
    public let contains: @Sendable (_ bytes: String, _ text: String) -> String
    /// Bytes as hexadecimal digits in capitals.
    public let hexadecimal: @Sendable (_ bytes: String) -> String
    /// Gives a row, `value`, for each text of a list that is kept as a JSON array.
    public let items: @Sendable (_ list: String) -> String
    /// The key by which a tag is compared with others.
    public let tagKey: @Sendable (_ tag: String) -> String

    /// A dialect, all members given.
    public init(
        beginReading: String, greatest: String, least: String,
        byteCount: @escaping @Sendable (String) -> String,
        contains: @escaping @Sendable (String, String) -> String,
        hexadecimal: @escaping @Sendable (String) -> String, items: @escaping @Sendable (String) -> String,
        tagKey: @escaping @Sendable (String) -> String
    ) {
        (self.beginReading, self.greatest, self.least) = (beginReading, greatest, least)
        (self.byteCount, self.contains, self.hexadecimal) = (byteCount, contains, hexadecimal)
        (self.items, self.tagKey) = (items, tagKey)
    }
}
