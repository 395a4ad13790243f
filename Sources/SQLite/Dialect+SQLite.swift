// SPDX-License-Identifier: Apache-2.0
public import Database

extension Dialect {
    /// SQLite's dialect.
    public static let sqlite = Dialect(
        beginReading: "BEGIN", greatest: "max", least: "min", byteCount: { "length(CAST(\($0) AS BLOB))" },
        contains: { "instr(\($0), CAST(\($1) AS BLOB))" }, hexadecimal: { "hex(\($0))" },
        items: { "json_each(\($0))" },
        newestRow: { _, before, column, value in "\(before) AND \(column) = \(value)" })
}
