// SPDX-License-Identifier: Apache-2.0
public import Database

extension Dialect {
    /// PostgreSQL's dialect.
    public static let postgres = Dialect(
        beginReading: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", greatest: "greatest", least: "least",
        byteCount: { "octet_length(\($0))" },
        contains: { "position(convert_to(\($1), 'UTF8') IN \($0)) > 0" },
        hexadecimal: { "upper(encode(\($0), 'hex'))" },
        items: { "json_array_elements_text(CAST(\($0) AS json)) AS items (value)" },
        // All versions that any snapshot can see are in the index. The newest is mostly the last one, and a scan of a range can begin there.
        newestRow: { table, before, column, value in
            """
            ctid = (SELECT ctid FROM \(table) WHERE \(before) AND \(column) >= \(value) AND \(column) <= \(value)
            ORDER BY \(column) DESC LIMIT 1)
            """
        })
}
