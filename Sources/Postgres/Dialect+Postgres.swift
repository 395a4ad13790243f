// SPDX-License-Identifier: Apache-2.0
public import Database

extension Dialect {
    /// PostgreSQL's dialect.
    public static let postgres = Dialect(
        beginReading: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", greatest: "greatest", least: "least",
        byteCount: { "octet_length(\($0))" },
        contains: { "position(convert_to(\($1), 'UTF8') IN \($0)) > 0" },
        hexadecimal: { "upper(encode(\($0), 'hex'))" },
        items: { "json_array_elements_text(CAST(\($0) AS json)) AS items (value)" })
}
